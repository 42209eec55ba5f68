"""Reader of a bank's statement (camt.053), advice (camt.054) or payment status report (pain.002), ISO 20022."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Protocol
from xml.parsers import expat

from domain.money.bank_statements import BankLine, StatementBalance
from formats.bank.statements import (
    MAX_ENTRIES,
    MAX_TEXT_CHARS,
    BankEntry,
    Credit,
    Entries,
    Fields,
    Path,
    PaymentAnswer,
    StatementFlaw,
    add_leaf,
    amount_millionths,
    find_bank_file,
    find_payout,
    first_value,
    flag_equal_numbers,
)
from formats.spreadsheets.workbook import Attributes, Parser, iter_blocks

ENTRY_PATH, PART_PATH, BALANCE_PATH = ["Ntry"], ["Ntry", "NtryDtls", "TxDtls"], ["Bal"]
VIEWS = {"Stmt": "statement", "Ntfctn": "advice"}
OPENING_CODES, CLOSING_CODES = ("OPBD", "PRCD"), ("CLBD",)


class StatementReader:
    """Reader of statements and advices: it collects the leaves of each entry by their path, those of its single
    transactions apart."""

    def __init__(self) -> None:
        self.account = ""
        self.entry: Fields = {}
        self.parts: list[Fields] = []
        self.inside: Fields | None = None
        self.balance: Fields = {}
        self.balances: list[tuple[str, str, int, str]] = []  # code, currency, amount, day
        self.entries = Entries()
        self.debtors: dict[str, str] = {}

    def start_element(self, path: Path, attributes: Attributes) -> None:
        if len(path) == 1:
            self.account, self.balances = "", []
        if path[1:] == ENTRY_PATH:
            self.entry, self.parts, self.inside = {}, [], None
        if path[1:] == PART_PATH:
            self.inside = {}
            self.parts.append(self.inside)
        if path[1:] == BALANCE_PATH:
            self.balance = {}
        if path[-1:] == ["Amt"]:
            self._store_leaf([*path, "Ccy"], attributes.get("Ccy", ""))

    def end_element(self, path: Path, text: str) -> None:
        """Take an element's text, and what it completes: an entry, a balance, a statement. Raise StatementFlaw if
        there are too many entries."""
        if path[1:] == ["Acct", "Id", "IBAN"]:
            self.account = text
        if text:
            self._store_leaf(path, text)
        if path[1:] == PART_PATH:
            self.inside = None
        if path[1:] == ENTRY_PATH and path[0] in VIEWS:
            self.entries.add(BankEntry(self.account, VIEWS[path[0]], self.entry, self.parts))
            self.entry, self.parts = {}, []
        if path[1:] == BALANCE_PATH:
            self._add_balance()
        if path == ["Stmt"]:
            self._end_statement()
        entries = self.entries
        if max(len(entries.credits), len(entries.answers), len(entries.other_lines), len(self.parts)) > MAX_ENTRIES:
            raise StatementFlaw("many")

    def to_entries(self) -> Entries:
        """Return the entries; credits that share one number of the bank are flawed."""
        return replace(self.entries, credits=flag_equal_numbers(self.entries.credits))

    def _add_balance(self) -> None:
        """Add the balance just read, if it is an opening or closing one."""
        code, amount = first_value(self.balance, "Tp/CdOrPrtry/Cd"), first_value(self.balance, "Amt")
        sign = -1 if first_value(self.balance, "CdtDbtInd") == "DBIT" else 1
        if code in (*OPENING_CODES, *CLOSING_CODES) and re.fullmatch(r"\d{1,12}(\.\d{1,5})?", amount):
            money = (first_value(self.balance, "Amt/Ccy"), sign * balance_millionths(amount))
            self.balances.append((code, *money, first_value(self.balance, "Dt/Dt", "Dt/DtTm")[:10]))

    def _end_statement(self) -> None:
        """Keep the statement's balances if it names both in one currency."""
        opening = next((balance for balance in self.balances if balance[0] in OPENING_CODES), None)
        closing = next((balance for balance in reversed(self.balances) if balance[0] in CLOSING_CODES), None)
        if opening and closing and opening[1] == closing[1]:
            self.entries.accounts.add(self.account)
            self.entries.balances.append(StatementBalance(closing[1], opening[2], closing[2], closing[3]))

    def _store_leaf(self, path: Path, words: str) -> None:
        if path[1:2] == ENTRY_PATH:
            into, depth = (self.entry, 2) if self.inside is None else (self.inside, 4)
            add_leaf(into, path[depth:], words)
        elif path[1:2] == BALANCE_PATH:
            add_leaf(self.balance, path[2:], words)


