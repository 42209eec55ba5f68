"""Screens of questions: asking one, its answer, a project's FAQ, and reports of questions."""

from __future__ import annotations

from html import escape

from domain.fairness.questions import (
    ANSWER_LIMIT_CHARS,
    QUESTION_LIMIT_CHARS,
    AnswerPublished,
    AnswerWanted,
    Faq,
    FaqEntry,
    FaqNews,
    NoQuestions,
    ProjectAwaitsAnswer,
    QuestionAnswered,
    QuestionAsked,
    QuestionClosed,
    QuestionDismissed,
    QuestionDropped,
    QuestionReported,
    QuestionSent,
    QuestionToJudge,
    QuestionWanted,
    ReportJudged,
    StandingAnswers,
)
from domain.people.accounts import ADMIN, EVERYBODY, REQUESTER, WORKER
from domain.people.teams import Right
from handlers import quotations
from handlers.payload import Number, Payload, Words
from handlers.routing import Route
from handlers.screen import (
    ROWS,
    Button,
    Keyboard,
    Screen,
    clipped,
    lines,
    shorten_html,
    shows,
    take_fitting_rows,
    to_button_rows,
)
from handlers.work import tasks
from locales.translator import Html, Translator
from services.fairness import questions
from services.work import dispatch


class AskQuestion(Payload, code="qq"):
    """Asks a question about a task that the worker was given; 0: the task in hand, or the latest."""

    assignment: Number = 0


class AskInWords(Payload):
    words: Words


class DropQuestion(Payload, code="qd"):
    pass


class AnswerQuestion(Payload, code="qa"):
    question: Number


class ChooseStanding(Payload, code="qs"):
    """Asks which entry of the FAQ answers the question."""

    question: Number


class AnswerByEntry(Payload, code="qe"):
    question: Number
    entry: Number


class ReportQuestion(Payload, code="qr"):
    question: Number


class JudgeReport(Payload, code="qj"):
    """An admin's decision about a reported question: abuse, or to be answered."""

    question: Number
    abuse: bool


class ShowQuestion(Payload, code="qn"):
    """The longest waiting question of a project."""

    project: Number


class ShowFaq(Payload, code="fq"):
    """Entries of a project's FAQ behind `before`; 0 begins with the newest."""

    project: Number
    before: Number = 0


class ShowReportedQuestion(Payload, code="qb"):
    question: Number


MAX_TITLE_CHARS = 60  # characters of a title
MAX_QUESTION_CHARS, MAX_ANSWER_CHARS = 200, 600  # characters of a question and of an answer among others


@shows(QuestionWanted)
def question_wanted_screen(m: QuestionWanted, t: Translator) -> Screen:
    back = Button(t.plain("↩️ Don't ask"), DropQuestion().pack())
    faq_row = (Button(t.plain("📖 All questions ({count})", count=t.number(m.entries)), faq_button_data(m.project)),)
    return Screen(
        lines(
            t("❓ <b>{title}</b>", title=clipped(m.title, MAX_TITLE_CHARS)),
            quotations.quote(m.about),
            t("<b>Already asked by others:</b>") if m.latest else None,
            *(entry_lines(entry, t) for entry in m.latest),
            t("✏️ <b>Write your question to me, in one message.</b>"),
            t("The requester reads it without your name; with the answer, everybody at work there does, too."),
            t("Your task stays yours meanwhile."),
        ),
        ((faq_row, (back,)) if m.entries > len(m.latest) else ((back,),)),
    )


def faq_button_data(project: int) -> str:
    return ShowFaq(project=project).pack()


def entry_lines(
    entry: FaqEntry, t: Translator, answer_chars: int = MAX_ANSWER_CHARS, question_chars: int = MAX_QUESTION_CHARS
) -> Html:
    """An entry of the FAQ, folded if it is long."""
    question_text = (
        Html(escape(clipped(entry.asked, question_chars), quote=False)) if entry.asked else t("(question erased)")
    )
    answer = escape(clipped(entry.answer, answer_chars), quote=False)
    return Html(f"<blockquote expandable><b>{entry.number}. {question_text}</b>\n{answer}</blockquote>")


