"""The bank's statement: deposits and payouts in it, credits of nobody known, and the one button that books."""

from collections.abc import Iterator

from domain.money.messages.bank_statements import (
    StatementBooked,
    StatementDeposit,
    StatementPayout,
    StatementRead,
    UnmatchedAnswer,
    UnmatchedCredit,
)
from handlers.payloads.money import BookStatement
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.money.channels import reason
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

ROOM = 900  # characters of each list
SAID = 90


@shows(StatementRead)
def statement_read(m: StatementRead, t: Translator) -> Screen:
    new = [each for each in m.deposits if not each.booked]
    known = len(m.deposits) - len(new) + m.known
    return Screen(
        lines(
            t("🌍 <b>From Wise</b>") if m.wise else t("🏦 <b>From the bank</b>"),
            t("Nothing is booked yet.") if new or m.payouts else t("Nothing in it is to be booked."),
            *_deposits(m.currency, new, t),
            *_payouts(m.payouts, t),
            t("Booked before, left alone: {count}.", count=known) if known else None,
            *_left(m, t),
        ),
        ((_book(m, new, t),),) if new or m.payouts else (),
    )


def _book(m: StatementRead, new: list[StatementDeposit], t: Translator) -> Button:
    total = t.money(sum(each.amount for each in new), m.currency)
    text = t.plain("🏦 Book {total}", total=total) if not m.payouts else t.plain("🏦 Book all of this")
    return Button(text, BookStatement(statement=m.statement).pack(), style="success")


def _deposits(currency: str, new: list[StatementDeposit], t: Translator) -> Iterator[Html | str | None]:
    if new:
        total = t.money(sum(each.amount for each in new), currency)
        yield t("Deposits to book: {count}, {total} in all.", count=len(new), total=total)
        yield from fitted((_deposit(each, currency, t) for each in new), t, len(new), room=ROOM)


def _payouts(found: tuple[StatementPayout, ...], t: Translator) -> Iterator[Html | str | None]:
    paid, failed = [each for each in found if each.paid], [each for each in found if not each.paid]
    if paid:
        yield t("✅ Paid: {payouts}", payouts=t.n("{count} payout", "{count} payouts", len(paid)))
        yield from fitted((_payout(each, t) for each in paid), t, len(paid), room=ROOM)
    if failed:
        yield t("↩️ Not paid, or come back: {payouts}", payouts=t.n("{count} payout", "{count} payouts", len(failed)))
        yield from fitted((_payout(each, t) for each in failed), t, len(failed), room=ROOM)


def _payout(of: StatementPayout, t: Translator) -> Html:
    about = {"number": of.payout, "amount": t.money(of.amount, of.currency), "who": clipped(of.who, SAID)}
    if of.paid:
        return t("• {number}: {amount} for {who}", **about)
    return t("• {number}: {amount} for {who}, {reason}", **about, reason=reason(of.reason, False, t))


def _left(m: StatementRead, t: Translator) -> Iterator[Html | str | None]:
    """What needs a person's eyes."""
    if m.unclear:
        yield t("❓ Answers about payouts that do not fit: {count}. See /payouts.", count=len(m.unclear))
        yield from fitted((_unclear(each, t) for each in m.unclear), t, len(m.unclear), room=ROOM)
    if m.unmatched:
        yield t("❓ Not matched: {count}. Record by hand what is a deposit: /deposit", count=len(m.unmatched))
        yield from fitted((_unmatched(each, t) for each in m.unmatched), t, len(m.unmatched), room=ROOM)


def _unclear(of: UnmatchedAnswer, t: Translator) -> Html:
    why = {
        "unknown": t("none of ours"),
        "waiting": t("it is in no file yet"),
        "file": t("it was sent in another file, or another way"),
        "account": t("it left from another account"),
        "amount": t("the amount differs"),
        "handed": t("what was withheld from it was handed on"),
        "failed": t(
            "it was recorded as not paid; if the bank paid it after all: /payouts {number} paid", number=of.number
        ),
    }[of.why]
    if of.whole:
        return t("• File {number}: {why}", number=of.number, why=why)
    return t("• Payout {number}: {why}", number=of.number, why=why)


@shows(StatementBooked)
def statement_booked(m: StatementBooked, t: Translator) -> Screen:
    total = t.money(m.amount, m.currency)
    deposits = t("🏦 Deposits booked: {count}, <b>{total}</b> in all.", count=m.count, total=total)
    anything = m.count or m.paid or m.failed
    return Screen(
        lines(
            deposits if m.count else None,
            t("✅ Paid: {payouts}", payouts=t.n("{count} payout", "{count} payouts", m.paid)) if m.paid else None,
            t("↩️ Not paid: {payouts}", payouts=t.n("{count} payout", "{count} payouts", m.failed))
            if m.failed
            else None,
            t("Whose money it is has been told.") if anything else t("Nothing was booked: it was recorded before."),
            t("Left alone: {count}.", count=m.before) if m.before else None,
            t(
                "Recorded since the list was made: {count}. If one is another payment, record it by hand: /deposit",
                count=m.typed,
            )
            if m.typed
            else None,
        )
    )


def _deposit(of: StatementDeposit, currency: str, t: Translator) -> Html:
    money = t.money(of.amount, currency)
    return t("• <b>{amount}</b> {who} ({reference})", amount=money, who=of.who, reference=of.reference)


def _unmatched(of: UnmatchedCredit, t: Translator) -> Html:
    why = {
        "number": t("the bank gives it no number of its own"),
        "known": t("booked before, with another amount"),
        "amount": t("its amount is unclear"),
        "reference": t("no reference of ours"),
        "slip": t("a reference of ours with a slip, of nobody here, or two of them: ask the payer"),
        "reversal": t("a reversal"),
        "currency": t("another currency"),
        "typed": t("the same sum was recorded for them lately"),
    }[of.why]
    amount = t.money(of.amount, of.currency) if of.amount and of.currency.isalpha() and len(of.currency) == 3 else ""
    return t(
        "• {amount} {payer}: {said} ({why})",
        amount=amount,
        payer=clipped(of.payer, SAID),
        said=clipped(of.said, SAID),
        why=why,
    )