def balance_millionths(text: str) -> int:
    """Return the millionths of a bare decimal number; a balance may be zero."""
    whole, _, decimals = text.partition(".")
    return int(whole + decimals.ljust(6, "0")[:6])


PAID_STATUSES = frozenset({"ACSC", "ACCC"})  # settled on the payer's account, on the payee's
FAILED_STATUSES = frozenset({"RJCT", "CANC"})
MAX_REFERENCE_CHARS = 35  # characters of an ISO 20022 reference
GROUP_PATH, BATCH_PATH, PAYMENT_PATH = (
    ["OrgnlGrpInfAndSts"],
    ["OrgnlPmtInfAndSts"],
    ["OrgnlPmtInfAndSts", "TxInfAndSts"],
)


class StatusReportReader:
    """Reader of payment status reports: answers about single payments, about whole files, and which payments are
    named one by one."""

    def __init__(self) -> None:
        self.group: Fields = {}
        self.batch: Fields = {}
        self.one: Fields = {}
        self.batches = 0
        self.answers: list[PaymentAnswer] = []
        self.whole: list[PaymentAnswer] = []
        self.named: set[int] = set()
        self.nameless: set[bool | None] = set()
        self.payments = 0
        self.debtors: dict[str, str] = {}

    def start_element(self, path: Path, attributes: Attributes) -> None:
        if path == BATCH_PATH:
            self.batch = {}
        if path == PAYMENT_PATH:
            self.one = {}
        if path[-1:] == ["InstdAmt"] and path[:2] == PAYMENT_PATH:
            add_leaf(self.one, ["Ccy"], attributes.get("Ccy", ""))

    def end_element(self, path: Path, text: str) -> None:
        """Take an element's text, and the payment or batch that it completes. Raise StatementFlaw if there are too
        many."""
        if path[:2] == PAYMENT_PATH:
            add_leaf(self.one, path[2:], text)
        elif path[:1] == BATCH_PATH:
            add_leaf(self.batch, path[1:], text)
        elif path[:1] == GROUP_PATH:
            add_leaf(self.group, path[1:], text)
        if path == PAYMENT_PATH:
            self._add_payment()
        if path == BATCH_PATH:
            self.batches += 1
            self._add_file(self.batch, "PmtInfSts", "OrgnlPmtInfId")
        if max(len(self.answers), len(self.named), len(self.whole), len(self.debtors)) > MAX_ENTRIES:
            raise StatementFlaw("many")

    def to_entries(self) -> Entries:
        """Return the answers. A file's own status counts only if no batch has one; it is then about all payments
        that are not named."""
        if not self.batches:
            self._add_file(self.group, "GrpSts", "OrgnlMsgId")
        statuses, named_payouts = {(answer.file, answer.paid) for answer in self.whole}, frozenset(self.named)
        for answer in {answer.file: answer for answer in self.whole}.values():
            if (answer.file, not answer.paid) not in statuses and self.nameless <= {answer.paid}:
                self.answers.append(replace(answer, apart=named_payouts))
        return Entries(answers=self.answers)

    def _add_payment(self) -> None:
        self.payments += 1
        if debtor := "".join(first_value(self.one, "OrgnlTxRef/DbtrAcct/Id/IBAN").split()).upper():
            reference = first_value(self.one, "OrgnlEndToEndId", "OrgnlInstrId")[:MAX_REFERENCE_CHARS] or str(
                self.payments
            )
            self.debtors.setdefault(debtor, reference)
        payout = find_payout(first_value(self.one, "OrgnlEndToEndId"))
        own_status = first_value(self.one, "TxSts")
        status = own_status or first_value(self.batch, "PmtInfSts") or first_value(self.group, "GrpSts")
        if payout is None:
            self.nameless |= {_is_paid(own_status)} if own_status else set()
            return
        self.named.add(payout)
        if _is_paid(status) is not None:
            amount = amount_millionths(first_value(self.one, "OrgnlTxRef/Amt/InstdAmt"))
            self.answers.append(self._answer(payout, status, self.one, (amount, first_value(self.one, "Ccy"))))

    def _add_file(self, fields: Fields, status: str, number: str) -> None:
        status_code = first_value(fields, status) or first_value(self.group, "GrpSts")
        is_named = find_bank_file(first_value(fields, number), first_value(self.group, "OrgnlMsgId")) is not None
        if is_named and _is_paid(status_code) is not None:
            total = first_value(fields, "OrgnlCtrlSum") or first_value(self.group, "OrgnlCtrlSum")
            self.whole.append(self._answer(None, status_code, fields, (amount_millionths(total), "")))

    def _answer(self, payout: int | None, status: str, fields: Fields, money: tuple[int, str]) -> PaymentAnswer:
        """Return the answer with the reason of the narrowest level that gives one."""
        levels = (fields, self.batch, self.group)
        code = next((code for level in levels if (code := first_value(level, "StsRsnInf/Rsn/Cd"))), "")[:4]
        general = payout is None or not first_value(fields, "StsRsnInf/Rsn/Cd")
        explanation = next(
            (explanation for level in levels if (explanation := first_value(level, "StsRsnInf/AddtlInf"))), ""
        )
        file = find_bank_file(first_value(self.group, "OrgnlMsgId"), first_value(self.batch, "OrgnlPmtInfId"))
        return PaymentAnswer(
            payout, file, status in PAID_STATUSES, *money, code=code, said=explanation[:MAX_TEXT_CHARS], general=general
        )