@shows(QuestionDropped)
def question_dropped_screen(m: QuestionDropped, t: Translator) -> Screen:
    return Screen(t("❓ Nothing was asked."), ((_task_button(t),),))


def _task_button(t: Translator) -> Button:
    return Button(t.plain("▶️ My task"), tasks.AskForWork().pack())


@shows(QuestionSent)
def question_sent_screen(m: QuestionSent, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❓ <b>{title}</b>: your question is sent.", title=clipped(m.title, MAX_TITLE_CHARS)),
            quotations.quote(m.words),
            t("The answer comes to you here. Everybody at work there reads both, without your name."),
            t(
                "If there is none in {hours} hours, the project asks nobody any more until there is one.",
                hours=t.number(m.hours),
            )
            if m.hours
            else None,
            t("Your task can be answered now or skipped: neither is held against you.") if m.in_hand else None,
        ),
        ((_task_button(t),),) if m.in_hand else (),
    )


@shows(QuestionAnswered)
def question_answered_screen(m: QuestionAnswered, t: Translator) -> Screen:
    faq_button = Button(t.plain("📖 All questions"), faq_button_data(m.project))
    return Screen(
        lines(
            t("💬 <b>{title}</b>: your question is answered.", title=clipped(m.title, MAX_TITLE_CHARS)),
            quotations.quote(clipped(m.words, MAX_QUESTION_CHARS)),
            quotations.quote(m.answer),
        ),
        ((_task_button(t), faq_button),),
    )


@shows(FaqNews)
def faq_news_screen(m: FaqNews, t: Translator) -> Screen:
    faq_button = Button(t.plain("📖 All questions"), faq_button_data(m.project))
    head = t.n(
        "💬 <b>{title}</b>: the requester answered a question.",
        "💬 <b>{title}</b>: the requester answered {count} questions.",
        len(m.entries),
        title=clipped(m.title, MAX_TITLE_CHARS),
    )
    return Screen(lines(head, *(entry_lines(entry, t) for entry in m.entries)), ((faq_button,),), silent=True)


@shows(Faq)
def faq_screen(m: Faq, t: Translator) -> Screen:
    rows, before = _fitting_entries(m, t)
    ask = Button(t.plain("❓ Ask"), AskQuestion().pack())
    older = Button(t.plain("▶️ Older ones"), ShowFaq(project=m.project, before=before).pack())
    buttons = (*((older,) if before else ()), *((ask,) if m.asks else ()))
    head = t("📖 <b>{title}</b>: questions and answers", title=clipped(m.title, MAX_TITLE_CHARS))
    none = t("Nothing was asked here yet.") if not (m.total or m.waiting) else None
    waits = t.n("{count} question waits for an answer.", "{count} questions wait for an answer.", m.waiting)
    rests = t("No tasks of this project come until the requester has answered.") if m.rests else None
    return Screen(lines(head, none, *rows, waits if m.waiting else None, rests), (buttons,) if buttons else ())


def _fitting_entries(m: Faq, t: Translator) -> tuple[list[Html], int]:
    """Return the entries that fit whole (at least one) and the entry behind which the next page begins, 0 if there is
    none."""
    whole = [entry_lines(entry, t, ANSWER_LIMIT_CHARS, QUESTION_LIMIT_CHARS) for entry in m.entries]
    rows, are_all = take_fitting_rows(whole, ROWS)
    rows = rows or [Html(shorten_html(entry_html, ROWS)) for entry_html in whole[:1]]
    if are_all or len(rows) == len(whole):
        return rows, m.before
    return rows, m.entries[len(rows) - 1].number


@shows(QuestionDismissed)
def question_dismissed_screen(m: QuestionDismissed, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❓ <b>{title}</b>: your question will not be answered.", title=clipped(m.title, MAX_TITLE_CHARS)),
            quotations.quote(clipped(m.words, MAX_QUESTION_CHARS)),
            t(
                "The requester reported it, and somebody who runs this bot has read it: it was found to be abuse. "
                "Nothing else follows. You may ask again, in other words: /ask"
            ),
        )
    )


