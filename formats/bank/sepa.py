"""Bank files: ISO 20022 credit transfers (pain.001.001.09) and Wise's batches; the same bytes for the same
payments, valid by their schema.

The library writes the file and brings the schema; message id, group and time are ours instead of random, so that a
bank recognises a repeated file."""

import csv
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from formats.bank.statements import MAX_ENTRIES, PaymentAnswer, StatementFlaw, amount_millionths, find_payout
from formats.delimited import read_delimited
from formats.errors import FileErrors, RowError
from formats.tables.encoding import Source

if TYPE_CHECKING:
    from xmlschema import XMLSchema10


SCHEMA = "pain.001.001.09"
MAX_NAME_CHARS = 70  # characters
_UNSUPPORTED = re.compile(r"[^A-Za-z0-9/?:().,'+ -]+")  # characters outside the European Payments Council's guidelines
_NAMESPACES = {"": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


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
class BankFileHeading:
    """The head of a bank file. `number` becomes the MsgId; files with the same number have the same moment and
    account. `instant`: SCT Inst. `day`: the requested day of payment, else the moment's own."""

    number: str
    made_at: datetime
    currency: str
    payer_name: str
    payer_iban: str
    payer_bic: str
    instant: bool = False
    day: date | None = None


def write_bank_file(head: BankFileHeading, payments: Sequence[Payment]) -> bytes:
    """Return the bank file. Raise NotABankFile if it would not be valid by its schema."""
    config = {
        "name": to_bank_characters(head.payer_name),
        "IBAN": head.payer_iban,
        "BIC": head.payer_bic,
        "batch": True,
        "currency": head.currency,
        "domestic": head.currency != "EUR",  # SEPA's service level is for euros
    }
    transfer = SepaTransfer(config, schema=SCHEMA, clean=False)
    for payment in payments:
        transfer.add_payment(_to_transfer(payment, head))
    content = _with_own_numbers(transfer.export(validate=False), head)
    if flaw := next(_schema().iter_errors(content.decode()), None):
        raise NotABankFile(type(flaw).__name__)
    return content


@cache
def _schema() -> "XMLSchema10":
    """Return the schema, built once and only when a file needs it: it takes longer than a thousand payments."""
    from xmlschema import XMLSchema10

    return XMLSchema10(str(files("sepaxml") / "schemas" / f"{SCHEMA}.xsd"))


def to_bank_characters(name: str) -> str:
    """Return the name in the letters that banks can carry: é becomes e, & a blank."""
    return " ".join(_UNSUPPORTED.sub(" ", unidecode(name)).split())[:MAX_NAME_CHARS].strip() or "NOTPROVIDED"


def _to_transfer(payment: Payment, head: BankFileHeading) -> dict[str, object]:
    return {
        "name": to_bank_characters(payment.name),
        "IBAN": payment.account,
        "amount": payment.amount // CENT,
        "execution_date": head.day or head.made_at.date(),
        "description": payment.text,
        "endtoend_id": payment.reference,
    }


def _with_own_numbers(content: bytes, head: BankFileHeading) -> bytes:
    """Return the file with our numbers and time in place of the library's; marks instant transfers, which the
    library does not know."""
    document = ET.fromstring(content)  # noqa: S314 (it was written two lines ago, by us)
    for place, value in (
        ("CstmrCdtTrfInitn/GrpHdr/MsgId", head.number),
        ("CstmrCdtTrfInitn/GrpHdr/CreDtTm", head.made_at.strftime("%Y-%m-%dT%H:%M:%S")),
        ("CstmrCdtTrfInitn/PmtInf/PmtInfId", f"{head.number}-1"),
    ):
        for element in document.iterfind(place, _NAMESPACES):
            element.text = value
    if head.instant:
        for kind in document.iterfind("CstmrCdtTrfInitn/PmtInf/PmtTpInf", _NAMESPACES):
            instrument = ET.SubElement(kind, f"{{{_NAMESPACES['']}}}LclInstrm")
            ET.SubElement(instrument, f"{{{_NAMESPACES['']}}}Cd").text = "INST"
    ET.register_namespace("", _NAMESPACES[""])
    ET.indent(document)
    text: str = ET.tostring(document, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


WISE_COLUMNS = (
    *("name", "recipientEmail", "paymentReference", "receiverType"),
    *("amountCurrency", "amount", "sourceCurrency", "targetCurrency"),
)
PAID_STATES, FAILED_STATES = ("COMPLETED",), ("CANCELLED", "REFUNDED")  # other states are no answer yet
STATUS, DIRECTION, SENT, FEE, CURRENCY, FEE_CURRENCY, REFERENCE = (
    *("status", "direction", "source amount (after fees)", "source fee amount"),
    *("source currency", "source fee currency", "reference"),
)
REQUIRED_COLUMNS = (STATUS, SENT, CURRENCY, REFERENCE)
MAX_EMAIL_CHARS = 100  # characters of an address
_EMAIL = re.compile(r"[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9])?@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,24}")


def read_email(text: str) -> str | None:
    """Return the address in small letters, or None if it is none."""
    address = text.strip().lower()
    return address if len(address) <= MAX_EMAIL_CHARS and ".." not in address and _EMAIL.fullmatch(address) else None


def write_wise_batch(head: BankFileHeading, payments: Sequence[Payment]) -> bytes:
    """Return Wise's batch file; the same bytes for the same payments."""
    buffer = StringIO()
    table = csv.writer(buffer, lineterminator="\r\n")
    table.writerow(WISE_COLUMNS)
    for payment in payments:
        amount = f"{as_decimal(payment.amount // CENT * CENT):.2f}"
        name = to_bank_characters(payment.name).lstrip("+- ") or "NOTPROVIDED"  # no spreadsheet takes it for a formula
        table.writerow(
            [name, payment.account, payment.reference, "PERSON", "source", amount, head.currency, payment.target]
        )
    return buffer.getvalue().encode()


def read_wise_answers(place: BinaryIO) -> list[PaymentAnswer]:
    """Return the answers about our payments. Other people's rows, and states that are no answer yet, are left out.
    Raise StatementFlaw."""
    source = Source(place)
    if not source.head(1):
        raise StatementFlaw("csv")
    try:
        table = read_delimited(source, "csv")
        names = [name.strip().casefold() for name in table.header]
        missing_columns = [name for name in REQUIRED_COLUMNS if names.count(name) != 1]
        if missing_columns:
            raise StatementFlaw("column", missing_columns[0])
        return [answer for row in _iter_rows(table.rows(), names) if (answer := _to_answer(row)) is not None]
    except FileErrors:
        raise StatementFlaw("csv") from None


def _iter_rows(
    rows: Iterator[tuple[int, Sequence[object]] | RowError], names: Sequence[str]
) -> Iterator[dict[str, str]]:
    for count, row in enumerate(rows):
        if isinstance(row, RowError):
            raise StatementFlaw("csv", f"{row.line}")
        if count >= MAX_ENTRIES * 2:
            raise StatementFlaw("many")
        yield {name: f"{cell or ''}".strip() for name, cell in zip(names, row[1], strict=False)}


def _to_answer(row: dict[str, str]) -> PaymentAnswer | None:
    """Return the row's answer, or None if it is of no payout of ours, not settled yet, or incoming."""
    payout, status = find_payout(row.get(REFERENCE, "")), row.get(STATUS, "").upper()
    if payout is None or status not in (*PAID_STATES, *FAILED_STATES) or row.get(DIRECTION, "OUT").upper() != "OUT":
        return None
    currency = row.get(CURRENCY, "")
    fee = amount_millionths(row.get(FEE, "")) if row.get(FEE_CURRENCY, currency) == currency else 0
    amount = amount_millionths(row.get(SENT, "")) + fee
    return PaymentAnswer(
        payout, None, status in PAID_STATES, amount, currency, code=status, said=status, channel="wise"
    )


@dataclass(frozen=True, slots=True)
class PaymentFormat:
    """A format of bank files; `write` returns the same bytes for the same payments."""

    suffix: str
    media_type: str
    write: Callable[[BankFileHeading, Sequence[Payment]], bytes]


FORMATS: Mapping[str, PaymentFormat] = {
    Channel.SEPA: PaymentFormat("xml", "application/xml", write_bank_file),
    Channel.WISE: PaymentFormat("csv", "text/csv", write_wise_batch),
}
