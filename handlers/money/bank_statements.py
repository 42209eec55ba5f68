"""Screens and commands for admins: the bank's statements, lines that wait for an explanation, bank files, decisions on
payouts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from domain.money.bank_statements import (
    AdminPayout,
    BankFileReady,
    BankFileShown,
    BankFileView,
    BankLineExplained,
    BankLineShown,
    BankLinesListed,
    FailureAsked,
    OpenBankFile,
    OperatorMoneyMoved,
    PayoutShown,
    PayoutsOverview,
    Reconciled,
    StatementBooked,
    StatementDeposit,
    StatementPayout,
    StatementRead,
    Unexplained,
    UnmatchedLine,
)
from domain.people.accounts import ADMIN
from handlers.money import payouts
from handlers.payload import NUMBER, FromWord, Number, Payload, Words
from handlers.routing import Route
from handlers.screen import (
    Button,
    FileOrder,
    Keyboard,
    Screen,
    clipped,
    fit_rows,
    lines,
    operation_line,
    paint_notes,
    shows,
)
from locales.translator import Html, Translator
from services.money import bank_lines, bank_statements, settlement
from services.money import operator_money as operator_money_service


class BookStatement(Payload, code="bst"):
    """Button that books the list that was shown as `statement`."""

    statement: Number


class TurnStatement(Payload, code="bsp"):
    """Button for another page of the list that was shown."""

    statement: Number
    page: Number


class ListBankLines(Payload, code="bll"):
    """`/bank`: the bank's lines that wait for an explanation."""

    page: Number = 0


class ShowBankLine(Payload, code="bln"):
    """`/bank LINE`: `line` is its code, on a button, or its number, as it is typed."""

    line: Number


class ExplainBankLine(Payload, code="ble"):
    """Explains a line as `choice`; `who` is the requester if it is a deposit."""

    line: Number
    choice: str
    who: str = ""


class Charge(Payload):
    """`/charge`: `amount` as it was typed; a minus before it is a charge that was given back."""

    amount: str = ""
    reason: Words = ""


class Draw(Payload):
    """`/draw`: fees that the operator took out; a minus before the amount is what they paid in."""

    amount: str = ""
    reason: Words = ""


PayoutNumber = Annotated[int, Field(ge=0, lt=2**63), FromWord(NUMBER.read, "payout_reason")]


class ListPayouts(Payload, code="pox"):
    pass


class MakeBankFile(Payload, code="pom"):
    """Button that makes a bank file. `after` is the last file there was when the button was shown; `channel` is the way
    the money goes."""

    after: Number
    currency: str
    channel: str = "sepa"


class ShowBankFile(Payload, code="pob"):
    file: Number
    after: Number


class GetBankFile(Payload, code="pof"):
    file: Number


class BankPaid(Payload, code="pop"):
    """Button that records a file's payouts as paid. `left` is how many of them had no answer when the button was shown;
    0 on buttons of older versions."""

    file: Number
    left: Number = 0


class ShowPayout(Payload, code="pos"):
    payout: PayoutNumber


class TypeDecision(Payload):
    """`/payouts NUMBER STATE`: `state` is the bank's answer: paid, failed or unknown."""

    payout: PayoutNumber
    state: str
    reason: Words = ""


class DecidePayout(Payload, code="pod"):
    """Button that decides a payout; `reason` is a usual one, or empty, so that it is asked for. `seen` is the payout's
    state when the button was shown; empty on buttons of older versions."""

    payout: PayoutNumber
    state: str
    reason: str
    seen: str = ""


MAX_LIST_CHARS = 700  # characters of each list
MAX_PARTY_CHARS = 90