BUTTONS_PER_ROW = 4  # buttons
MAX_BRIEF_CHARS = 200  # characters of an answer that is chosen among others


@shows(QuestionAsked)
def question_asked_screen(m: QuestionAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏰ <b>A question has waited for a day.</b>") if m.reminds else None,
            t("❓ <b>{title}</b>: a question from {worker}", title=clipped(m.title, MAX_TITLE_CHARS), worker=m.worker),
            quotations.quote(m.words),
            t("About task {row}: <i>{about}</i>", row=clipped(m.row, MAX_TITLE_CHARS), about=m.about),
            t("↩️ <b>Reply to this message with your answer.</b> Everybody at work there reads it."),
            None
            if m.ended
            else t("Without an answer by {time}, nobody is asked any more until there is one.", time=t.time(m.due)),
        ),
        _answer_buttons(m, t),
    )


def _answer_buttons(m: QuestionAsked, t: Translator) -> Keyboard:
    write = Button(t.plain("✏️ Answer"), AnswerQuestion(question=m.question).pack(), style="success")
    standing_button = Button(t.plain("📖 Answered before"), ChooseStanding(question=m.question).pack())
    abuse = Button(t.plain("🚩 Abuse"), ReportQuestion(question=m.question).pack())
    first_row = (write, standing_button) if m.standing else (write,)
    return (first_row,) if m.report else (first_row, (abuse,))


@shows(QuestionClosed)
def question_closed_screen(m: QuestionClosed, t: Translator) -> Screen:
    outcome_line = (
        quotations.quote(m.answer)
        if m.answer is not None
        else t("🚩 Found to be abuse: no answer is needed.")
        if m.dismissed
        else t("The worker has left: no answer is needed.")
    )
    head = t("✅ <b>{title}</b>", title=clipped(m.title, MAX_TITLE_CHARS))
    return Screen(
        lines(head, quotations.quote(clipped(m.words, MAX_QUESTION_CHARS)) if m.words else None, outcome_line)
    )


@shows(AnswerWanted)
def answer_wanted_screen(m: AnswerWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❓ <b>{title}</b>", title=clipped(m.title, MAX_TITLE_CHARS)),
            quotations.quote(clipped(m.words, MAX_QUESTION_CHARS)),
            t("✏️ <b>Write your answer to me, in one message.</b>"),
            t("Everybody at work there reads it, and it stays among the project's answers."),
        )
    )


@shows(StandingAnswers)
def standing_answers_screen(m: StandingAnswers, t: Translator) -> Screen:
    keys = [Button(str(entry.number), _entry_button_data(m.question, entry.number)) for entry in m.entries]
    rows = to_button_rows(keys, BUTTONS_PER_ROW)
    entry_rows = (entry_lines(entry, t, MAX_BRIEF_CHARS) for entry in m.entries)
    asks = t("<b>Which answer is it?</b> The asker gets it.")
    return Screen(lines(quotations.quote(clipped(m.words, MAX_QUESTION_CHARS)), *entry_rows, asks), rows)


def _entry_button_data(question: int, entry: int) -> str:
    return AnswerByEntry(question=question, entry=entry).pack()


@shows(AnswerPublished)
def answer_published_screen(m: AnswerPublished, t: Translator) -> Screen:
    go_on = Button(t.plain("❓ Next question"), ShowQuestion(project=m.project).pack())
    every = Button(t.plain("📖 All questions"), faq_button_data(m.project))
    return Screen(
        lines(
            t("✅ <b>{title}</b>: answered.", title=clipped(m.title, MAX_TITLE_CHARS)),
            t("The asker has it.") if m.standing else t("Everybody at work there reads it. It stays in the list."),
            t("▶️ People are asked again.") if m.resumed else None,
            waiting_line(m.left, t),
        ),
        ((go_on,), (every,)) if m.left else ((every,),),
    )


