"""Pay raises: cost, result, and the notice to workers with a task in hand."""

from __future__ import annotations

from domain.people.accounts import REQUESTER
from domain.projects.pay_raises import PayRaised, PayRaiseNews, RaiseOffer
from domain.projects.preflight import MoreAsked, MoreOffer, OfferedMore
from handlers.payload import Number, Payload, Words
from handlers.projects import progress
from handlers.routing import Route
from handlers.screen import Button, Screen, clipped, lines, shows
from locales.translator import Html, Translator
from services.projects import pay_raises


class OfferMore(Payload, code="om"):
    number: Number


class AskMore(Payload, code="amo"):
    """`overlap`: so many answers a task, so that a second press asks for no more."""

    number: Number
    overlap: Number


class OfferRaise(Payload, code="pu"):
    number: Number


class RaisePay(Payload, code="pp"):
    """`pay` in millionths, so that a second press raises nothing."""

    number: Number
    pay: Number


class RaiseTo(Payload):
    """The amount as it was typed: the service knows the currency and reads it."""

    number: Number
    pay: Words


TITLE = 200


@shows(MoreOffer)
def offer_more_answers(m: MoreOffer, t: Translator) -> Screen:
    answers = t.n("{count} answer", "{count} answers", m.overlap)
    rows = [
        (Button(_label(overlap_offer, m.currency, t), AskMore(number=m.number, overlap=overlap_offer.overlap).pack()),)
        for overlap_offer in m.offered
    ]
    return Screen(
        lines(
            t(
                "➕ <b>{number}: {title}</b>: {answers} a task now.",
                number=m.number,
                title=clipped(m.title, TITLE),
                answers=answers,
            ),
            t("How many results are right, as far as can be foretold:") if m.accuracy is not None else None,
            _right(m.overlap, m.accuracy, t),
            *(_right(overlap_offer.overlap, overlap_offer.accuracy, t) for overlap_offer in m.offered),
            t("Every task is asked again, also those that are done. The money is set aside at once."),
        ),
        tuple(rows),
    )


def _label(overlap_offer: OfferedMore, currency: str, t: Translator) -> str:
    return t.plain(
        "{overlap} a task: {cost}", overlap=t.number(overlap_offer.overlap), cost=t.money(overlap_offer.cost, currency)
    )


def _right(overlap: int, accuracy: float | None, t: Translator) -> Html | None:
    if accuracy is None:
        return None
    answers = t.n("{count} answer", "{count} answers", overlap)
    return t("{bar} {share} · {answers}", bar=progress.bar(accuracy), share=t.percent(accuracy), answers=answers)


@shows(MoreAsked)
def show_more_asked(m: MoreAsked, t: Translator) -> Screen:
    answers = t.n("{count} answer", "{count} answers", m.overlap)
    held_more = t.money(m.held, m.currency)
    title = clipped(m.title, TITLE)
    return Screen(
        t(
            "➕ <b>{title}</b>: {answers} a task now. {held} more is set aside.",
            title=title,
            answers=answers,
            held=held_more,
        )
    )


@shows(RaiseOffer)
def offer_raise(m: RaiseOffer, t: Translator) -> Screen:
    rows = []
    for pay_offer in m.offered:
        money = {"pay": t.money(pay_offer.pay, m.currency), "more": t.money(pay_offer.more, m.currency)}
        press = RaisePay(number=m.number, pay=pay_offer.pay)
        label = money["pay"] if m.draft else t.plain("{pay} · sets aside {more}", **money)
        rows.append((Button(label, press.pack()),))
    return Screen(
        lines(
            t("💶 <b>{title}</b> pays {pay} an answer.", title=m.title, pay=t.money(m.pay, m.currency)),
            *_how_to_raise(m, t),
        ),
        tuple(rows),
    )


def _how_to_raise(m: RaiseOffer, t: Translator) -> tuple[Html, ...]:
    if m.draft:
        return (
            t("It has not started: its pay can still go up or down."),
            t("Any other pay: <code>/raise {number} AMOUNT</code>.", number=m.number),
        )
    return (
        t("Raise it to what? All answers still to come are paid the new pay, those in people's hands too."),
        t("Any other pay: <code>/raise {number} AMOUNT</code>. It can't go down again.", number=m.number),
    )


@shows(PayRaised)
def show_pay_raised(m: PayRaised, t: Translator) -> Screen:
    pay, pay_before = t.money(m.pay, m.currency), t.money(m.before, m.currency)
    held_more = t.money(m.held, m.currency)
    return Screen(
        lines(
            t(
                "💶 <b>{title}</b> pays {pay} an answer now, instead of {before}.",
                title=m.title,
                pay=pay,
                before=pay_before,
            ),
            t("{held} more is set aside for the answers still to come, fee included.", held=held_more),
            t("/project_{number} shows how it goes.", number=m.number),
        )
    )


@shows(PayRaiseNews)
def show_raise_news(m: PayRaiseNews, t: Translator) -> Screen:
    return Screen(
        t(
            "💶 <b>{title}</b> pays more now: {pay} instead of {before}, for the task you have, too.",
            title=m.title,
            pay=t.money(m.pay, m.currency),
            before=t.money(m.before, m.currency),
        )
    )


ROUTES = (
    Route(
        OfferRaise,
        REQUESTER,
        pay_raises.offer_raise,
        command="raise",
        usage="N",
        means="raise the pay of a running project",
    ),
    Route(RaiseTo, REQUESTER, pay_raises.raise_to, command="raise", usage="N AMOUNT"),
    Route(OfferMore, REQUESTER, pay_raises.offer_more_answers),
    Route(AskMore, REQUESTER, pay_raises.ask_for_more_answers),
    Route(RaisePay, REQUESTER, pay_raises.raise_pay),
)
