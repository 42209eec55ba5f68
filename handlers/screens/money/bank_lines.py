"""The bank's lines that wait for a person: a list, one line with what it can be said to be, and the operator's money."""

from collections.abc import Iterator

from domain.money.messages.bank_lines import (
    BankLineExplained,
    BankLineShown,
    BankLinesListed,
    OperatorMoneyMoved,
    Unexplained,
)
from handlers.payloads.bank import ExplainBankLine, ListBankLines, ShowBankLine
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.operation_number import numbered
from handlers.screens.money.bank_statements import amount_of, line_of
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

NAMED = 24  # characters of a button


@shows(BankLinesListed)
def listed(m: BankLinesListed, t: Translator) -> Screen:
    """A page of the lines; a press on one shows what it can be said to be."""
    if not m.count:
        return Screen(lines(t("🏦 No line of the bank waits for you."), *unexplained(m.unexplained, t)))
    buttons = [
        (
            Button(
                f"{each.line} · {amount_of(each, t)} {clipped(each.day or each.reference, NAMED)}",
                ShowBankLine(line=each.code).pack(),
            ),
        )
        for each in m.lines
    ]
    turn = tuple(
        Button(f"{sign} {at + 1}/{m.pages}", ListBankLines(page=at).pack())
        for at, sign in ((m.page - 1, "⬅️"), (m.page + 1, "➡️"))
        if 0 <= at < m.pages
    )
    return Screen(
        lines(
            t("🏦 <b>Lines of the bank that wait: {count}</b>", count=m.count),
            *unexplained(m.unexplained, t),
            " ",
            *(Html(f"{each.line} {line_of(each, t)}") for each in m.lines),
        ),
        (*buttons, *((turn,) if turn else ())),
    )


def unexplained(sums: tuple[Unexplained, ...], t: Translator) -> Iterator[Html]:
    """What left or came and nobody has explained, by currency."""
    for each in sums:
        amount = t.money(abs(each.balance), each.currency)
        if each.balance < 0:
            yield t("❗ Left, and not explained: <b>{amount}</b>", amount=amount)
        else:
            yield t("❗ Came in, and not explained: <b>{amount}</b>", amount=amount)


@shows(BankLineShown)
def shown(m: BankLineShown, t: Translator) -> Screen:
    """One line; each button says what it is, and books that."""
    words = {
        "payout": t.plain("✅ The payout was paid") if m.line.debit else t.plain("↩️ The payout came back"),
        "charge": t.plain("🏛 The bank’s charge"),
        "own": t.plain("💼 Fees I took out") if m.line.debit else t.plain("💼 Mine: add it to the fees"),
        "deposit": t.plain("👤 Deposit of {who}", who=clipped(m.who, NAMED)),
        "recorded": t.plain("📝 Recorded by hand already"),
    }
    buttons = [
        (Button(words[choice], ExplainBankLine(line=m.line.code, choice=choice).pack()),)
        for choice in m.choices
        if choice != "deposit" or m.who
    ]
    command = f"/bank {m.line.line} deposit PERSON"
    return Screen(
        lines(
            t("🏦 <b>Line {number}</b>", number=m.line.line),
            line_of(m.line, t),
            " ",
            t("What is it?") if m.choices else t("It was explained."),
            t("If it may be this one, recorded by hand: /why_{number}", number=m.operation) if m.operation else None,
            t("A deposit of somebody: <code>{command}</code>", command=command) if "deposit" in m.choices else None,
            t("If the bank sends it back, that is recognised, and nothing is to be done here.")
            if m.line.why in ("twice", "refused") and m.line.debit
            else None,
        ),
        (*buttons, (Button(t.plain("⬅️ Lines that wait"), ListBankLines().pack()),)),
    )


@shows(BankLineExplained)
def explained(m: BankLineExplained, t: Translator) -> Screen:
    what = {
        "payout": t("payout {number}, paid", number=m.line.payout or 0)
        if m.line.debit
        else t("payout {number}, come back", number=m.line.payout or 0),
        "charge": t("the bank’s charge, out of the fees"),
        "own": t("fees you took out") if m.line.debit else t("yours, added to the fees"),
        "deposit": t("a deposit of {who}", who=m.who),
        "recorded": t("recorded by hand already"),
    }[m.choice]
    return Screen(
        lines(
            t("✅ Line {number}, {amount}: {what}.", number=m.line.line, amount=amount_of(m.line, t), what=what),
            numbered(m.operation, t),
        ),
        ((Button(t.plain("❓ Lines that wait: {count}", count=m.left), ListBankLines().pack()),),) if m.left else (),
    )


@shows(OperatorMoneyMoved)
def operator_money(m: OperatorMoneyMoved, t: Translator) -> Screen:
    facts = {"amount": t.money(m.amount, m.currency), "reason": m.reason}
    text = {
        "charge": t("🏛 The bank charged <b>{amount}</b> ({reason}): out of the fees.", **facts),
        "charge back": t("🏛 The bank gave back <b>{amount}</b> ({reason}): added to the fees.", **facts),
        "drawn": t("💼 You took <b>{amount}</b> of the fees out ({reason}).", **facts),
        "paid in": t("💼 You paid <b>{amount}</b> in ({reason}): added to the fees.", **facts),
    }[m.kind]
    left = t("Fees that nobody can have back: {left}", left=t.money(m.left, m.currency))
    return Screen(lines(text, left, numbered(m.operation, t)))
