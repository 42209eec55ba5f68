"""A bank's statement: the deposits in it, what nobody can be given, and the one button that books."""

from domain.money.messages.bank_statements import StatementBooked, StatementDeposit, StatementRead, UnmatchedCredit
from handlers.payloads.money import BookStatement
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

ROOM = 1_700  # characters of each list
SAID = 90


@shows(StatementRead)
def statement_read(m: StatementRead, t: Translator) -> Screen:
    new = [each for each in m.deposits if not each.booked]
    total = t.money(sum(each.amount for each in new), m.currency)
    press = BookStatement(statement=m.statement).pack()
    button = Button(t.plain("🏦 Book {total}", total=total), press, style="success")
    known = len(m.deposits) - len(new)
    return Screen(
        lines(
            t("🏦 <b>Bank statement</b>"),
            t("Deposits to book: {count}, {total} in all. Nothing is booked yet.", count=len(new), total=total),
            *fitted([_deposit(each, m.currency, t) for each in new], t, room=ROOM),
            t("Booked before, left alone: {count}.", count=known) if known else None,
            " " if m.unmatched else None,
            t("❓ Not matched: {count}. Record by hand what is a deposit: /deposit", count=len(m.unmatched))
            if m.unmatched
            else None,
            *fitted([_unmatched(each, t) for each in m.unmatched], t, room=ROOM),
        ),
        ((button,),) if new else (),
    )


@shows(StatementBooked)
def statement_booked(m: StatementBooked, t: Translator) -> Screen:
    return Screen(
        lines(
            t(
                "🏦 Deposits booked: {count}, <b>{total}</b> in all.",
                count=m.count,
                total=t.money(m.amount, m.currency),
            ),
            t("Who sent them has been told."),
            t("Left alone: {count}.", count=m.before) if m.before else None,
        )
    )


def _deposit(of: StatementDeposit, currency: str, t: Translator) -> Html:
    money = t.money(of.amount, currency)
    return t("• <b>{amount}</b> {who} ({reference})", amount=money, who=of.who, reference=of.reference)


def _unmatched(of: UnmatchedCredit, t: Translator) -> Html:
    why = {
        "number": t("the bank gives it no number of its own"),
        "amount": t("its amount is unclear"),
        "reference": t("no reference of ours"),
        "reversal": t("a reversal"),
        "currency": t("another currency"),
        "typed": t("the same sum was recorded by hand lately"),
    }[of.why]
    amount = t.money(of.amount, of.currency) if of.currency.isalpha() and len(of.currency) == 3 else ""
    return t(
        "• {amount} {payer}: {said} ({why})",
        amount=amount,
        payer=clipped(of.payer, SAID),
        said=clipped(of.said, SAID),
        why=why,
    )
