"""The bank's statement: deposits and payouts in it, credits of nobody known, and the one button that books."""

from collections.abc import Iterator

from domain.money.messages.bank_statements import (
    Reconciled,
    StatementBooked,
    StatementDeposit,
    StatementPayout,
    StatementRead,
    UnmatchedLine,
)
from handlers.payloads.bank import BookStatement, ListBankLines, TurnStatement
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.money.channels import reason
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator

ROOM = 700  # characters of each list
SAID = 90


@shows(StatementRead)
def statement_read(m: StatementRead, t: Translator) -> Screen:
    """What a press would book, and what is left to a person, page by page."""
    new = [each for each in m.deposits if not each.booked]
    known = len(m.deposits) - len(new) + m.known
    books = bool(new or m.payouts or m.new)
    return Screen(
        lines(
            t("🌍 <b>From Wise</b>") if m.wise else t("🏦 <b>From the bank</b>"),
            t("Nothing is booked yet.") if books else t("Nothing in it is to be booked."),
            *(_deposits(m.currency, new, t) if not m.page else ()),
            *(_payouts(m.payouts, t) if not m.page else ()),
            t("Seen before: {count}.", count=known) if known else None,
            *_left(m, t),
            *reconciled(m.balances, t),
        ),
        (*_turn(m, t), *(((_book(m, new, t),),) if books else ())),
    )


def _turn(m: StatementRead, t: Translator) -> Keyboard:
    pages = ((m.page - 1, "⬅️"), (m.page + 1, "➡️"))
    found = tuple(
        Button(f"{sign} {at + 1}/{m.pages}", TurnStatement(statement=m.statement, page=at).pack())
        for at, sign in pages
        if 0 <= at < m.pages
    )
    return (found,) if found else ()


def reconciled(balances: tuple[Reconciled, ...], t: Translator) -> Iterator[Html | str]:
    """The bank's balance beside the book's."""
    for each in balances:
        yield " "
        yield t(
            "⚖️ Statement: {opening} before, <b>{closing}</b> after ({day})",
            opening=_signed(each.opening, each.currency, t),
            closing=_signed(each.closing, each.currency, t),
            day=each.day,
        )
        booked = _signed(each.booked, each.currency, t)
        if not each.difference:
            yield t("✅ The book says {booked} too.", booked=booked)
        else:
            yield t(
                "❗ The book says {booked}: the difference is <b>{difference}</b>. Either it has what is on no statement yet, or a statement is missing.",
                booked=booked,
                difference=_signed(each.difference, each.currency, t),
            )


def _signed(amount: int, currency: str, t: Translator) -> str:
    return ("−" if amount < 0 else "") + t.money(abs(amount), currency)


def _book(m: StatementRead, new: list[StatementDeposit], t: Translator) -> Button:
    total = t.money(sum(each.amount for each in new), m.currency)
    others = m.payouts or m.unclear_count or m.unmatched_count or not new
    text = t.plain("🏦 Book all of this") if others else t.plain("🏦 Book {total}", total=total)
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
    if of.reason == "clears":
        return t("• {number}: {amount} for {who}, paid twice: one payment has come back", **about)
    if of.paid:
        return t("• {number}: {amount} for {who}", **about)
    return t("• {number}: {amount} for {who}, {reason}", **about, reason=reason(of.reason, False, t))


def _left(m: StatementRead, t: Translator) -> Iterator[Html | str | None]:
    """What needs a person's eyes."""
    if m.unclear:
        yield t("❓ About payouts, and does not fit: {count}", count=m.unclear_count)
        yield from (line_of(each, t) for each in m.unclear)
    if m.unmatched:
        yield t("❓ Not matched: {count}", count=m.unmatched_count)
        yield from (line_of(each, t) for each in m.unmatched)
    if m.new and (m.unclear_count or m.unmatched_count):
        yield t("Once it is booked, their money is kept as unexplained, and /bank asks what each of them is.")


def amount_of(of: UnmatchedLine, t: Translator) -> str:
    """With its sign; as the bank writes it where it is no amount."""
    sign = "−" if of.debit else "+"
    is_money = of.amount and of.currency.isalpha() and len(of.currency) == 3
    return sign + (t.money(of.amount, of.currency) if is_money else f"{clipped(of.written or '?', 20)} {of.currency}")


def line_of(of: UnmatchedLine, t: Translator) -> Html:
    """Amount, day, the bank's reference, whose it is, and why it waits."""
    payout = t.plain("payout {number}", number=of.payout or 0)
    file = t.plain("file {number}", number=of.file or 0)
    about = [of.day, clipped(of.reference, 35), of.payout and payout, of.file and file]
    party = clipped(of.party, SAID)
    facts = " · ".join(str(each) for each in (*about, party) if each)
    return t("• <b>{amount}</b> {facts} ({why})", amount=amount_of(of, t), facts=facts, why=why_of(of, t))


def why_of(of: UnmatchedLine, t: Translator) -> Html:
    """Why a line waits."""
    number = of.payout or 0
    return {
        "number": t("the bank gives it no number of its own"),
        "known": t("booked before, with another amount"),
        "amount": t("the amount differs") if of.payout or of.file else t("its amount is unclear"),
        "reference": t("no reference of ours"),
        "slip": t("a reference of ours with a slip, of nobody here, or two of them: ask the payer"),
        "reversal": t("a reversal"),
        "currency": t("another currency"),
        "typed": t("the same sum was recorded by hand lately"),
        "debit": t("no payout of ours: a charge, or money you took out?"),
        "unknown": t("none of ours"),
        "waiting": t("it is in no file yet"),
        "file": t("it was sent in another file, or another way"),
        "account": t("it left from another account"),
        "handed": t("what was withheld from it was handed on"),
        "failed": t("it was recorded as not paid; did the bank pay it after all? /payouts {number}", number=number),
        "twice": t("paid twice: ask the bank for it back")
        if of.debit
        else t("it has come back once before: ask the bank"),
        "refused": t("debited with its file, though the bank refused it"),
    }[of.why]


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
            t("Whose money it is has been told.") if anything else None,
            t("Nothing was booked: it was recorded before.") if not anything and not m.waiting else None,
            t("Seen before: {count}.", count=m.before) if m.before else None,
            t.n("❓ {count} line waits for you.", "❓ {count} lines wait for you.", m.waiting) if m.waiting else None,
            *reconciled(m.balances, t),
        ),
        ((Button(t.plain("❓ Lines that wait: {count}", count=m.open), ListBankLines().pack()),),) if m.open else (),
    )


def _deposit(of: StatementDeposit, currency: str, t: Translator) -> Html:
    money = t.money(of.amount, currency)
    return t("• <b>{amount}</b> {who} ({reference})", amount=money, who=of.who, reference=of.reference)
