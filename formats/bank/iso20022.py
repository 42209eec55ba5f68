"""A bank's message, ISO 20022: a statement (camt.053), an advice (camt.054) or a report on payments (pain.002).

Read as a stream: a document type, and so every entity of its own, is refused; size, depth and entries are bounded.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol
from xml.parsers import expat

from domain.money.bank_lines import BankLine, StatementBalance
from formats.bank.camt import Statement
from formats.bank.credits import Credit
from formats.bank.entries import Entries
from formats.bank.fields import Path, PaymentAnswer, StatementFlaw
from formats.bank.status_report import StatusReport
from formats.spreadsheets.workbook import Attributes, Parser, blocks

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
