"""Screens of ratings: one mark per press, the figures, the requester's reply."""

from __future__ import annotations

from domain.fairness.ratings import (
    AXES,
    HIGHEST,
    LOWEST,
    SHOWN_FROM,
    MarkWanted,
    RateableRequester,
    RatingAsked,
    RatingKept,
    ReplyDropped,
    ReplyShown,
    ReplyToSend,
    ReplyWanted,
    RequesterRating,
    RequestersToRate,
    number_from_marks,
)
from domain.people.accounts import REQUESTER, WORKER
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, lines, shows
from locales.translator import Html, Translator
from services.fairness import ratings


class Rate(Payload, code="rt"):
    """`marks` given so far, a digit each; 0 begins."""

    project: Number
    marks: Number


class RateWhom(Payload, code="rw"):
    """Lists the requesters whom a worker may rate."""


class ReplyToRatings(Payload, code="rr"):
    """Button of a requester's reply: step 0 asks for the words, 1 sends the words shown, another value drops them."""

    step: Number


MAX_BUTTON_NAME_CHARS = 24  # characters of a name on a button


@shows(RatingAsked)
def rating_asked_screen(m: RatingAsked, t: Translator) -> Screen:
    """Silent request to rate, not sent again; its buttons answer the first question."""
    return Screen(
        lines(
            t("⭐ <b>{title}</b>: how was it to work for {name}?", title=m.title, name=m.name),
            t("Four questions, one press each, if you like. They help others choose. Nobody learns that it was you."),
            _question_line((), t),
            t("1 is bad, 5 is very good."),
        ),
        _mark_buttons(m.project, ()),
        silent=True,
    )


@shows(MarkWanted)
def mark_wanted_screen(m: MarkWanted, t: Translator) -> Screen:
    marks_so_far = m.given[: len(AXES) - 1]
    back = Button(t.plain("⬅️ Back"), Rate.wire(m.project, number_from_marks(marks_so_far[:-1])))
    return Screen(
        lines(
            t("⭐ <b>How is it to work for {name}?</b>", name=m.name),
            _marks_line(marks_so_far, t) or None,
            _question_line(marks_so_far, t),
            t("1 is bad, 5 is very good."),
        ),
        (*_mark_buttons(m.project, marks_so_far), *(((back,),) if marks_so_far else ())),
    )


@shows(RatingKept)
def rating_kept_screen(m: RatingKept, t: Translator) -> Screen:
    change_button = Button(t.plain("✏️ Change"), Rate.wire(m.project, 0))
    return Screen(
        lines(
            t("⭐ Thank you. <b>{name}</b>: {marks}", name=m.name, marks=_marks_line(m.marks, t)),
            t("Nobody learns that it was you. Marks are shown from {count} ratings on.", count=SHOWN_FROM),
        ),
        ((change_button,),),
    )


@shows(RequestersToRate)
def requesters_to_rate_screen(m: RequestersToRate, t: Translator) -> Screen:
    if not m.requesters:
        return Screen(
            t("⭐ You can rate who asks once {least} of your answers for them are decided.", least=str(m.least))
        )
    return Screen(
        t("⭐ <b>Whom would you like to rate?</b> Nobody learns that it was you."),
        tuple((rate_button(requester, t),) for requester in m.requesters),
    )


def rate_button(requester: RateableRequester, t: Translator) -> Button:
    name = clipped(requester.name, MAX_BUTTON_NAME_CHARS)
    words = t.plain("⭐ My marks: {name}", name=name) if requester.rated else t.plain("⭐ Rate {name}", name=name)
    return Button(words, Rate.wire(requester.project, 0))


def rate_requesters_button(t: Translator) -> Button:
    return Button(t.plain("⭐ Rate who asks"), RateWhom.wire())


def rating_line(rating: RequesterRating, t: Translator) -> Html:
    """The means of all marks: “⭐ pay 3.9 · fairness 4.2 · clarity 4 · answers 3.1 (24 ratings)”."""
    means = " · ".join(
        f"{_axis_name(axis, t)} {t.number(round(mean, 1))}" for axis, mean in zip(AXES, rating.means, strict=True)
    )
    count = t.n("{count} rating", "{count} ratings", rating.count)
    return Html(f"⭐ {means} ({count})")


def short_rating(rating: RequesterRating, t: Translator) -> Html:
    """The mean of all marks: “⭐ 3.9 (24)”."""
    return Html(f"⭐ {t.number(round(sum(rating.means) / len(rating.means), 1))} ({t.number(rating.count)})")


def reply_line(rating: RequesterRating | None, t: Translator) -> Html | None:
    return t("💬 The requester replies: {words}", words=rating.reply) if rating and rating.reply else None


def _mark_buttons(project: int, marks_so_far: tuple[int, ...]) -> Keyboard:
    """One row of mark buttons, to be reached with one thumb."""
    marks = range(LOWEST, HIGHEST + 1)
    return (tuple(Button(str(mark), Rate.wire(project, number_from_marks((*marks_so_far, mark)))) for mark in marks),)


def _question_line(marks_so_far: tuple[int, ...], t: Translator) -> Html:
    step = t("{step} of {steps}", step=len(marks_so_far) + 1, steps=len(AXES))
    return Html(f"{step} · <b>{_axis_question(AXES[len(marks_so_far)], t)}</b>")


def _marks_line(marks: tuple[int, ...], t: Translator) -> Html:
    return Html(" · ".join(f"{_axis_name(axis, t)} {mark}" for axis, mark in zip(AXES, marks, strict=False)))


def _axis_name(axis: str, t: Translator) -> Html:
    return {"pay": t("pay"), "fairness": t("fairness"), "clarity": t("clarity"), "speed": t("replies")}[axis]


def _axis_question(axis: str, t: Translator) -> Html:
    return {
        "pay": t("Is the pay right for the work?"),
        "fairness": t("Are your answers judged fairly?"),
        "clarity": t("Are the instructions clear?"),
        "speed": t("Are questions answered quickly? Press 3 if you never asked."),
    }[axis]


@shows(ReplyWanted)
def reply_wanted_screen(m: ReplyWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("💬 <b>Your reply to your ratings.</b> Workers read it beside them, before their first task."),
            t("Write it now, at most {most} characters. You can reply once. /cancel leaves it.", most=str(m.longest)),
        )
    )


@shows(ReplyToSend)
def reply_to_send_screen(m: ReplyToSend, t: Translator) -> Screen:
    return Screen(
        lines(
            t("💬 Workers will read: “{words}”", words=m.words),
            t("It can't be changed later. Write again to replace it."),
        ),
        (
            (Button(t.plain("✓ Show it"), ReplyToRatings.wire(1), style="success"),),
            (Button(t.plain("🗑 Drop it"), ReplyToRatings.wire(2)),),
        ),
    )


@shows(ReplyShown)
def reply_shown_screen(m: ReplyShown, t: Translator) -> Screen:
    return Screen(t("✓ Your reply stands beside your ratings: “{words}”", words=m.words))


@shows(ReplyDropped)
def reply_dropped_screen(_: ReplyDropped, t: Translator) -> Screen:
    return Screen(t("Nothing was sent."))


ROUTES = (
    Route(RateWhom, WORKER, ratings.list_rateable_requesters),
    Route(Rate, WORKER, ratings.rate_requester),
    Route(ReplyToRatings, REQUESTER, ratings.handle_reply_button),
)
