"""Ratings of requesters: a mark a press, the figures, the requester's reply."""

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
    number_of,
)
from domain.people.accounts import REQUESTER, WORKER
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    clipped,
    lines,
    shows,
)
from locales.translator import Html, Translator
from services.fairness import ratings


class Rate(Payload, code="rt"):
    """`marks` given so far, a digit each; 0 begins."""

    project: Number
    marks: Number


class RateWhom(Payload, code="rw"):
    """The requesters a worker may rate."""


class ReplyToRatings(Payload, code="rr"):
    """0 asks for the words, 1 sends those shown, another value drops them."""

    step: Number


NAMED = 24  # characters of a name on a button


@shows(RatingAsked)
def asked(m: RatingAsked, t: Translator) -> Screen:
    """Rings no bell, and is not sent again. Its marks answer the first question."""
    return Screen(
        lines(
            t("⭐ <b>{title}</b>: how was it to work for {name}?", title=m.title, name=m.name),
            t("Four questions, one press each, if you like. They help others choose. Nobody learns that it was you."),
            _asking((), t),
            t("1 is bad, 5 is very good."),
        ),
        _marks(m.project, ()),
        silent=True,
    )


@shows(MarkWanted)
def wanted(m: MarkWanted, t: Translator) -> Screen:
    given = m.given[: len(AXES) - 1]
    back = Button(t.plain("⬅️ Back"), Rate.wire(m.project, number_of(given[:-1])))
    return Screen(
        lines(
            t("⭐ <b>How is it to work for {name}?</b>", name=m.name),
            _given(given, t) or None,
            _asking(given, t),
            t("1 is bad, 5 is very good."),
        ),
        (*_marks(m.project, given), *(((back,),) if given else ())),
    )


@shows(RatingKept)
def kept(m: RatingKept, t: Translator) -> Screen:
    again = Button(t.plain("✏️ Change"), Rate.wire(m.project, 0))
    return Screen(
        lines(
            t("⭐ Thank you. <b>{name}</b>: {marks}", name=m.name, marks=_given(m.marks, t)),
            t("Nobody learns that it was you. Marks are shown from {count} ratings on.", count=SHOWN_FROM),
        ),
        ((again,),),
    )


@shows(RequestersToRate)
def to_rate(m: RequestersToRate, t: Translator) -> Screen:
    if not m.requesters:
        return Screen(
            t("⭐ You can rate who asks once {least} of your answers for them are decided.", least=str(m.least))
        )
    return Screen(
        t("⭐ <b>Whom would you like to rate?</b> Nobody learns that it was you."),
        tuple((rate_button(each, t),) for each in m.requesters),
    )


def rate_button(of: RateableRequester, t: Translator) -> Button:
    name = clipped(of.name, NAMED)
    words = t.plain("⭐ My marks: {name}", name=name) if of.rated else t.plain("⭐ Rate {name}", name=name)
    return Button(words, Rate.wire(of.project, 0))


def rate_whom(t: Translator) -> Button:
    return Button(t.plain("⭐ Rate who asks"), RateWhom.wire())


def figures(of: RequesterRating, t: Translator) -> Html:
    """“⭐ pay 3.9 · fairness 4.2 · clarity 4 · answers 3.1 (24 ratings)”."""
    means = " · ".join(
        f"{_axis(axis, t)} {t.number(round(mean, 1))}" for axis, mean in zip(AXES, of.means, strict=True)
    )
    count = t.n("{count} rating", "{count} ratings", of.count)
    return Html(f"⭐ {means} ({count})")


def in_short(of: RequesterRating, t: Translator) -> Html:
    """“⭐ 3.9 (24)”: the mean of all marks."""
    return Html(f"⭐ {t.number(round(sum(of.means) / len(of.means), 1))} ({t.number(of.count)})")


def reply(of: RequesterRating | None, t: Translator) -> Html | None:
    return t("💬 The requester replies: {words}", words=of.reply) if of and of.reply else None


def _marks(project: int, given: tuple[int, ...]) -> Keyboard:
    """A row under one thumb."""
    marks = range(LOWEST, HIGHEST + 1)
    return (tuple(Button(str(mark), Rate.wire(project, number_of((*given, mark)))) for mark in marks),)


def _asking(given: tuple[int, ...], t: Translator) -> Html:
    step = t("{step} of {steps}", step=len(given) + 1, steps=len(AXES))
    return Html(f"{step} · <b>{_question(AXES[len(given)], t)}</b>")


def _given(marks: tuple[int, ...], t: Translator) -> Html:
    return Html(" · ".join(f"{_axis(axis, t)} {mark}" for axis, mark in zip(AXES, marks, strict=False)))


def _axis(axis: str, t: Translator) -> Html:
    return {"pay": t("pay"), "fairness": t("fairness"), "clarity": t("clarity"), "speed": t("replies")}[axis]


def _question(axis: str, t: Translator) -> Html:
    return {
        "pay": t("Is the pay right for the work?"),
        "fairness": t("Are your answers judged fairly?"),
        "clarity": t("Are the instructions clear?"),
        "speed": t("Are questions answered quickly? Press 3 if you never asked."),
    }[axis]


@shows(ReplyWanted)
def reply_wanted(m: ReplyWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("💬 <b>Your reply to your ratings.</b> Workers read it beside them, before their first task."),
            t("Write it now, at most {most} characters. You can reply once. /cancel leaves it.", most=str(m.longest)),
        )
    )


@shows(ReplyToSend)
def reply_to_send(m: ReplyToSend, t: Translator) -> Screen:
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
def reply_shown(m: ReplyShown, t: Translator) -> Screen:
    return Screen(t("✓ Your reply stands beside your ratings: “{words}”", words=m.words))


@shows(ReplyDropped)
def reply_dropped(_: ReplyDropped, t: Translator) -> Screen:
    return Screen(t("Nothing was sent."))


ROUTES = (
    Route(RateWhom, WORKER, ratings.list_rateable_requesters),
    Route(Rate, WORKER, ratings.rate_requester),
    Route(ReplyToRatings, REQUESTER, ratings.handle_reply_button),
)
