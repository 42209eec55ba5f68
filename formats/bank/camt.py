"""A bank's statement (camt.053) or advice (camt.054), ISO 20022 → its booked entries, and the balances before and
after."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Protocol
from xml.parsers import expat

from domain.money.bank_statements import BankLine, StatementBalance
from formats.bank.statements import (
    MOST,
    SAID,
    BankEntry,
    Credit,
    Entries,
    Fields,
    Path,
    PaymentAnswer,
    StatementFlaw,
    alone,
    amount_in,
    file_in,
    first,
    payout_in,
    put,
)
from formats.spreadsheets.workbook import Attributes, Parser, blocks

ENTRY, PART, BALANCE = ["Ntry"], ["Ntry", "NtryDtls", "TxDtls"], ["Bal"]
VIEWS = {"Stmt": "statement", "Ntfctn": "advice"}
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


class Statement:
    """Collects the leaves of each entry by their path, those of its single transactions apart."""

    def __init__(self) -> None:
        self.account = ""
        self.entry: Fields = {}
        self.parts: list[Fields] = []
        self.inside: Fields | None = None
        self.balance: Fields = {}
        self.balances: list[tuple[str, str, int, str]] = []  # code, currency, amount, day
        self.entries = Entries()
        self.debtors: dict[str, str] = {}

    def began(self, path: Path, given: Attributes) -> None:
        if len(path) == 1:
            self.account, self.balances = "", []
        if path[1:] == ENTRY:
            self.entry, self.parts, self.inside = {}, [], None
        if path[1:] == PART:
            self.inside = {}
            self.parts.append(self.inside)
        if path[1:] == BALANCE:
            self.balance = {}
        if path[-1:] == ["Amt"]:
            self._keep([*path, "Ccy"], given.get("Ccy", ""))

    def ended(self, path: Path, words: str) -> None:
        if path[1:] == ["Acct", "Id", "IBAN"]:
            self.account = words
        if words:
            self._keep(path, words)
        if path[1:] == PART:
            self.inside = None
        if path[1:] == ENTRY and path[0] in VIEWS:
            self.entries.add(BankEntry(self.account, VIEWS[path[0]], self.entry, self.parts))
            self.entry, self.parts = {}, []
        if path[1:] == BALANCE:
            self._balanced()
        if path == ["Stmt"]:
            self._closed()
        found = self.entries
        if max(len(found.credits), len(found.answers), len(found.others), len(self.parts)) > MOST:
            raise StatementFlaw("many")

    def found(self) -> Entries:
        return replace(self.entries, credits=alone(self.entries.credits))

    def _balanced(self) -> None:
        code, amount = first(self.balance, "Tp/CdOrPrtry/Cd"), first(self.balance, "Amt")
        sign = -1 if first(self.balance, "CdtDbtInd") == "DBIT" else 1
        if code in (*OPENING, *CLOSING) and re.fullmatch(r"\d{1,12}(\.\d{1,5})?", amount):
            about = (first(self.balance, "Amt/Ccy"), sign * balance_in(amount))
            self.balances.append((code, *about, first(self.balance, "Dt/Dt", "Dt/DtTm")[:10]))

    def _closed(self) -> None:
        """Keeps a statement's balances where it names both."""
        opening = next((each for each in self.balances if each[0] in OPENING), None)
        closing = next((each for each in reversed(self.balances) if each[0] in CLOSING), None)
        if opening and closing and opening[1] == closing[1]:
            self.entries.accounts.add(self.account)
            self.entries.balances.append(StatementBalance(closing[1], opening[2], closing[2], closing[3]))

    def _keep(self, path: Path, words: str) -> None:
        if path[1:2] == ENTRY:
            into, at = (self.entry, 2) if self.inside is None else (self.inside, 4)
            put(into, path[at:], words)
        elif path[1:2] == BALANCE:
            put(self.balance, path[2:], words)


def balance_in(text: str) -> int:
    """Millionths of a bare decimal number; a balance may be zero."""
    whole, _, decimals = text.partition(".")
    return int(whole + decimals.ljust(6, "0")[:6])


PAID = frozenset({"ACSC", "ACCC"})  # settled on the payer's account, on the payee's
FAILED = frozenset({"RJCT", "CANC"})
LONGEST_ID = 35  # characters of an ISO 20022 reference
GROUP, BATCH, ONE = ["OrgnlGrpInfAndSts"], ["OrgnlPmtInfAndSts"], ["OrgnlPmtInfAndSts", "TxInfAndSts"]


