"""The bank's statement: deposits and payouts in it, credits of nobody known, and the one button that books."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
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
    WithheldCameBack,
    WithheldHandedOn,
    WithholdingSet,
)
from domain.people.accounts import ADMIN
from handlers.money import contributions, payouts
from handlers.payload import (
    NUMBER,
    FromWord,
    Number,
    Payload,
    Words,
)
from handlers.routing import Route
from handlers.screen import (
    Button,
    FileOrder,
    Keyboard,
    Screen,
    clipped,
    fitted,
    lines,
    numbered,
    shows,
)
from locales.translator import Html, Translator
from services.money import (
    bank_lines,
    bank_statements,
    settlement,
)
from services.money import (
    operator_money as operator_money_service,
)


class BookStatement(Payload, code="bst"):
    """`statement` is the list that was shown."""

    statement: Number


class TurnStatement(Payload, code="bsp"):
    """Another page of the list that was shown."""

    statement: Number
    page: Number


class ListBankLines(Payload, code="bll"):
    """The bank's lines that wait for a person."""

    page: Number = 0


class ShowBankLine(Payload, code="bln"):
    """`line` is its code, on a button, or its number, as it is typed."""

    line: Number


class ExplainBankLine(Payload, code="ble"):
    """`choice` is what it is said to be; `who` is whose deposit."""

    line: Number
    choice: str
    who: str = ""


class Charge(Payload):
    """`amount` as it was typed; a minus before it is a charge that was given back."""

    amount: str = ""
    reason: Words = ""


class Draw(Payload):
    """Fees that the operator took out; a minus before the amount is what they paid in."""

    amount: str = ""
    reason: Words = ""


PayoutNumber = Annotated[int, Field(ge=0, lt=2**63), FromWord(NUMBER.read, "payout_reason")]


class ListPayouts(Payload, code="pox"):
    pass


class MakeBankFile(Payload, code="pom"):
    """`after` is the last file there was when the button was shown; `channel` is the way the money goes."""

    after: Number
    currency: str
    channel: str = "sepa"


class ShowBankFile(Payload, code="pob"):
    file: Number
    after: Number


class GetBankFile(Payload, code="pof"):
    file: Number


class BankPaid(Payload, code="pop"):
    """`left` is how many of its payouts had no answer when the button was shown; 0 of buttons of before."""

    file: Number
    left: Number = 0


class ShowPayout(Payload, code="pos"):
    payout: PayoutNumber


class TypeDecision(Payload):
    """`state` is the bank's answer: paid, failed or unknown."""

    payout: PayoutNumber
    state: str
    reason: Words = ""


class DecidePayout(Payload, code="pod"):
    """The same by a button; `reason` is one of a few, or empty: it is asked for. `seen` is the payout's state when the
    button was shown; empty of buttons of before."""

    payout: PayoutNumber
    state: str
    reason: str
    seen: str = ""


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
    return t("• {number}: {amount} for {who}, {reason}", **about, reason=payouts.failure_reason(of.reason, False, t))


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


@shows(WithholdingSet)
def withholding_set(m: WithholdingSet, t: Translator) -> Screen:
    percent = t.number(Decimal(m.rate) / 100)
    said = t("🧾 {percent}% of {who}'s next payouts is withheld.", percent=percent, who=m.who)
    return Screen(lines(said, contributions.siret_rate_note(m.first, t)))


@shows(WithheldHandedOn)
def withheld_handed_on(m: WithheldHandedOn, t: Translator) -> Screen:
    return Screen(
        t(
            "🧾 <b>{amount}</b> handed on ({reference}). {left} is still withheld. Operation #{number}",
            amount=t.money(m.amount, m.currency),
            reference=m.reference,
            left=t.money(m.left, m.currency),
            number=m.operation,
        )
    )


@shows(WithheldCameBack)
def withheld_came_back(m: WithheldCameBack, t: Translator) -> Screen:
    return Screen(
        t(
            "🧾 <b>{amount}</b> came back from the authority ({reference}). {there} is withheld now. Operation #{number}",
            amount=t.money(m.amount, m.currency),
            reference=m.reference,
            there=t.money(m.there, m.currency),
            number=m.operation,
        )
    )


