"""Screens of complaints, for the worker who complains and the admins who answer."""

from __future__ import annotations

from domain.fairness.automated import BY_NAME, OTHER
from domain.fairness.cases import (
    AnswerSent,
    ComplaintAnswered,
    ComplaintAnswerWanted,
    ComplaintClosed,
    ComplaintDropped,
    ComplaintLate,
    ComplaintSent,
    ComplaintToAnswer,
    ComplaintWanted,
    MeasureEnded,
    MeasureSpared,
    NoComplaints,
)
from domain.people.accounts import ADMIN, ERASED, WORKER
from handlers import quotations
from handlers.fairness import automated
from handlers.payload import Number, Payload
from handlers.quality import restrictions
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, lines, shows
from locales.translator import Html, Translator
from services.fairness import complaints


class Complain(Payload, code="mc"):
    """Asks for a complaint about a decision of the register by name, or “other”; `subject` is a restriction or a
    project, 0 for neither."""

    about: str = "other"
    subject: Number = 0


class DropComplaint(Payload, code="mx"):
    pass


class ShowComplaints(Payload, code="mq"):
    """The queue of those that wait for an answer."""


class AnswerComplaint(Payload, code="mr"):
    complaint: Number


class SpareWorker(Payload, code="mp"):
    complaint: Number


MAX_TITLE_CHARS = 60  # characters of a title


def _subject_line(decision: str, title: str, t: Translator) -> Html | None:
    if decision == OTHER:
        return None
    if not title:
        return t("About: {what}", what=automated.decision_name(decision, t))
    return t(
        "About: {what}, “{title}”", what=automated.decision_name(decision, t), title=clipped(title, MAX_TITLE_CHARS)
    )


@shows(ComplaintWanted)
def complaint_wanted_screen(m: ComplaintWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✍️ <b>What is wrong? Write it to me in one message.</b>"),
            _subject_line(m.about, m.title, t),
            t("A human reads it, and answers you here within 14 days. You lose nothing by it."),
            t("Whoever runs this bot sees who you are. The requester does not."),
        ),
        ((Button(t.plain("↩️ Nothing, go back"), DropComplaint().pack()),),),
    )


@shows(ComplaintSent)
def complaint_sent_screen(m: ComplaintSent, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✍️ <b>It is with a human.</b> You get an answer by {due}.", due=t.date(m.due)),
            quotations.quote(m.words),
        )
    )


@shows(ComplaintDropped)
def complaint_dropped_screen(m: ComplaintDropped, t: Translator) -> Screen:
    return Screen(t("✍️ Nothing was sent."))


@shows(ComplaintAnswered)
def complaint_answered_screen(m: ComplaintAnswered, t: Translator) -> Screen:
    complain_button_data = Complain(about=m.about if m.about in BY_NAME else OTHER, subject=m.subject).pack()
    return Screen(
        lines(
            t("✍️ <b>A human answers your complaint</b> of {day}:", day=t.date(m.made_at)),
            quotations.quote(m.words),
            t("<b>The answer:</b>"),
            quotations.quote(m.answer),
            t("Do you still disagree? Write again, or ask other workers on the /board: a petition must be answered."),
            t("You may also turn to a labour inspectorate, a union or a court. This bot takes none of that from you."),
        ),
        ((Button(t.plain("✍️ I still disagree"), complain_button_data),),),
    )


@shows(ComplaintLate)
def complaint_late_screen(m: ComplaintLate, t: Translator) -> Screen:
    return Screen(
        lines(
            t("😔 Nobody has answered your complaint of {day} in 14 days.", day=t.date(m.made_at)),
            quotations.quote(m.words),
            t("It stays open, /stats counts it as late, and whoever runs this bot was told again."),
        )
    )


@shows(MeasureEnded)
def measure_ended_screen(m: MeasureEnded, t: Translator) -> Screen:
    return Screen(
        t(
            "✅ <b>{title}</b>: a human looked at it. You are asked like everybody there from now on. /work",
            title=clipped(m.title, MAX_TITLE_CHARS),
        )
    )


@shows(ComplaintToAnswer)
def complaint_to_answer_screen(m: ComplaintToAnswer, t: Translator) -> Screen:
    reminder_line = (
        t.n("It has waited for {count} day.", "It has waited for {count} days.", m.reminds) if m.reminds else None
    )
    is_named = m.who not in ("", ERASED)
    waiting_line = t.n("{count} complaint waits.", "{count} complaints wait.", m.left) if m.left else None
    return Screen(
        lines(
            t("✍️ <b>{who} complains.</b>", who=m.who or "–"),
            _subject_line(m.about, m.title, t),
            quotations.quote(m.words),
            reminder_line,
            waiting_line,
            t("What speaks against them: <code>/audit {who}</code>", who=m.who)
            if m.about != OTHER and is_named
            else None,
            t(
                "<b>Reply to this message</b> with your answer: what you found, why, and what they can do. By {due}.",
                due=t.date(m.due),
            ),
        ),
        (
            (Button(t.plain("✏️ Answer"), AnswerComplaint(complaint=m.complaint).pack()),),
            *_undo_buttons(m, t),
        ),
    )


def _undo_buttons(m: ComplaintToAnswer, t: Translator) -> Keyboard:
    """Button with which an admin undoes the automated decision: lift the restriction, or end the measure; none for
    other complaints."""
    if m.restriction is not None and m.restriction.state == "standing":
        number = m.restriction.restriction
        lift = restrictions.DecideRestriction(restriction=number, lift=True).pack()
        return ((Button(t.plain("✅ Lift {number}", number=number), lift),),)
    if m.spares:
        return ((Button(t.plain("✅ Ask them like everybody there"), SpareWorker(complaint=m.complaint).pack()),),)
    return ()


@shows(NoComplaints)
def no_complaints_screen(_: NoComplaints, t: Translator) -> Screen:
    return Screen(t("✨ No complaint waits for you."))


@shows(ComplaintAnswerWanted)
def complaint_answer_wanted_screen(m: ComplaintAnswerWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✏️ <b>Your answer to {who}, in one message:</b>", who=m.who or "–"),
            quotations.quote(m.words),
            t("Say what you found, why, and what they can do."),
        )
    )


@shows(ComplaintClosed)
def complaint_closed_screen(m: ComplaintClosed, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✅ The complaint of {who} was answered.", who=m.who or "–"),
            quotations.quote(m.words),
            quotations.quote(m.answer),
        )
    )


@shows(AnswerSent)
def answer_sent_screen(m: AnswerSent, t: Translator) -> Screen:
    next_buttons = ((Button(t.plain("👀 Look at the next one"), ShowComplaints().pack()),),) if m.left else ()
    return Screen(t("✅ {who} gets your answer.", who=m.who or "–"), next_buttons)


@shows(MeasureSpared)
def measure_spared_screen(m: MeasureSpared, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "✅ {who} is asked like everybody in “{title}”.",
                who=m.who or "–",
                title=clipped(m.title, MAX_TITLE_CHARS),
            ),
            t("Their complaint still waits for your answer."),
        )
    )


ROUTES = (
    Route(Complain, WORKER, complaints.ask_for_complaint, stays=True),
    Route(DropComplaint, WORKER, complaints.drop_complaint, stays=True),
    Route(ShowComplaints, ADMIN, complaints.show_next_complaint),
    Route(AnswerComplaint, ADMIN, complaints.ask_for_answer),
    Route(SpareWorker, ADMIN, complaints.end_measure),
)
