"""A bank file: ISO 20022 credit transfers, pain.001.001.09, the same bytes for the same payments, valid by its schema.

The library writes and brings the schema; message id, group and time are given instead of random, so that a bank
recognises a repeated file.
"""

import csv
import re
import xml.etree.ElementTree as ET
from collections.abc import (
    Callable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import TYPE_CHECKING, BinaryIO

from sepaxml import SepaTransfer
from text_unidecode import unidecode

from domain.money.amounts import CENT, as_decimal
from domain.money.payouts import Channel
from formats.bank.statements import (
    MOST,
    PaymentAnswer,
    StatementFlaw,
    amount_in,
    payout_in,
)
from formats.delimited import read_delimited
from formats.errors import FileErrors, RowError
from formats.tables.encoding import Source

if TYPE_CHECKING:
    from xmlschema import XMLSchema10


SCHEMA = "pain.001.001.09"
NAME = 70  # characters
_FOREIGN = re.compile(r"[^A-Za-z0-9/?:().,'+ -]+")  # characters outside the European Payments Council's guidelines
_NAMES = {"": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


class NotABankFile(Exception):
    """The file is not valid by its schema and must not be uploaded."""


@dataclass(frozen=True, slots=True)
class Payment:
    """`reference` is its id at the bank and in the ledger (EndToEndId); `amount` is in whole cents' millionths.
    `account` is an IBAN or, through Wise, an e-mail address; `target` is the currency that arrives there."""

    reference: str
    name: str
    account: str
    amount: int
    text: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """`number` becomes the MsgId; files with the same number have the same moment and account. `instant`: SCT Inst.
    `day`: when it asks to be paid, else the moment's own."""

    number: str
    made_at: datetime
    currency: str
    payer_name: str
    payer_iban: str
    payer_bic: str
    instant: bool = False
    day: date | None = None


def bank_file(head: Heading, payments: Sequence[Payment]) -> bytes:
    """Raises NotABankFile."""
    config = {
        "name": carried(head.payer_name),
        "IBAN": head.payer_iban,
        "BIC": head.payer_bic,
        "batch": True,
        "currency": head.currency,
        "domestic": head.currency != "EUR",  # SEPA's service level is for euros
    }
    transfer = SepaTransfer(config, schema=SCHEMA, clean=False)
    for payment in payments:
        transfer.add_payment(_as_told(payment, head))
    written = _numbered(transfer.export(validate=False), head)
    if flaw := next(_schema().iter_errors(written.decode()), None):
        raise NotABankFile(type(flaw).__name__)
    return written


@cache
def _schema() -> "XMLSchema10":
    """Built once, and not before a file needs it: it takes longer than a thousand payments."""
    from xmlschema import XMLSchema10

    return XMLSchema10(str(files("sepaxml") / "schemas" / f"{SCHEMA}.xsd"))


def carried(name: str) -> str:
    """In the letters that banks can carry: é → e, & → a blank."""
    return " ".join(_FOREIGN.sub(" ", unidecode(name)).split())[:NAME].strip() or "NOTPROVIDED"


def _as_told(payment: Payment, head: Heading) -> dict[str, object]:
    return {
        "name": carried(payment.name),
        "IBAN": payment.account,
        "amount": payment.amount // CENT,
        "execution_date": head.day or head.made_at.date(),
        "description": payment.text,
        "endtoend_id": payment.reference,
    }


def _numbered(written: bytes, head: Heading) -> bytes:
    """The library's numbers and time of writing give way to ours; it knows no instant transfers."""
    document = ET.fromstring(written)  # noqa: S314 (it was written two lines ago, by us)
    for place, value in (
        ("CstmrCdtTrfInitn/GrpHdr/MsgId", head.number),
        ("CstmrCdtTrfInitn/GrpHdr/CreDtTm", head.made_at.strftime("%Y-%m-%dT%H:%M:%S")),
        ("CstmrCdtTrfInitn/PmtInf/PmtInfId", f"{head.number}-1"),
    ):
        for found in document.iterfind(place, _NAMES):
            found.text = value
    if head.instant:
        for kind in document.iterfind("CstmrCdtTrfInitn/PmtInf/PmtTpInf", _NAMES):
            instrument = ET.SubElement(kind, f"{{{_NAMES['']}}}LclInstrm")
            ET.SubElement(instrument, f"{{{_NAMES['']}}}Cd").text = "INST"
    ET.register_namespace("", _NAMES[""])
    ET.indent(document)
    text: str = ET.tostring(document, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


COLUMNS = (
    *("name", "recipientEmail", "paymentReference", "receiverType"),
    *("amountCurrency", "amount", "sourceCurrency", "targetCurrency"),
)
PAID, FAILED = ("COMPLETED",), ("CANCELLED", "REFUNDED")  # other states are no answer yet
STATUS, DIRECTION, SENT, FEE, CURRENCY, FEE_CURRENCY, REFERENCE = (
    *("status", "direction", "source amount (after fees)", "source fee amount"),
    *("source currency", "source fee currency", "reference"),
)
NEEDED = (STATUS, SENT, CURRENCY, REFERENCE)
LONGEST = 100  # characters of an address
_EMAIL = re.compile(r"[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9])?@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,24}")


def read_email(text: str) -> str | None:
    """In small letters; None for what is no address."""
    found = text.strip().lower()
    return found if len(found) <= LONGEST and ".." not in found and _EMAIL.fullmatch(found) else None


def wise_batch(head: Heading, payments: Sequence[Payment]) -> bytes:
    """The same bytes for the same payments."""
    written = StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for each in payments:
        amount = f"{as_decimal(each.amount // CENT * CENT):.2f}"
        name = carried(each.name).lstrip("+- ") or "NOTPROVIDED"  # no spreadsheet takes it for a formula
        table.writerow([name, each.account, each.reference, "PERSON", "source", amount, head.currency, each.target])
    return written.getvalue().encode()


def read_wise(place: BinaryIO) -> list[PaymentAnswer]:
    """What became of our payments. Other people's rows, and states that are no answer, are left out. Raises
    StatementFlaw."""
    source = Source(place)
    if not source.head(1):
        raise StatementFlaw("csv")
    try:
        table = read_delimited(source, "csv")
        names = [name.strip().casefold() for name in table.header]
        missing = [name for name in NEEDED if names.count(name) != 1]
        if missing:
            raise StatementFlaw("column", missing[0])
        return [found for row in _rows(table.rows(), names) if (found := _answer(row)) is not None]
    except FileErrors:
        raise StatementFlaw("csv") from None


def _rows(rows: Iterator[tuple[int, Sequence[object]] | RowError], names: Sequence[str]) -> Iterator[dict[str, str]]:
    for count, row in enumerate(rows):
        if isinstance(row, RowError):
            raise StatementFlaw("csv", f"{row.line}")
        if count >= MOST * 2:
            raise StatementFlaw("many")
        yield {name: f"{cell or ''}".strip() for name, cell in zip(names, row[1], strict=False)}


def _answer(row: dict[str, str]) -> PaymentAnswer | None:
    payout, status = payout_in(row.get(REFERENCE, "")), row.get(STATUS, "").upper()
    if payout is None or status not in (*PAID, *FAILED) or row.get(DIRECTION, "OUT").upper() != "OUT":
        return None
    currency = row.get(CURRENCY, "")
    fee = amount_in(row.get(FEE, "")) if row.get(FEE_CURRENCY, currency) == currency else 0
    amount = amount_in(row.get(SENT, "")) + fee
    return PaymentAnswer(payout, None, status in PAID, amount, currency, code=status, said=status, channel="wise")


@dataclass(frozen=True, slots=True)
class PaymentFormat:
    """`write` returns the same bytes for the same payments."""

    suffix: str
    media_type: str
    write: Callable[[Heading, Sequence[Payment]], bytes]


FORMATS: Mapping[str, PaymentFormat] = {
    Channel.SEPA: PaymentFormat("xml", "application/xml", bank_file),
    Channel.WISE: PaymentFormat("csv", "text/csv", wise_batch),
}