@shows(PayoutsOverview)
def overview(m: PayoutsOverview, t: Translator) -> Screen:
    press = MakeBankFile(after=m.after, currency=m.currency, channel=m.channel).pack()
    wise = m.channel == "wise"
    make = Button(
        t.plain("🌍 Make the file for Wise") if wise else t.plain("🏦 Make the bank file"), press, style="success"
    )
    files = [
        (Button(t.plain("📄 File {number}", number=b.file), ShowBankFile(file=b.file, after=0).pack()),)
        for b in m.files
    ]
    more = m.waiting - len(m.listed)
    return Screen(
        lines(
            t("🌍 <b>Payouts through Wise</b>") if wise else t("🏦 <b>Payouts</b>"),
            _waiting(m, t),
            *(awaited(each, t) for each in m.listed),
            t("… and {more} more", more=more) if more > 0 else None,
            _call_off(m.listed[0], t) if m.listed else None,
            t("Withheld, to be handed on: {withheld}", withheld=t.money(m.withheld, m.currency)),
            *([" ", t("<b>Sent, without an answer yet</b>")] if m.files else []),
            *(open_file(b, t) for b in m.files),
        ),
        (*([(make,)] if m.waiting else []), *files, tuple(yearly(m.year, t))),
    )


def _call_off(each: AdminPayout, t: Translator) -> Html:
    return t("To call one off before it is sent: <code>/payouts {number}</code>", number=each.payout.payout)


def _waiting(m: PayoutsOverview, t: Translator) -> Html:
    facts = {"payouts": t.n("{count} payout", "{count} payouts", m.waiting), "total": t.money(m.total, m.currency)}
    if m.channel == "wise":
        return t("Waiting for a file for Wise: {payouts}, {total}", **facts)
    return t("Waiting for a bank file: {payouts}, {total}", **facts)


def awaited(each: AdminPayout, t: Translator) -> Html:
    return t(
        "  {number}: {amount} for {who}, {day}",
        number=each.payout.payout,
        amount=payouts.net_text(each.payout, t),
        who=clipped(each.who, 40),
        day=t.date(each.payout.requested_at),
    )


def yearly(year: int, t: Translator) -> Iterator[Button]:
    for each in (year - 1, year):
        text = t.plain("🧾 DAC7 {year}", year=each)
        yield Button(text, contributions.GetSellers(year=each).pack())


def open_file(file: OpenBankFile, t: Translator) -> Html:
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
def bank_file_ready(m: BankFileReady, t: Translator) -> Screen:
    number, wise = m.file.file, m.file.channel == "wise"
    return Screen(
        lines(
            _named(m.file, t),
            counted(m.file, t),
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
            (_all_paid(m.file, t),),
            (Button(t.plain("🔎 One by one"), ShowBankFile(file=number, after=0).pack()),),
        ),
        file=FileOrder("bank_file", {"file": number, "channel": m.file.channel, "zone": m.zone}),
    )


def _named(file: BankFileView, t: Translator) -> Html:
    if file.channel == "wise":
        return t("🌍 <b>File {number} for Wise</b>", number=file.file)
    return t("🏦 <b>Bank file {number}</b>", number=file.file)


def _all_paid(file: BankFileView, t: Translator) -> Button:
    text = t.plain("✅ Wise has paid them") if file.channel == "wise" else t.plain("✅ The bank has paid them")
    left = next((each.count for each in file.counts if each.state == "sent"), 0)
    return Button(text, BankPaid(file=file.file, left=left).pack(), style="success")


def _stale(t: Translator) -> Html:
    return t("🔁 That button was from before. Nothing was recorded; this is how it is now.")


def counted(file: BankFileView, t: Translator) -> Html:
    payouts = t.n("{count} payout", "{count} payouts", file.payouts)
    return t("Together: {payouts}, {net}", payouts=payouts, net=t.money(file.net, file.currency))


@shows(BankFileShown)
def bank_file(m: BankFileShown, t: Translator) -> Screen:
    file, wise = m.file, m.file.channel == "wise"
    rows = [(Button(one_line(each, t), ShowPayout(payout=each.payout.payout).pack()),) for each in m.listed]
    more = m.left - len(m.listed)
    if more > 0:
        following = ShowBankFile(file=file.file, after=m.listed[-1].payout.payout).pack()
        rows.append((Button(t.plain("➡️ {more} more", more=more), following),))
    again = Button(t.plain("📄 The file again"), GetBankFile(file=file.file).pack())
    return Screen(
        lines(
            _stale(t) if m.stale else None,
            t("{file} of {day}", file=_named(file, t), day=t.time(file.made_at)),
            counted(file, t),
            *(
                t("{state}: {count}", state=payouts.state_for_admin(each.state, wise, t), count=each.count)
                for each in file.counts
            ),
            _which(wise, t) if m.listed else None,
        ),
        (*([(_all_paid(file, t),)] if any(each.state == "sent" for each in file.counts) else []), *rows, (again,)),
    )


