"""Words of requesters' programs to workers."""

from domain.mturk.messages import AnswerFeedback, ProgramNote
from handlers.screens.screen import Screen, lines, shows
from locales import Translator


@shows(AnswerFeedback)
def answer_feedback(m: AnswerFeedback, t: Translator) -> Screen:
    return Screen(
        lines(t("✅ Your answer to <b>{title}</b> was accepted.", title=m.title), t("“{words}”", words=m.words))
    )


@shows(ProgramNote)
def program_note(m: ProgramNote, t: Translator) -> Screen:
    head = t("✉️ A requester you worked for writes: <b>{subject}</b>", subject=m.subject)
    return Screen(lines(head, t("“{words}”", words=m.words)))