@shows(StatementRead)
def statement_preview(m: StatementRead, t: Translator) -> Screen:
    """Preview of what a press would book, and what an admin has to decide, page by page."""
    new_deposits = [deposit for deposit in m.deposits if not deposit.booked]
    known_count = len(m.deposits) - len(new_deposits) + m.known
    has_something_to_book = bool(new_deposits or m.payouts or m.new)
    return Screen(
        lines(
            t("🌍 <b>From Wise</b>") if m.wise else t("🏦 <b>From the bank</b>"),
            t("Nothing is booked yet.") if has_something_to_book else t("Nothing in it is to be booked."),
            *(_deposit_lines(m.currency, new_deposits, t) if not m.page else ()),
            *(_payout_lines(m.payouts, t) if not m.page else ()),
            t("Seen before: {count}.", count=known_count) if known_count else None,
            *_undecided_lines(m, t),
            *balance_lines(m.balances, t),
        ),
        (*_page_buttons(m, t), *(((_book_button(m, new_deposits, t),),) if has_something_to_book else ())),
    )


def _page_buttons(m: StatementRead, t: Translator) -> Keyboard:
    pages = ((m.page - 1, "⬅️"), (m.page + 1, "➡️"))
    buttons = tuple(
        Button(f"{arrow} {page + 1}/{m.pages}", TurnStatement(statement=m.statement, page=page).pack())
        for page, arrow in pages
        if 0 <= page < m.pages
    )
    return (buttons,) if buttons else ()


def balance_lines(balances: tuple[Reconciled, ...], t: Translator) -> Iterator[Html | str]:
    """Lines with the bank's balance beside the ledger's."""
    for balance in balances:
        yield " "
        yield t(
            "⚖️ Statement: {opening} before, <b>{closing}</b> after ({day})",
            opening=_signed_money(balance.opening, balance.currency, t),
            closing=_signed_money(balance.closing, balance.currency, t),
            day=balance.day,
        )
        booked = _signed_money(balance.booked, balance.currency, t)
        if not balance.difference:
            yield t("✅ The book says {booked} too.", booked=booked)
        else:
            yield t(
                "❗ The book says {booked}: the difference is <b>{difference}</b>. Either it has what is on no statement yet, or a statement is missing.",
                booked=booked,
                difference=_signed_money(balance.difference, balance.currency, t),
            )


def _signed_money(amount: int, currency: str, t: Translator) -> str:
    return ("−" if amount < 0 else "") + t.money(abs(amount), currency)


def _book_button(m: StatementRead, new: list[StatementDeposit], t: Translator) -> Button:
    total = t.money(sum(deposit.amount for deposit in new), m.currency)
    has_other_entries = m.payouts or m.unclear_count or m.unmatched_count or not new
    text = t.plain("🏦 Book all of this") if has_other_entries else t.plain("🏦 Book {total}", total=total)
    return Button(text, BookStatement(statement=m.statement).pack(), style="success")


def _deposit_lines(currency: str, new: list[StatementDeposit], t: Translator) -> Iterator[Html | str | None]:
    if new:
        total = t.money(sum(deposit.amount for deposit in new), currency)
        yield t("Deposits to book: {count}, {total} in all.", count=len(new), total=total)
        yield from fit_rows((_deposit_line(deposit, currency, t) for deposit in new), t, len(new), room=MAX_LIST_CHARS)


def _payout_lines(answers: tuple[StatementPayout, ...], t: Translator) -> Iterator[Html | str | None]:
    paid, failed = [answer for answer in answers if answer.paid], [answer for answer in answers if not answer.paid]
    if paid:
        yield t("✅ Paid: {payouts}", payouts=t.n("{count} payout", "{count} payouts", len(paid)))
        yield from fit_rows((_payout_line(answer, t) for answer in paid), t, len(paid), room=MAX_LIST_CHARS)
    if failed:
        yield t("↩️ Not paid, or come back: {payouts}", payouts=t.n("{count} payout", "{count} payouts", len(failed)))
        yield from fit_rows((_payout_line(answer, t) for answer in failed), t, len(failed), room=MAX_LIST_CHARS)


def _payout_line(answer: StatementPayout, t: Translator) -> Html:
    facts = {
        "number": answer.payout,
        "amount": t.money(answer.amount, answer.currency),
        "who": clipped(answer.who, MAX_PARTY_CHARS),
    }
    if answer.reason == "clears":
        return t("• {number}: {amount} for {who}, paid twice: one payment has come back", **facts)
    if answer.paid:
        return t("• {number}: {amount} for {who}", **facts)
    return t(
        "• {number}: {amount} for {who}, {reason}", **facts, reason=payouts.failure_reason(answer.reason, False, t)
    )


