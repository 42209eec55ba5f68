"""Screens of top-ups to the wage floor, and of the money that a requester must add for them."""

from __future__ import annotations

from domain.money.funds import DebtPaid, RestEnded
from domain.money.topups import REST_DAYS, PayLifted, ReserveMissing, TopupPaid
from domain.people.accounts import REQUESTER
from handlers.payload import Number, Payload
from handlers.projects import launches
from handlers.routing import Route
from handlers.screen import Button, Screen, lines, operation_line, shows
from locales.translator import Translator
from services.money import topups


class PayDebt(Payload, code="pd"):
    """Button that pays what an ended project owes its workers; it names so many millionths."""

    number: Number
    amount: Number


@shows(TopupPaid)
def topup_notice(m: TopupPaid, t: Translator) -> Screen:
    text = t.n(
        "⏱ <b>{title}</b> took longer than announced, so it pays more: <b>+{amount}</b> for {count} answer.",
        "⏱ <b>{title}</b> took longer than announced, so it pays more: <b>+{amount}</b> for {count} answers.",
        m.answers,
        title=m.title,
        amount=t.money(m.amount, m.currency),
    )
    return Screen(lines(text, operation_line(m.operation, t)))


@shows(ReserveMissing)
def reserve_request(m: ReserveMissing, t: Translator) -> Screen:
    """Asks for more reserve: answers take so long that the reserve cannot lift the pay to the floor."""
    add_button = Button(t.plain("▶️ Add it and go on"), launches.LaunchShown.wire(m.number, m.missing), style="success")
    return Screen(
        lines(
            t("⏸ <b>{title}</b> is paused.", title=m.title),
            t(
                "An answer takes {seconds} s; {expected} s were expected. Nobody works here for less than the minimum.",
                seconds=t.number(round(m.seconds, 1)),
                expected=t.number(round(m.expected, 1)),
            ),
            t(
                "<b>{missing}</b> more would carry it to its end; what is not needed comes back. Add it with /launch_{number}, or end here with /stop_{number}.",
                missing=t.money(m.missing, m.currency),
                number=m.number,
            ),
            t.n(
                "Without it the project ends in {count} day.", "Without it the project ends in {count} days.", REST_DAYS
            ),
        ),
        ((add_button,),),
    )


@shows(RestEnded)
def rest_ended_notice(m: RestEnded, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⏹ <b>{title}</b> has ended.", title=m.title),
            t.n(
                "It was paused for {count} day without the money that its workers' pay needs.",
                "It was paused for {count} days without the money that its workers' pay needs.",
                m.days,
            ),
            t(
                "{returned} came back to you. /launch_{number} goes on with what is left.",
                returned=t.money(m.returned, m.currency),
                number=m.number,
            ),
        )
    )


@shows(PayLifted)
def debt_request(m: PayLifted, t: Translator) -> Screen:
    """Asks for what an ended project owes its workers, since tasks took longer than was set aside for."""
    taken_money, owed_money = t.money(m.taken, m.currency), t.money(m.left, m.currency)
    pay_button = Button(t.plain("💶 Pay {left}", left=owed_money), PayDebt.wire(m.number, m.left), style="success")
    return Screen(
        lines(
            t("🛟 <b>{title}</b> took longer than expected.", title=m.title),
            t("{taken} of what you have free lifted its workers' pay to the minimum per hour.", taken=taken_money)
            if m.taken
            else None,
            t(
                "Its workers are still owed {left} up to the minimum per hour. Until you pay it, here or with /launch_{number}, your next launch includes it.",
                left=owed_money,
                number=m.number,
            )
            if m.left
            else None,
        ),
        ((pay_button,),) if m.left else (),
    )


@shows(DebtPaid)
def debt_receipt(m: DebtPaid, t: Translator) -> Screen:
    paid = t.money(m.amount, m.currency)
    return Screen(t("✅ The workers of <b>{title}</b> have got the {paid} they were owed.", title=m.title, paid=paid))


ROUTES = (Route(PayDebt, REQUESTER, topups.pay_debt_by_button),)