def _which(wise: bool, t: Translator) -> Html:
    if wise:
        return t("Which of them did Wise not pay? Press it.")
    return t("Which of them did the bank not pay? Press it.")


def one_line(each: AdminPayout, t: Translator) -> str:
    return clipped(f"{each.payout.payout} · {payouts.net_text(each.payout, t)} · {t.person(each.who)}", 30)


@shows(PayoutShown)
def payout_shown(m: PayoutShown, t: Translator) -> Screen:
    of, file = m.about.payout, m.about.file
    return Screen(
        lines(
            _stale(t) if m.stale else None,
            t(
                "🏦 <b>Payout {number}</b> · {state}",
                number=of.payout,
                state=payouts.state_for_admin(of.state, of.wise, t),
            ),
            *_whom(m, t),
            t("Why: {reason}", reason=payouts.failure_reason(of.reason, of.wise, t)) if of.reason else None,
            _in_file(file, of.wise, t) if file else None,
            t("Asked for on {day}", day=t.time(of.requested_at)),
            numbered(of.number, t),
        ),
        _decisions(m.about, t),
    )


def _whom(m: PayoutShown, t: Translator) -> list[Html]:
    """Of who has left there is no account, and what came back went on."""
    of, amount = m.about.payout, payouts.net_text(m.about.payout, t)
    if of.account:
        return [t("{amount} for {who}, to {account}", amount=amount, who=m.about.who, account=of.account)]
    gone = t("{amount} for somebody who has left", amount=amount)
    back = t("It went back to the requesters who had paid it; what came from those who are gone, to the fees.")
    return [gone, back] if of.state == "failed" else [gone]


def _in_file(number: int, wise: bool, t: Translator) -> Html:
    return t("In file {number} for Wise", number=number) if wise else t("In bank file {number}", number=number)


def _decisions(about: AdminPayout, t: Translator) -> Keyboard:
    """Buttons for the bank's possible answers, and for its file."""
    number, now = about.payout.payout, about.payout.state
    wanted = [("paid", t.plain("✅ Paid")), ("failed", t.plain("❌ Failed")), ("unknown", t.plain("🔎 Unknown"))]
    if now == "requested":
        wanted = [("failed", t.plain("✋ Call it off"))]
    possible = {
        "requested": ("failed",),
        "sent": ("paid", "failed", "unknown"),
        "unknown": ("paid", "failed"),
        "paid": ("failed",),
        "failed": () if about.payout.called_off else ("paid",),
    }[now]
    row = tuple(
        Button(text, DecidePayout(payout=number, state=name, reason="", seen=now).pack())
        for name, text in wanted
        if name in possible
    )
    back = ShowBankFile(file=about.file, after=0).pack() if about.file else None
    return tuple(part for part in (row, (Button(t.plain("📄 Its file"), back),) if back else ()) if part)


@shows(FailureAsked)
def failure_asked(m: FailureAsked, t: Translator) -> Screen:
    number, now = m.about.payout.payout, m.about.payout.state
    waits = now == "requested"
    short = (
        {"asked": t.plain("Its worker asked for that")} if waits else payouts.failure_choices(m.about.payout.wise, t)
    )
    return Screen(
        lines(
            t("Why is payout {number} called off? {who} will be told.", number=number, who=m.about.who)
            if waits
            else t("Why did payout {number} fail? {who} will be told.", number=number, who=m.about.who),
            t("In your own words: <code>/payouts {number} failed why</code>", number=number),
        ),
        tuple(
            (Button(text, DecidePayout(payout=number, state="failed", reason=code, seen=now).pack()),)
            for code, text in short.items()
        ),
    )


ROUTES = (
    Route(BookStatement, ADMIN, bank_statements.book),
    Route(TurnStatement, ADMIN, bank_statements.turn),
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
