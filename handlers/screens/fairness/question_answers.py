"""Questions as requesters read them, and the reported ones as an admin does."""

from domain.fairness.messages.questions import (
    AnswerPublished,
    AnswerWanted,
    NoQuestions,
    ProjectAwaitsAnswer,
    QuestionAsked,
    QuestionClosed,
    QuestionReported,
    QuestionToJudge,
    ReportJudged,
    StandingAnswers,
)
from handlers.payloads.fairness import (
    AnswerByEntry,
    AnswerQuestion,
    ChooseStanding,
    JudgeReport,
    ReportQuestion,
    ShowQuestion,
)
from handlers.screens.fairness.questions import ASKED, NAMED, answered, faq_of
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.task_text import quoted
from handlers.screens.screen import Button, Keyboard, Screen, in_rows, lines, shows
from locales import Html, Translator

IN_A_ROW = 4  # buttons
BRIEF = 200  # characters of an answer that is chosen among others


@shows(QuestionAsked)
def asked(m: QuestionAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏰ <b>A question has waited for a day.</b>") if m.reminds else None,
            t("❓ <b>{title}</b>: a question from {worker}", title=clipped(m.title, NAMED), worker=m.worker),
            quoted(m.words),
            t("About task {row}: <i>{about}</i>", row=clipped(m.row, NAMED), about=m.about),
            t("↩️ <b>Reply to this message with your answer.</b> Everybody at work there reads it."),
            None
            if m.ended
            else t("Without an answer by {time}, nobody is asked any more until there is one.", time=t.time(m.due)),
        ),
        _ways(m, t),
    )


def _ways(m: QuestionAsked, t: Translator) -> Keyboard:
    write = Button(t.plain("✏️ Answer"), AnswerQuestion(question=m.question).pack(), style="success")
    known = Button(t.plain("📖 Answered before"), ChooseStanding(question=m.question).pack())
    abuse = Button(t.plain("🚩 Abuse"), ReportQuestion(question=m.question).pack())
    first = (write, known) if m.standing else (write,)
    return (first,) if m.report else (first, (abuse,))


@shows(QuestionClosed)
def closed(m: QuestionClosed, t: Translator) -> Screen:
    said = (
        quoted(m.answer)
        if m.answer is not None
        else t("🚩 Found to be abuse: no answer is needed.")
        if m.dismissed
        else t("The worker has left: no answer is needed.")
    )
    head = t("✅ <b>{title}</b>", title=clipped(m.title, NAMED))
    return Screen(lines(head, quoted(clipped(m.words, ASKED)) if m.words else None, said))


@shows(AnswerWanted)
def answer_wanted(m: AnswerWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❓ <b>{title}</b>", title=clipped(m.title, NAMED)),
            quoted(clipped(m.words, ASKED)),
            t("✏️ <b>Write your answer to me, in one message.</b>"),
            t("Everybody at work there reads it, and it stays among the project's answers."),
        )
    )


@shows(StandingAnswers)
def standing(m: StandingAnswers, t: Translator) -> Screen:
    keys = [Button(str(each.number), _by(m.question, each.number)) for each in m.entries]
    rows = in_rows(keys, IN_A_ROW)
    known = (answered(each, t, BRIEF) for each in m.entries)
    asks = t("<b>Which answer is it?</b> The asker gets it.")
    return Screen(lines(quoted(clipped(m.words, ASKED)), *known, asks), rows)


def _by(question: int, entry: int) -> str:
    return AnswerByEntry(question=question, entry=entry).pack()


@shows(AnswerPublished)
def published(m: AnswerPublished, t: Translator) -> Screen:
    go_on = Button(t.plain("❓ Next question"), ShowQuestion(project=m.project).pack())
    every = Button(t.plain("📖 All questions"), faq_of(m.project))
    return Screen(
        lines(
            t("✅ <b>{title}</b>: answered.", title=clipped(m.title, NAMED)),
            t("The asker has it.") if m.standing else t("Everybody at work there reads it. It stays in the list."),
            t("▶️ People are asked again.") if m.resumed else None,
            waiting(m.left, t),
        ),
        ((go_on,), (every,)) if m.left else ((every,),),
    )


def waiting(count: int, t: Translator) -> Html | None:
    """How many questions wait, if any."""
    return t.n("❓ {count} question waits for you.", "❓ {count} questions wait for you.", count) if count else None


@shows(NoQuestions)
def none(m: NoQuestions, t: Translator) -> Screen:
    every = Button(t.plain("📖 All questions"), faq_of(m.project))
    return Screen(t("✨ <b>{title}</b>: no question waits for you.", title=clipped(m.title, NAMED)), ((every,),))


@shows(ProjectAwaitsAnswer)
def awaits(m: ProjectAwaitsAnswer, t: Translator) -> Screen:
    go = Button(t.plain("❓ Answer now"), ShowQuestion(project=m.project).pack(), style="success")
    return Screen(
        lines(
            t("⏸ <b>{title}</b> is paused.", title=clipped(m.title, NAMED)),
            t.n(
                "{count} question has had no answer for {hours} hours:",
                "{count} questions have had no answer for {hours} hours:",
                m.waiting,
                hours=t.number(m.hours),
            ),
            quoted(clipped(m.words, ASKED)),
            t("Nobody is asked until you answer. Then it goes on by itself."),
        ),
        ((go,),),
    )


@shows(QuestionReported)
def reported(m: QuestionReported, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🚩 <b>{title}</b>: somebody who runs this bot reads the question.", title=clipped(m.title, NAMED)),
            t("Until they agree, it still waits for your answer."),
        )
    )


@shows(QuestionToJudge)
def to_judge(m: QuestionToJudge, t: Translator) -> Screen:
    yes, no = (JudgeReport(question=m.question, abuse=abuse).pack() for abuse in (True, False))
    return Screen(
        lines(
            t(
                "🚩 <b>{number}: {title}</b>: {who} calls a question abuse.",
                number=m.project,
                title=clipped(m.title, NAMED),
                who=m.who,
            ),
            t("Asked by {worker}, about: <i>{about}</i>", worker=m.worker, about=m.about),
            quoted(m.words),
            t.n(
                "{count} earlier question of theirs was abuse.",
                "{count} earlier questions of theirs were abuse.",
                m.dismissed,
            )
            if m.dismissed
            else None,
            t("Abuse needs no answer. Every other question does."),
        ),
        ((Button(t.plain("❓ It needs an answer"), no),), (Button(t.plain("🚩 It is abuse"), yes, style="danger"),)),
    )


@shows(ReportJudged)
def judged(m: ReportJudged, t: Translator) -> Screen:
    head = t("🚩 <b>{title}</b>", title=clipped(m.title, NAMED))
    said = (
        t("Somebody read the question: it is abuse. It needs no answer.")
        if m.abuse
        else t("Somebody read the question: it is no abuse. Please answer it.")
    )
    return Screen(lines(head, quoted(clipped(m.words, ASKED)), said))
