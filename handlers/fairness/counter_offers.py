"""Screens of counter-offers: the question to a worker, the stored amount, and that a raise reached it."""

from __future__ import annotations

from domain.fairness.counter_offers import AmountAwaited, AskedPayReached, CounterOfferKept, PayAsked, PayUnsaid
from domain.people.accounts import WORKER
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import Button, Screen, lines, shows
from handlers.work import offers
from locales.translator import Translator
from services.fairness import counter_offers
from services.work import dispatch


class AskPay(Payload, code="pl"):
    """“Too low”: a worker says which pay would be right."""

    project: Number


class AskOwnAmount(Payload, code="pw"):
    project: Number


class SayPay(Payload, code="py"):
    """`asked` in millionths."""

    project: Number
    asked: Number


class SayNothing(Payload, code="pk"):
    """“Nothing, go back” under the question which pay would be right."""


@shows(PayAsked)
def pay_asked_screen(m: PayAsked, t: Translator) -> Screen:
    rows = [(Button(t.money(step, m.currency), SayPay.wire(m.project, step)),) for step in m.steps]
    return Screen(
        lines(
            t("💶 <b>{title}</b> pays {pay} a task.", title=m.title, pay=t.money(m.pay, m.currency)),
            t("For which pay would you do it? The requester sees how many say so and the middle of it, not who."),
        ),
        (*rows, (Button(t.plain("✏️ Another amount"), AskOwnAmount.wire(m.project)),), (_back_button(t),)),
    )


def _back_button(t: Translator) -> Button:
    return Button(t.plain("↩️ Nothing, go back"), SayNothing().pack())


@shows(PayUnsaid)
def pay_unsaid_screen(m: PayUnsaid, t: Translator) -> Screen:
    return Screen(t("💶 You said nothing about the pay."))


@shows(AmountAwaited)
def amount_awaited_screen(m: AmountAwaited, t: Translator) -> Screen:
    pay = t.money(m.pay, m.currency)
    return Screen(
        t("✏️ <b>{title}</b>: write the pay for one task. It is {pay} now.", title=m.title, pay=pay),
        ((_back_button(t),),),
    )


@shows(CounterOfferKept)
def counter_offer_kept_screen(m: CounterOfferKept, t: Translator) -> Screen:
    return Screen(
        t(
            "✓ <b>{title}</b>: you would do it for {asked}. The requester sees it from five voices on, without names.",
            title=m.title,
            asked=t.money(m.asked, m.currency),
        )
    )


@shows(AskedPayReached)
def asked_pay_reached_screen(m: AskedPayReached, t: Translator) -> Screen:
    back = Button(t.plain("▶️ Take it back"), offers.AcceptAgain.wire(m.project), style="success")
    return Screen(
        t("💶 <b>{title}</b> pays {pay} now: what you asked for.", title=m.title, pay=t.money(m.pay, m.currency)),
        ((back,),),
    )


ROUTES = (
    Route(AskPay, WORKER, dispatch.then_show_options(counter_offers.ask_right_pay)),
    Route(AskOwnAmount, WORKER, counter_offers.ask_own_amount),
    Route(SayPay, WORKER, counter_offers.make_counter_offer),
    Route(SayNothing, WORKER, counter_offers.close_question),
)
