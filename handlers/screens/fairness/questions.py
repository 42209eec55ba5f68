"""Questions as workers read them: before one is asked, its answer, a project's FAQ."""

from html import escape

from domain.fairness.messages.questions import (
    Faq,
    FaqEntry,
    FaqNews,
    QuestionAnswered,
    QuestionDismissed,
    QuestionDropped,
    QuestionSent,
    QuestionWanted,
)
from domain.fairness.questions import LONGEST, LONGEST_ANSWER
from handlers.payloads.fairness import AskQuestion, DropQuestion, ShowFaq
from handlers.payloads.work import AskForWork
from handlers.screens.layout.fitting import ROWS, clipped, filled, shortened
from handlers.screens.layout.task_text import quoted
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

NAMED = 60  # characters of a title
ASKED, SAID = 200, 600  # characters of a question and of an answer among others


@shows(QuestionWanted)
def wanted(m: QuestionWanted, t: Translator) -> Screen:
    back = Button(t.plain("↩️ Don't ask"), DropQuestion().pack())
    known = (Button(t.plain("📖 All questions ({count})", count=t.number(m.entries)), faq_of(m.project)),)
    return Screen(
        lines(
            t("❓ <b>{title}</b>", title=clipped(m.title, NAMED)),
            quoted(m.about),
            t("<b>Already asked by others:</b>") if m.latest else None,
            *(answered(entry, t) for entry in m.latest),
            t("✏️ <b>Write your question to me, in one message.</b>"),
            t("The requester reads it without your name; with the answer, everybody at work there does, too."),
            t("Your task stays yours meanwhile."),
        ),
        ((known, (back,)) if m.entries > len(m.latest) else ((back,),)),
    )


def faq_of(project: int) -> str:
    return ShowFaq(project=project).pack()


def answered(entry: FaqEntry, t: Translator, said: int = SAID, asks: int = ASKED) -> Html:
    """A question and its answer, folded where they are long."""
    asked = Html(escape(clipped(entry.asked, asks), quote=False)) if entry.asked else t("(question erased)")
    answer = escape(clipped(entry.answer, said), quote=False)
    return Html(f"<blockquote expandable><b>{entry.number}. {asked}</b>\n{answer}</blockquote>")


@shows(QuestionDropped)
def dropped(m: QuestionDropped, t: Translator) -> Screen:
    return Screen(t("❓ Nothing was asked."), ((_task(t),),))


def _task(t: Translator) -> Button:
    return Button(t.plain("▶️ My task"), AskForWork().pack())


@shows(QuestionSent)
def sent(m: QuestionSent, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❓ <b>{title}</b>: your question is sent.", title=clipped(m.title, NAMED)),
            quoted(m.words),
            t("The answer comes to you here. Everybody at work there reads both, without your name."),
            t(
                "If there is none in {hours} hours, the project asks nobody any more until there is one.",
                hours=t.number(m.hours),
            )
            if m.hours
            else None,
            t("Your task can be answered now or skipped: neither is held against you.") if m.in_hand else None,
        ),
        ((_task(t),),) if m.in_hand else (),
    )


@shows(QuestionAnswered)
def answer(m: QuestionAnswered, t: Translator) -> Screen:
    more = Button(t.plain("📖 All questions"), faq_of(m.project))
    return Screen(
        lines(
            t("💬 <b>{title}</b>: your question is answered.", title=clipped(m.title, NAMED)),
            quoted(clipped(m.words, ASKED)),
            quoted(m.answer),
        ),
        ((_task(t), more),),
    )


@shows(FaqNews)
def news(m: FaqNews, t: Translator) -> Screen:
    more = Button(t.plain("📖 All questions"), faq_of(m.project))
    head = t.n(
        "💬 <b>{title}</b>: the requester answered a question.",
        "💬 <b>{title}</b>: the requester answered {count} questions.",
        len(m.entries),
        title=clipped(m.title, NAMED),
    )
    return Screen(lines(head, *(answered(entry, t) for entry in m.entries)), ((more,),), silent=True)


@shows(Faq)
def faq(m: Faq, t: Translator) -> Screen:
    rows, before = _page(m, t)
    ask = Button(t.plain("❓ Ask"), AskQuestion().pack())
    older = Button(t.plain("▶️ Older ones"), ShowFaq(project=m.project, before=before).pack())
    buttons = (*((older,) if before else ()), *((ask,) if m.asks else ()))
    head = t("📖 <b>{title}</b>: questions and answers", title=clipped(m.title, NAMED))
    none = t("Nothing was asked here yet.") if not (m.total or m.waiting) else None
    waits = t.n("{count} question waits for an answer.", "{count} questions wait for an answer.", m.waiting)
    rests = t("No tasks of this project come until the requester has answered.") if m.rests else None
    return Screen(lines(head, none, *rows, waits if m.waiting else None, rests), (buttons,) if buttons else ())


def _page(m: Faq, t: Translator) -> tuple[list[Html], int]:
    """As many entries as have room whole, at least one, and the last of them, which the next page begins behind."""
    whole = [answered(entry, t, LONGEST_ANSWER, LONGEST) for entry in m.entries]
    rows, are_all = filled(whole, ROWS)
    rows = rows or [Html(shortened(each, ROWS)) for each in whole[:1]]
    if are_all or len(rows) == len(whole):
        return rows, m.before
    return rows, m.entries[len(rows) - 1].number


@shows(QuestionDismissed)
def dismissed(m: QuestionDismissed, t: Translator) -> Screen:
    return Screen(
        lines(
            t("❓ <b>{title}</b>: your question will not be answered.", title=clipped(m.title, NAMED)),
            quoted(clipped(m.words, ASKED)),
            t(
                "The requester reported it, and somebody who runs this bot has read it: it was found to be abuse. "
                "Nothing else follows. You may ask again, in other words: /ask"
            ),
        )
    )
