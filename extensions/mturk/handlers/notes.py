"""Words of requesters' programs to workers, and events to requesters."""

from __future__ import annotations

from html import escape

from extensions.mturk.domain.notifications import AnswerFeedback, FormsLost, ProgramEvent, ProgramNote
from handlers.screen import Screen, clipped, lines, shows
from locales.translator import Html, Translator

TITLE = 100


@shows(AnswerFeedback)
def answer_feedback(m: AnswerFeedback, t: Translator) -> Screen:
    return Screen(
        lines(t("✅ Your answer to <b>{title}</b> was accepted.", title=m.title), t("“{words}”", words=m.words))
    )


@shows(ProgramEvent)
def program_event(m: ProgramEvent, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🔔 <b>{event}</b>: {title}", event=m.kind, title=clipped(m.title, TITLE)),
            *(Html(f"<code>{escape(public_id)}</code>") for public_id in (m.hit, m.assignment) if public_id),
        )
    )


@shows(ProgramNote)
def program_note(m: ProgramNote, t: Translator) -> Screen:
    head = t("✉️ A requester you worked for writes: <b>{subject}</b>", subject=m.subject)
    return Screen(lines(head, t("“{words}”", words=m.words)))


@shows(FormsLost)
def forms_lost(m: FormsLost, t: Translator) -> Screen:
    """The requester reads it, and may change the page; the answer is handed in already."""
    title = clipped(m.title, TITLE)
    return Screen(
        lines(
            t("⚠️ <b>{number}: {title}</b>: an answer came without its form.", number=m.project, title=title),
            t(
                "Your page sends its form to www.mturk.com, where nobody takes it. I took note that the worker has"
                " finished; what stood in the form is not here."
            ),
            t(
                "If you need it, let the page send the form to the address in its parameter <code>turkSubmitTo</code>,"
                " followed by <code>/mturk/externalSubmit</code>."
            ),
        )
    )