def _undecided_lines(m: StatementRead, t: Translator) -> Iterator[Html | str | None]:
    """Lines that an admin has to look at."""
    if m.unclear:
        yield t("❓ About payouts, and does not fit: {count}", count=m.unclear_count)
        yield from (line_text(line, t) for line in m.unclear)
    if m.unmatched:
        yield t("❓ Not matched: {count}", count=m.unmatched_count)
        yield from (line_text(line, t) for line in m.unmatched)
    if m.new and (m.unclear_count or m.unmatched_count):
        yield t("Once it is booked, their money is kept as unexplained, and /bank asks what each of them is.")


def amount_text(line: UnmatchedLine, t: Translator) -> str:
    """Amount with its sign, or in the bank's words if it is no amount."""
    sign = "−" if line.debit else "+"
    is_money = line.amount and line.currency.isalpha() and len(line.currency) == 3
    return sign + (
        t.money(line.amount, line.currency) if is_money else f"{clipped(line.written or '?', 20)} {line.currency}"
    )


def line_text(line: UnmatchedLine, t: Translator) -> Html:
    """Line with amount, day, the bank's reference, whose it is, and why it waits."""
    payout = t.plain("payout {number}", number=line.payout or 0)
    file = t.plain("file {number}", number=line.file or 0)
    details = [line.day, clipped(line.reference, 35), line.payout and payout, line.file and file]
    party = clipped(line.party, MAX_PARTY_CHARS)
    facts = " · ".join(str(part) for part in (*details, party) if part)
    return t("• <b>{amount}</b> {facts} ({why})", amount=amount_text(line, t), facts=facts, why=reason_text(line, t))


def reason_text(line: UnmatchedLine, t: Translator) -> Html:
    """Text that says why a line waits."""
    number = line.payout or 0
    return {
        "number": t("the bank gives it no number of its own"),
        "known": t("booked before, with another amount"),
        "amount": t("the amount differs") if line.payout or line.file else t("its amount is unclear"),
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
        if line.debit
        else t("it has come back once before: ask the bank"),
        "refused": t("debited with its file, though the bank refused it"),
    }[line.why]


@shows(StatementBooked)
def statement_receipt(m: StatementBooked, t: Translator) -> Screen:
    total = t.money(m.amount, m.currency)
    deposits = t("🏦 Deposits booked: {count}, <b>{total}</b> in all.", count=m.count, total=total)
    is_something_booked = m.count or m.paid or m.failed
    return Screen(
        lines(
            deposits if m.count else None,
            t("✅ Paid: {payouts}", payouts=t.n("{count} payout", "{count} payouts", m.paid)) if m.paid else None,
            t("↩️ Not paid: {payouts}", payouts=t.n("{count} payout", "{count} payouts", m.failed))
            if m.failed
            else None,
            t("Whose money it is has been told.") if is_something_booked else None,
            t("Nothing was booked: it was recorded before.") if not is_something_booked and not m.waiting else None,
            t("Seen before: {count}.", count=m.before) if m.before else None,
            t.n("❓ {count} line waits for you.", "❓ {count} lines wait for you.", m.waiting) if m.waiting else None,
            *balance_lines(m.balances, t),
        ),
        ((Button(t.plain("❓ Lines that wait: {count}", count=m.open), ListBankLines().pack()),),) if m.open else (),
    )


def _deposit_line(deposit: StatementDeposit, currency: str, t: Translator) -> Html:
    money = t.money(deposit.amount, currency)
    return t("• <b>{amount}</b> {who} ({reference})", amount=money, who=deposit.who, reference=deposit.reference)


MAX_BUTTON_CHARS = 24  # characters of a button