class StatusReport:
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

    def began(self, path: Path, given: Attributes) -> None:
        if path == BATCH:
            self.batch = {}
        if path == ONE:
            self.one = {}
        if path[-1:] == ["InstdAmt"] and path[:2] == ONE:
            put(self.one, ["Ccy"], given.get("Ccy", ""))

    def ended(self, path: Path, words: str) -> None:
        if path[:2] == ONE:
            put(self.one, path[2:], words)
        elif path[:1] == BATCH:
            put(self.batch, path[1:], words)
        elif path[:1] == GROUP:
            put(self.group, path[1:], words)
        if path == ONE:
            self._of_payment()
        if path == BATCH:
            self.batches += 1
            self._of_file(self.batch, "PmtInfSts", "OrgnlPmtInfId")
        if max(len(self.answers), len(self.named), len(self.whole), len(self.debtors)) > MOST:
            raise StatementFlaw("many")

    def found(self) -> Entries:
        """A file's own status counts where none of its groups is told; then for all payments that are not named."""
        if not self.batches:
            self._of_file(self.group, "GrpSts", "OrgnlMsgId")
        told, apart = {(each.file, each.paid) for each in self.whole}, frozenset(self.named)
        for each in {each.file: each for each in self.whole}.values():
            if (each.file, not each.paid) not in told and self.nameless <= {each.paid}:
                self.answers.append(replace(each, apart=apart))
        return Entries(answers=self.answers)

    def _of_payment(self) -> None:
        self.payments += 1
        if debtor := "".join(first(self.one, "OrgnlTxRef/DbtrAcct/Id/IBAN").split()).upper():
            where = first(self.one, "OrgnlEndToEndId", "OrgnlInstrId")[:LONGEST_ID] or str(self.payments)
            self.debtors.setdefault(debtor, where)
        payout = payout_in(first(self.one, "OrgnlEndToEndId"))
        own = first(self.one, "TxSts")
        status = own or first(self.batch, "PmtInfSts") or first(self.group, "GrpSts")
        if payout is None:
            self.nameless |= {_meaning(own)} if own else set()
            return
        self.named.add(payout)
        if _meaning(status) is not None:
            amount = amount_in(first(self.one, "OrgnlTxRef/Amt/InstdAmt"))
            self.answers.append(self._answer(payout, status, self.one, (amount, first(self.one, "Ccy"))))

    def _of_file(self, fields: Fields, status: str, number: str) -> None:
        told = first(fields, status) or first(self.group, "GrpSts")
        named = file_in(first(fields, number), first(self.group, "OrgnlMsgId")) is not None
        if named and _meaning(told) is not None:
            total = first(fields, "OrgnlCtrlSum") or first(self.group, "OrgnlCtrlSum")
            self.whole.append(self._answer(None, told, fields, (amount_in(total), "")))

    def _answer(self, payout: int | None, status: str, fields: Fields, money: tuple[int, str]) -> PaymentAnswer:
        """The reason of the narrowest level that gives one."""
        levels = (fields, self.batch, self.group)
        code = next((code for each in levels if (code := first(each, "StsRsnInf/Rsn/Cd"))), "")[:4]
        general = payout is None or not first(fields, "StsRsnInf/Rsn/Cd")
        said = next((said for each in levels if (said := first(each, "StsRsnInf/AddtlInf"))), "")
        file = file_in(first(self.group, "OrgnlMsgId"), first(self.batch, "OrgnlPmtInfId"))
        return PaymentAnswer(payout, file, status in PAID, *money, code=code, said=said[:SAID], general=general)


def _meaning(status: str) -> bool | None:
    """Paid, not paid, or no answer yet."""
    return status in PAID if status in PAID | FAILED else None


LARGEST = 5 * 1024 * 1024  # bytes
DEEPEST = 40
_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.053|camt\.054|pain\.002)\.001\.\d\d")


@dataclass(frozen=True, slots=True)
class BankMessage:
    """The money that came in, what became of payouts, and all `others` of a statement's lines, in the message's order;
    `wise`: Wise's list, not a bank's. `accounts`: whose lines these are. `debtors`: the accounts that a report names as
    its payments' payers, each with the first payment it is said of. `balances`: a statement's, the oldest first."""

    credits: list[Credit]
    answers: list[PaymentAnswer]
    wise: bool = False
    debtors: Mapping[str, str] = field(default_factory=dict)
    others: list[BankLine] = field(default_factory=list)
    balances: list[StatementBalance] = field(default_factory=list)
    accounts: tuple[str, ...] = ()


def message_of(entries: Entries, debtors: Mapping[str, str]) -> BankMessage:
    """Return the message that holds these entries."""
    return BankMessage(
        entries.credits,
        entries.answers,
        debtors=debtors,
        others=entries.others,
        balances=entries.balances,
        accounts=tuple(sorted(entries.accounts)),
    )


class Reader(Protocol):
    """Is given each element's path below the document, when it begins and when it has ended."""

    debtors: dict[str, str]

    def began(self, path: Path, given: Attributes) -> None: ...

    def ended(self, path: Path, words: str) -> None: ...

    def found(self) -> Entries: ...


READERS: dict[str, Callable[[], Reader]] = {
    "BkToCstmrStmt": Statement,
    "BkToCstmrDbtCdtNtfctn": Statement,
    "CstmrPmtStsRpt": StatusReport,
}


class _Document(Parser):
    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []
        self.reader: Reader | None = None

    def start(self, name: str, given: Attributes) -> None:
        if not self.path and not (name == "Document" and any(map(_NAMESPACE.fullmatch, given.values()))):
            raise StatementFlaw("kind")
        self.path.append(name)
        if len(self.path) > DEEPEST:
            raise StatementFlaw("xml")
        if len(self.path) == 2:
            if name not in READERS or self.reader is not None:
                raise StatementFlaw("kind")
            self.reader = READERS[name]()
        if self.reader is not None:
            self.reader.began(self.path[2:], given)
        self.listen()

    def end(self, name: str) -> None:
        words = self.text().strip()
        if self.reader is not None and len(self.path) > 2:
            self.reader.ended(self.path[2:], words)
        self.path.pop()


def read_bank_message(place: BinaryIO) -> BankMessage:
    """Raises StatementFlaw."""
    place.seek(0, 2)
    if place.tell() > LARGEST:
        raise StatementFlaw("size")
    place.seek(0)
    document = _Document()
    try:
        for block in blocks(place):
            document.feed(block)
    except (expat.ExpatError, UnicodeError, LookupError, ValueError):
        raise StatementFlaw("xml") from None
    reader = document.reader
    return message_of(reader.found(), reader.debtors) if reader else BankMessage([], [])
