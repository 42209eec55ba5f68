"""Screens and commands of bonuses, from a requester to a worker."""

from __future__ import annotations

from domain.money.bonus import BonusAsked, BonusesBooked, BonusesListed, BonusGiven, BonusReceived
from domain.people.accounts import REQUESTER
from handlers.payload import Number, Payload, Words
from handlers.routing import Route
from handlers.screen import Button, Screen, lines, operation_line, shows
from locales.translator import Translator
from services.money import bonus


class GiveBonus(Payload):
    """`/bonus`: `who` is a worker, `said` holds the amount and the reason."""

    who: str = ""
    said: Words = ""


class AskForBonus(Payload, code="bo"):
    submission: Number


class BookBonuses(Payload, code="bk"):
    """Button that pays the file of bonuses that was previewed under this number."""

    file: Number


@shows(BonusAsked)
def bonus_prompt(m: BonusAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎁 <b>A bonus for {worker}</b>", worker=m.worker),
            t(
                "Write the amount and why, in one message. For example: <code>0.50 You noticed what others missed.</code>"
            ),
            t("You have {available} free.", available=t.money(m.available, m.currency)),
        )
    )


@shows(BonusGiven)
def bonus_receipt(m: BonusGiven, t: Translator) -> Screen:
    money = {"amount": t.money(m.amount, m.currency), "left": t.money(m.left, m.currency)}
    text = t("🎁 {worker} got {amount} from you. You have {left} free.", worker=m.worker, **money)
    return Screen(lines(text, operation_line(m.operation, t)))


@shows(BonusReceived)
def bonus_notice(m: BonusReceived, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎁 <b>A bonus: {amount}</b>. It is yours at once.", amount=t.money(m.amount, m.currency)),
            t("From a requester you worked for: “{reason}”", reason=m.reason),
            operation_line(m.operation, t),
        )
    )


@shows(BonusesListed)
def bonus_file_preview(m: BonusesListed, t: Translator) -> Screen:
    total, can_pay = t.money(m.total, m.currency), m.total <= m.available
    bonus_count = t.n("{count} bonus", "{count} bonuses", m.count)
    worker_count = t.n("{count} worker", "{count} workers", m.people)
    pay_button = Button(t.plain("🎁 Pay {total}", total=total), BookBonuses(file=m.file).pack(), style="success")
    return Screen(
        lines(
            t("🎁 <b>{rows}, {total} in all</b>, for {people}.", rows=bonus_count, total=total, people=worker_count)
            if m.count
            else t("🎁 Nothing in this file is to be paid."),
            t("Nothing is paid yet. You have {available} free.", available=t.money(m.available, m.currency))
            if m.count
            else None,
            t("{missing} is missing: /fund", missing=t.money(m.total - m.available, m.currency))
            if not can_pay
            else None,
            t.n(
                "{count} row was paid before, word for word, and is left out.",
                "{count} rows were paid before, word for word, and are left out.",
                m.before,
            )
            if m.before
            else None,
        ),
        ((pay_button,),) if m.count and can_pay else (),
    )


@shows(BonusesBooked)
def bonus_file_receipt(m: BonusesBooked, t: Translator) -> Screen:
    money = {"total": t.money(m.total, m.currency), "left": t.money(m.left, m.currency)}
    rows = t.n("{count} bonus", "{count} bonuses", m.count)
    return Screen(t("🎁 Paid: {rows}, {total} in all. Everybody was told. You have {left} free.", rows=rows, **money))


ROUTES = (
    Route(
        GiveBonus,
        REQUESTER,
        bonus.give,
        command="bonus",
        usage="WORKER AMOUNT reason",
        means="thank somebody who worked for you",
    ),
    Route(AskForBonus, REQUESTER, bonus.ask_for_amount),
    Route(BookBonuses, REQUESTER, bonus.book_file),
)