@shows(BankLinesListed)
def waiting_lines_screen(m: BankLinesListed, t: Translator) -> Screen:
    """A page of the lines that wait; a press on one shows what it can be explained as."""
    if not m.count:
        return Screen(lines(t("🏦 No line of the bank waits for you."), *unexplained_lines(m.unexplained, t)))
    buttons = [
        (
            Button(
                f"{line.line} · {amount_text(line, t)} {clipped(line.day or line.reference, MAX_BUTTON_CHARS)}",
                ShowBankLine(line=line.code).pack(),
            ),
        )
        for line in m.lines
    ]
    page_buttons = tuple(
        Button(f"{arrow} {page + 1}/{m.pages}", ListBankLines(page=page).pack())
        for page, arrow in ((m.page - 1, "⬅️"), (m.page + 1, "➡️"))
        if 0 <= page < m.pages
    )
    return Screen(
        lines(
            t("🏦 <b>Lines of the bank that wait: {count}</b>", count=m.count),
            *unexplained_lines(m.unexplained, t),
            " ",
            *(Html(f"{line.line} {line_text(line, t)}") for line in m.lines),
        ),
        (*buttons, *((page_buttons,) if page_buttons else ())),
    )


def unexplained_lines(sums: tuple[Unexplained, ...], t: Translator) -> Iterator[Html]:
    """Lines with the money that left or came and is not explained, by currency."""
    for unexplained_sum in sums:
        amount = t.money(abs(unexplained_sum.balance), unexplained_sum.currency)
        if unexplained_sum.balance < 0:
            yield t("❗ Left, and not explained: <b>{amount}</b>", amount=amount)
        else:
            yield t("❗ Came in, and not explained: <b>{amount}</b>", amount=amount)


