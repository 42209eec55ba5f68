"""Deposits and refunds, as the admin who records them and the requester read them."""

from domain.money.messages.funds import DepositRecorded, FundsDeposited, FundsRefunded, PayGivenBack, RefundRecorded
from handlers.screens.layout.operation_number import numbered
from handlers.screens.layout.requester_name import team_line
from handlers.screens.screen import Screen, lines, shows
from locales import Html, Translator

Recorded = DepositRecorded | RefundRecorded | FundsDeposited | FundsRefunded


@shows(DepositRecorded)
def deposit_recorded(m: DepositRecorded, t: Translator) -> Screen:
    amount = t.money(m.amount, m.currency)
    return Screen(
        lines(
            t("🏦 <b>{amount}</b> recorded for {who}.", amount=amount, who=m.who),
            t("They have {available} free now.", available=t.money(m.available, m.currency)),
            *_reference(m, t),
            None if m.met else t("⚠️ This person has not written to the bot yet. Please check the id."),
        )
    )


@shows(RefundRecorded)
def refund_recorded(m: RefundRecorded, t: Translator) -> Screen:
    amount = t.money(m.amount, m.currency)
    return Screen(
        lines(
            t("🏦 <b>{amount}</b> back to {who}, recorded.", amount=amount, who=m.who),
            t("They have {available} free now.", available=t.money(m.available, m.currency)),
            *_reference(m, t),
        )
    )


@shows(FundsDeposited)
def funds_deposited(m: FundsDeposited, t: Translator) -> Screen:
    money = {"amount": t.money(m.amount, m.currency), "available": t.money(m.available, m.currency)}
    text = t("🏦 <b>{amount}</b> arrived. You have {available} free.", **money)
    return Screen(lines(text, team_line(m.team, t), *_reference(m, t)))


@shows(FundsRefunded)
def funds_refunded(m: FundsRefunded, t: Translator) -> Screen:
    money = {"amount": t.money(m.amount, m.currency), "available": t.money(m.available, m.currency)}
    text = t("🏦 <b>{amount}</b> of your funds was sent back to you. You have {available} free.", **money)
    return Screen(lines(text, team_line(m.team, t), *_reference(m, t)))


@shows(PayGivenBack)
def pay_given_back(m: PayGivenBack, t: Translator) -> Screen:
    money = {"amount": t.money(m.amount, m.currency), "available": t.money(m.available, m.currency)}
    text = t(
        "↩️ <b>{amount}</b> came back to you: a worker who left gave up pay that came from you, or could not be paid it. You have {available} free.",
        **money,
    )
    return Screen(lines(text, team_line(m.team, t), numbered(m.operation, t)))


def _reference(m: Recorded, t: Translator) -> tuple[Html | None, ...]:
    return t("Reference: {reference}", reference=m.reference) if m.reference else None, numbered(m.operation, t)
