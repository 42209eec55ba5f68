"""A bank file: ISO 20022 credit transfers, pain.001.001.09, the same bytes for the same payments, valid by its schema.

The library writes and brings the schema; message id, group and time are given instead of random, so that a bank
recognises a repeated file.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sepaxml import SepaTransfer
from text_unidecode import unidecode

from domain.money.amounts import CENT

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