@shows(BankLineShown)
def line_screen(m: BankLineShown, t: Translator) -> Screen:
    """One line; each button says what it is, and books that."""
    choice_texts = {
        "payout": t.plain("✅ The payout was paid") if m.line.debit else t.plain("↩️ The payout came back"),
        "charge": t.plain("🏛 The bank’s charge"),
        "own": t.plain("💼 Fees I took out") if m.line.debit else t.plain("💼 Mine: add it to the fees"),
        "deposit": t.plain("👤 Deposit of {who}", who=clipped(m.who, MAX_BUTTON_CHARS)),
        "cards": t.plain("💳 Card payments: they took it back")
        if m.line.debit
        else t.plain("💳 Card payments, paid out"),
        "recorded": t.plain("📝 Recorded by hand already"),
    }
    buttons = [
        (Button(choice_texts[choice], ExplainBankLine(line=m.line.code, choice=choice).pack()),)
        for choice in m.choices
        if choice != "deposit" or m.who
    ]
    command = f"/bank {m.line.line} deposit PERSON"
    return Screen(
        lines(
            t("🏦 <b>Line {number}</b>", number=m.line.line),
            line_text(m.line, t),
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
def explanation_receipt(m: BankLineExplained, t: Translator) -> Screen:
    explanation = {
        "payout": t("payout {number}, paid", number=m.line.payout or 0)
        if m.line.debit
        else t("payout {number}, come back", number=m.line.payout or 0),
        "charge": t("the bank’s charge, out of the fees"),
        "own": t("fees you took out") if m.line.debit else t("yours, added to the fees"),
        "deposit": t("a deposit of {who}", who=m.who),
        "cards": t("the provider of cards took it back") if m.line.debit else t("card payments, paid out to the bank"),
        "recorded": t("recorded by hand already"),
    }[m.choice]
    return Screen(
        lines(
            t(
                "✅ Line {number}, {amount}: {what}.",
                number=m.line.line,
                amount=amount_text(m.line, t),
                what=explanation,
            ),
            operation_line(m.operation, t),
        ),
        ((Button(t.plain("❓ Lines that wait: {count}", count=m.left), ListBankLines().pack()),),) if m.left else (),
    )


@shows(OperatorMoneyMoved)
def operator_money_receipt(m: OperatorMoneyMoved, t: Translator) -> Screen:
    facts = {"amount": t.money(m.amount, m.currency), "reason": m.reason}
    text = {
        "charge": t("🏛 The bank charged <b>{amount}</b> ({reason}): out of the fees.", **facts),
        "charge back": t("🏛 The bank gave back <b>{amount}</b> ({reason}): added to the fees.", **facts),
        "drawn": t("💼 You took <b>{amount}</b> of the fees out ({reason}).", **facts),
        "paid in": t("💼 You paid <b>{amount}</b> in ({reason}): added to the fees.", **facts),
    }[m.kind]
    free_fees = t("Fees that nobody can have back: {left}", left=t.money(m.left, m.currency))
    return Screen(lines(text, free_fees, operation_line(m.operation, t)))


@shows(PayoutsOverview)
def payouts_overview(m: PayoutsOverview, t: Translator) -> Screen:
    payload = MakeBankFile(after=m.after, currency=m.currency, channel=m.channel).pack()
    wise = m.channel == "wise"
    make_button = Button(
        t.plain("🌍 Make the file for Wise") if wise else t.plain("🏦 Make the bank file"), payload, style="success"
    )
    files = [
        (Button(t.plain("📄 File {number}", number=file.file), ShowBankFile(file=file.file, after=0).pack()),)
        for file in m.files
    ]
    hidden_count = m.waiting - len(m.listed)
    note_lines, note_buttons = paint_notes(m.notes, t)
    return Screen(
        lines(
            t("🌍 <b>Payouts through Wise</b>") if wise else t("🏦 <b>Payouts</b>"),
            _waiting_line(m, t),
            *(awaited_line(payout, t) for payout in m.listed),
            t("… and {more} more", more=hidden_count) if hidden_count > 0 else None,
            _call_off_hint(m.listed[0], t) if m.listed else None,
            None
            if m.withheld is None
            else t("Withheld, to be handed on: {withheld}", withheld=t.money(m.withheld, m.currency)),
            *([" ", t("<b>Sent, without an answer yet</b>")] if m.files else []),
            *(open_file_line(file, t) for file in m.files),
            *note_lines,
        ),
        (*([(make_button,)] if m.waiting else []), *files, *note_buttons),
    )


def _call_off_hint(payout: AdminPayout, t: Translator) -> Html:
    return t("To call one off before it is sent: <code>/payouts {number}</code>", number=payout.payout.payout)


def _waiting_line(m: PayoutsOverview, t: Translator) -> Html:
    facts = {"payouts": t.n("{count} payout", "{count} payouts", m.waiting), "total": t.money(m.total, m.currency)}
    if m.channel == "wise":
        return t("Waiting for a file for Wise: {payouts}, {total}", **facts)
    return t("Waiting for a bank file: {payouts}, {total}", **facts)


def awaited_line(payout: AdminPayout, t: Translator) -> Html:
    return t(
        "  {number}: {amount} for {who}, {day}",
        number=payout.payout.payout,
        amount=payouts.net_text(payout.payout, t),
        who=clipped(payout.who, 40),
        day=t.date(payout.payout.requested_at),
    )


def open_file_line(file: OpenBankFile, t: Translator) -> Html:
    facts = {
        "number": file.file,
        "day": t.date(file.made_at),
        "payouts": t.n("{count} payout", "{count} payouts", file.payouts),
        "net": t.money(file.net, file.currency),
        "open": t.number(file.undecided),
    }
    if file.channel == "wise":
        return t("🌍 File {number} of {day}, for Wise: {payouts}, {net}; open: {open}", **facts)
    return t("📄 File {number} of {day}: {payouts}, {net}; open: {open}", **facts)


@shows(BankFileReady)
def bank_file_document(m: BankFileReady, t: Translator) -> Screen:
    number, wise = m.file.file, m.file.channel == "wise"
    return Screen(
        lines(
            _file_title(m.file, t),
            file_sum_line(m.file, t),
            t(
                "Upload it at Wise once, as a batch payment by e-mail. Then send Wise’s list of transfers (CSV) here with the caption <code>/payouts</code>."
            )
            if wise
            else t("Upload it at your bank once. Sent again, this is the same file; your bank knows it by its number."),
            t("⚠️ Wise does not know a file that it had before: upload it a second time, and it pays twice.")
            if wise
            else t("When the bank has paid, press here or see /payouts."),
        ),
        (
            (_all_paid_button(m.file, t),),
            (Button(t.plain("🔎 One by one"), ShowBankFile(file=number, after=0).pack()),),
        ),
        file=FileOrder("bank_file", {"file": number, "channel": m.file.channel, "zone": m.zone}),
    )


def _file_title(file: BankFileView, t: Translator) -> Html:
    if file.channel == "wise":
        return t("🌍 <b>File {number} for Wise</b>", number=file.file)
    return t("🏦 <b>Bank file {number}</b>", number=file.file)


def _all_paid_button(file: BankFileView, t: Translator) -> Button:
    text = t.plain("✅ Wise has paid them") if file.channel == "wise" else t.plain("✅ The bank has paid them")
    sent_count = next((state.count for state in file.counts if state.state == "sent"), 0)
    return Button(text, BankPaid(file=file.file, left=sent_count).pack(), style="success")


def _stale_line(t: Translator) -> Html:
    return t("🔁 That button was from before. Nothing was recorded; this is how it is now.")


def file_sum_line(file: BankFileView, t: Translator) -> Html:
    payouts = t.n("{count} payout", "{count} payouts", file.payouts)
    return t("Together: {payouts}, {net}", payouts=payouts, net=t.money(file.net, file.currency))


@shows(BankFileShown)
def bank_file_screen(m: BankFileShown, t: Translator) -> Screen:
    file, wise = m.file, m.file.channel == "wise"
    rows = [
        (Button(payout_button_text(element, t), ShowPayout(payout=element.payout.payout).pack()),)
        for element in m.listed
    ]
    hidden_count = m.left - len(m.listed)
    if hidden_count > 0:
        next_page = ShowBankFile(file=file.file, after=m.listed[-1].payout.payout).pack()
        rows.append((Button(t.plain("➡️ {more} more", more=hidden_count), next_page),))
    file_button = Button(t.plain("📄 The file again"), GetBankFile(file=file.file).pack())
    return Screen(
        lines(
            _stale_line(t) if m.stale else None,
            t("{file} of {day}", file=_file_title(file, t), day=t.time(file.made_at)),
            file_sum_line(file, t),
            *(
                t("{state}: {count}", state=payouts.state_for_admin(element.state, wise, t), count=element.count)
                for element in file.counts
            ),
            _press_hint(wise, t) if m.listed else None,
        ),
        (
            *([(_all_paid_button(file, t),)] if any(element.state == "sent" for element in file.counts) else []),
            *rows,
            (file_button,),
        ),
    )


def _press_hint(wise: bool, t: Translator) -> Html:
    if wise:
        return t("Which of them did Wise not pay? Press it.")
    return t("Which of them did the bank not pay? Press it.")


def payout_button_text(payout: AdminPayout, t: Translator) -> str:
    return clipped(f"{payout.payout.payout} · {payouts.net_text(payout.payout, t)} · {t.person(payout.who)}", 30)


@shows(PayoutShown)
def payout_screen(m: PayoutShown, t: Translator) -> Screen:
    payout, file = m.about.payout, m.about.file
    return Screen(
        lines(
            _stale_line(t) if m.stale else None,
            t(
                "🏦 <b>Payout {number}</b> · {state}",
                number=payout.payout,
                state=payouts.state_for_admin(payout.state, payout.wise, t),
            ),
            *_payee_lines(m, t),
            t("Why: {reason}", reason=payouts.failure_reason(payout.reason, payout.wise, t)) if payout.reason else None,
            _file_line(file, payout.wise, t) if file else None,
            t("Asked for on {day}", day=t.time(payout.requested_at)),
            operation_line(payout.number, t),
        ),
        _decision_buttons(m.about, t),
    )


def _payee_lines(m: PayoutShown, t: Translator) -> list[Html]:
    """Lines that say whose payout it is. A worker who has left has no account, and what came back went to
    the payers."""
    payout, amount = m.about.payout, payouts.net_text(m.about.payout, t)
    if payout.account:
        return [t("{amount} for {who}, to {account}", amount=amount, who=m.about.who, account=payout.account)]
    payout_of_leaver = t("{amount} for somebody who has left", amount=amount)
    returned_note = t("It went back to the requesters who had paid it; what came from those who are gone, to the fees.")
    return [payout_of_leaver, returned_note] if payout.state == "failed" else [payout_of_leaver]


def _file_line(number: int, wise: bool, t: Translator) -> Html:
    return t("In file {number} for Wise", number=number) if wise else t("In bank file {number}", number=number)


def _decision_buttons(shown_payout: AdminPayout, t: Translator) -> Keyboard:
    """Buttons for the bank's possible answers, and for the payout's file."""
    number, current_state = shown_payout.payout.payout, shown_payout.payout.state
    decisions = [("paid", t.plain("✅ Paid")), ("failed", t.plain("❌ Failed")), ("unknown", t.plain("🔎 Unknown"))]
    if current_state == "requested":
        decisions = [("failed", t.plain("✋ Call it off"))]
    possible = {
        "requested": ("failed",),
        "sent": ("paid", "failed", "unknown"),
        "unknown": ("paid", "failed"),
        "paid": ("failed",),
        "failed": () if shown_payout.payout.called_off else ("paid",),
    }[current_state]
    row = tuple(
        Button(text, DecidePayout(payout=number, state=name, reason="", seen=current_state).pack())
        for name, text in decisions
        if name in possible
    )
    file_payload = ShowBankFile(file=shown_payout.file, after=0).pack() if shown_payout.file else None
    return tuple(
        part for part in (row, (Button(t.plain("📄 Its file"), file_payload),) if file_payload else ()) if part
    )


@shows(FailureAsked)
def failure_prompt(m: FailureAsked, t: Translator) -> Screen:
    number, current_state = m.about.payout.payout, m.about.payout.state
    is_waiting = current_state == "requested"
    reasons = (
        {"asked": t.plain("Its worker asked for that")}
        if is_waiting
        else payouts.failure_choices(m.about.payout.wise, t)
    )
    return Screen(
        lines(
            t("Why is payout {number} called off? {who} will be told.", number=number, who=m.about.who)
            if is_waiting
            else t("Why did payout {number} fail? {who} will be told.", number=number, who=m.about.who),
            t("In your own words: <code>/payouts {number} failed why</code>", number=number),
        ),
        tuple(
            (Button(text, DecidePayout(payout=number, state="failed", reason=code, seen=current_state).pack()),)
            for code, text in reasons.items()
        ),
    )


ROUTES = (
    Route(BookStatement, ADMIN, bank_statements.book_statement),
    Route(TurnStatement, ADMIN, bank_statements.turn_page),
    Route(
        ListBankLines,
        ADMIN,
        bank_lines.list_waiting,
        command="bank",
        usage="[LINE]",
        means="lines of the bank that nobody has explained yet",
    ),
    Route(ShowBankLine, ADMIN, bank_lines.show_line, command="bank"),
    Route(ExplainBankLine, ADMIN, bank_lines.explain_line, command="bank"),
    Route(
        Charge,
        ADMIN,
        operator_money_service.record_charge,
        command="charge",
        usage="AMOUNT reason",
        means="record what the bank charged, out of the fees",
    ),
    Route(
        Draw,
        ADMIN,
        operator_money_service.record_draw,
        command="draw",
        usage="AMOUNT reason",
        means="record fees that you took out of the bank",
    ),
    Route(
        ListPayouts,
        ADMIN,
        settlement.show_overview,
        command="payouts",
        means="bank files, and what the bank paid",
    ),
    Route(ShowPayout, ADMIN, settlement.show_payout, command="payouts"),
    Route(TypeDecision, ADMIN, settlement.decide_payout, command="payouts"),
    Route(DecidePayout, ADMIN, settlement.decide_by_button),
    Route(MakeBankFile, ADMIN, settlement.make_bank_file),
    Route(GetBankFile, ADMIN, settlement.send_file),
    Route(ShowBankFile, ADMIN, settlement.show_file),
    Route(BankPaid, ADMIN, settlement.confirm_by_button),
)
