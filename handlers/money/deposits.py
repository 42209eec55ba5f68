"""Screens and commands of deposits and refunds, for the admin who records them and the requester who is told."""

from __future__ import annotations

from domain.money.deposits import DepositRecorded, FundsDeposited, FundsRefunded, RefundRecorded
from domain.money.funds import PayGivenBack
from domain.people.accounts import ADMIN
from handlers.payload import Payload, Words
from handlers.routing import Route
from handlers.screen import Screen, lines, operation_line, shows, team_line
from locales.translator import Html, Translator
from services.money import deposits


class Deposit(Payload):
    """`/deposit`: `amount` as it was typed, with or without a currency's sign."""

    who: str = ""
    amount: str = ""
    reference: Words = ""


class Refund(Payload):
    who: str = ""
    amount: str = ""
    reference: Words = ""


BookedMessage = DepositRecorded | RefundRecorded | FundsDeposited | FundsRefunded


@shows(DepositRecorded)
def deposit_receipt(m: DepositRecorded, t: Translator) -> Screen:
    amount = t.money(m.amount, m.currency)
    return Screen(
        lines(
            t("🏦 <b>{amount}</b> recorded for {who}.", amount=amount, who=m.who),
            t("They have {available} free now.", available=t.money(m.available, m.currency)),
            *_reference_lines(m, t),
            None if m.met else t("⚠️ This person has not written to the bot yet. Please check the id."),
        )
    )


@shows(RefundRecorded)
def refund_receipt(m: RefundRecorded, t: Translator) -> Screen:
    amount = t.money(m.amount, m.currency)
    return Screen(
        lines(
            t("🏦 <b>{amount}</b> back to {who}, recorded.", amount=amount, who=m.who),
            t("They have {available} free now.", available=t.money(m.available, m.currency)),
            *_reference_lines(m, t),
        )
    )


@shows(FundsDeposited)
def deposit_notice(m: FundsDeposited, t: Translator) -> Screen:
    money = {"amount": t.money(m.amount, m.currency), "available": t.money(m.available, m.currency)}
    text = t("🏦 <b>{amount}</b> arrived. You have {available} free.", **money)
    return Screen(lines(text, team_line(m.team, t), *_reference_lines(m, t)))


@shows(FundsRefunded)
def refund_notice(m: FundsRefunded, t: Translator) -> Screen:
    money = {"amount": t.money(m.amount, m.currency), "available": t.money(m.available, m.currency)}
    text = t("🏦 <b>{amount}</b> of your funds was sent back to you. You have {available} free.", **money)
    return Screen(lines(text, team_line(m.team, t), *_reference_lines(m, t)))


@shows(PayGivenBack)
def pay_given_back_notice(m: PayGivenBack, t: Translator) -> Screen:
    money = {"amount": t.money(m.amount, m.currency), "available": t.money(m.available, m.currency)}
    text = t(
        "↩️ <b>{amount}</b> came back to you: a worker who left gave up pay that came from you, or could not be paid it. You have {available} free.",
        **money,
    )
    return Screen(lines(text, team_line(m.team, t), operation_line(m.operation, t)))


def _reference_lines(m: BookedMessage, t: Translator) -> tuple[Html | None, ...]:
    return t("Reference: {reference}", reference=m.reference) if m.reference else None, operation_line(m.operation, t)


ROUTES = (
    Route(
        Deposit,
        ADMIN,
        deposits.record_deposit,
        command="deposit",
        usage="PERSON AMOUNT [reference]",
        means="record money that reached the bank",
    ),
    Route(
        Refund,
        ADMIN,
        deposits.record_refund,
        command="refund",
        usage="PERSON AMOUNT [reference]",
        means="record unused money that was sent back",
    ),
)