def waiting_line(count: int, t: Translator) -> Html | None:
    """Line with the number of waiting questions; None for none."""
    return t.n("❓ {count} question waits for you.", "❓ {count} questions wait for you.", count) if count else None


@shows(NoQuestions)
def no_questions_screen(m: NoQuestions, t: Translator) -> Screen:
    every = Button(t.plain("📖 All questions"), faq_button_data(m.project))
    return Screen(
        t("✨ <b>{title}</b>: no question waits for you.", title=clipped(m.title, MAX_TITLE_CHARS)), ((every,),)
    )


@shows(ProjectAwaitsAnswer)
def project_awaits_answer_screen(m: ProjectAwaitsAnswer, t: Translator) -> Screen:
    go = Button(t.plain("❓ Answer now"), ShowQuestion(project=m.project).pack(), style="success")
    return Screen(
        lines(
            t("⏸ <b>{title}</b> is paused.", title=clipped(m.title, MAX_TITLE_CHARS)),
            t.n(
                "{count} question has had no answer for {hours} hours:",
                "{count} questions have had no answer for {hours} hours:",
                m.waiting,
                hours=t.number(m.hours),
            ),
            quotations.quote(clipped(m.words, MAX_QUESTION_CHARS)),
            t("Nobody is asked until you answer. Then it goes on by itself."),
        ),
        ((go,),),
    )


@shows(QuestionReported)
def question_reported_screen(m: QuestionReported, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "🚩 <b>{title}</b>: somebody who runs this bot reads the question.",
                title=clipped(m.title, MAX_TITLE_CHARS),
            ),
            t("Until they agree, it still waits for your answer."),
        )
    )


@shows(QuestionToJudge)
def question_to_judge_screen(m: QuestionToJudge, t: Translator) -> Screen:
    yes, no = (JudgeReport(question=m.question, abuse=abuse).pack() for abuse in (True, False))
    return Screen(
        lines(
            t(
                "🚩 <b>{number}: {title}</b>: {who} calls a question abuse.",
                number=m.project,
                title=clipped(m.title, MAX_TITLE_CHARS),
                who=m.who,
            ),
            t("Asked by {worker}, about: <i>{about}</i>", worker=m.worker, about=m.about),
            quotations.quote(m.words),
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
def report_judged_screen(m: ReportJudged, t: Translator) -> Screen:
    head = t("🚩 <b>{title}</b>", title=clipped(m.title, MAX_TITLE_CHARS))
    verdict_line = (
        t("Somebody read the question: it is abuse. It needs no answer.")
        if m.abuse
        else t("Somebody read the question: it is no abuse. Please answer it.")
    )
    return Screen(lines(head, quotations.quote(clipped(m.words, MAX_QUESTION_CHARS)), verdict_line))


ROUTES = (
    Route(
        AskInWords,
        WORKER,
        questions.ask_question_in_words,
        command="ask",
        usage="[QUESTION]",
        means="ask the requester about your task",
    ),
    Route(AskQuestion, WORKER, dispatch.then_show_options(questions.ask_for_question), command="ask"),
    Route(DropQuestion, WORKER, questions.drop_question),
    Route(
        ShowFaq,
        EVERYBODY,
        questions.show_faq,
        command="faq",
        usage="N",
        means="questions and answers about a project",
    ),
    Route(AnswerQuestion, REQUESTER, questions.ask_for_answer, right=Right.LOOK),
    Route(ChooseStanding, REQUESTER, questions.choose_standing, right=Right.LOOK),
    Route(AnswerByEntry, REQUESTER, questions.answer_by_entry, right=Right.LOOK),
    Route(ShowQuestion, REQUESTER, questions.show_next_question, right=Right.LOOK),
    Route(ReportQuestion, REQUESTER, questions.report_question, right=Right.LOOK),
    Route(JudgeReport, ADMIN, questions.judge_report),
    Route(ShowReportedQuestion, ADMIN, questions.show_reported_question),
)