def _is_paid(status: str) -> bool | None:
    """Return True for paid, False for not paid, None if the bank has not answered yet."""
    return status in PAID_STATUSES if status in PAID_STATUSES | FAILED_STATUSES else None


MAX_MESSAGE_BYTES = 5 * 1024 * 1024  # bytes
MAX_DEPTH = 40
_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.053|camt\.054|pain\.002)\.001\.\d\d")


@dataclass(frozen=True, slots=True)
class BankMessage:
    """The money that came in, the answers about payouts, and all `others` of a statement's lines, in the message's
    order; `wise`: Wise's list, not a bank's. `accounts`: whose lines these are. `debtors`: the accounts that a
    report names as its payments' payers, each with the first such payment. `balances`: a statement's, the oldest
    first."""

    credits: list[Credit]
    answers: list[PaymentAnswer]
    wise: bool = False
    debtors: Mapping[str, str] = field(default_factory=dict)
    other_lines: list[BankLine] = field(default_factory=list)
    balances: list[StatementBalance] = field(default_factory=list)
    accounts: tuple[str, ...] = ()


def to_bank_message(entries: Entries, debtors: Mapping[str, str]) -> BankMessage:
    """Return the message that holds these entries."""
    return BankMessage(
        entries.credits,
        entries.answers,
        debtors=debtors,
        other_lines=entries.other_lines,
        balances=entries.balances,
        accounts=tuple(sorted(entries.accounts)),
    )


class MessageReader(Protocol):
    """Reader of one kind of message. It gets each element's path below the document, when the element begins and
    when it has ended."""

    debtors: dict[str, str]

    def start_element(self, path: Path, attributes: Attributes) -> None: ...

    def end_element(self, path: Path, text: str) -> None: ...

    def to_entries(self) -> Entries: ...


READERS_BY_ELEMENT: dict[str, Callable[[], MessageReader]] = {
    "BkToCstmrStmt": StatementReader,
    "BkToCstmrDbtCdtNtfctn": StatementReader,
    "CstmrPmtStsRpt": StatusReportReader,
}


class _DocumentParser(Parser):
    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []
        self.reader: MessageReader | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        if not self.path and not (name == "Document" and any(map(_NAMESPACE.fullmatch, attributes.values()))):
            raise StatementFlaw("kind")
        self.path.append(name)
        if len(self.path) > MAX_DEPTH:
            raise StatementFlaw("xml")
        if len(self.path) == 2:
            if name not in READERS_BY_ELEMENT or self.reader is not None:
                raise StatementFlaw("kind")
            self.reader = READERS_BY_ELEMENT[name]()
        if self.reader is not None:
            self.reader.start_element(self.path[2:], attributes)
        self.listen()

    def end(self, name: str) -> None:
        text = self.text().strip()
        if self.reader is not None and len(self.path) > 2:
            self.reader.end_element(self.path[2:], text)
        self.path.pop()


def read_bank_message(place: BinaryIO) -> BankMessage:
    """Return the message. Raise StatementFlaw if it is too large, no XML, of another kind, or has too many entries."""
    place.seek(0, 2)
    if place.tell() > MAX_MESSAGE_BYTES:
        raise StatementFlaw("size")
    place.seek(0)
    document = _DocumentParser()
    try:
        for block in iter_blocks(place):
            document.feed(block)
    except (expat.ExpatError, UnicodeError, LookupError, ValueError):
        raise StatementFlaw("xml") from None
    reader = document.reader
    return to_bank_message(reader.to_entries(), reader.debtors) if reader else BankMessage([], [])
