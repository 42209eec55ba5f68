"""Wise: a batch of payments by e-mail as CSV, and its list of transfers read back.

Read in November 2026 on wise.com/help (articles 2663302, 2663296): the template "Send by email" has these columns, at
most 1,000 rows; with `source` the amount is exact in the currency that is sent, and Wise's fee is taken from it. The
recipient gets an e-mail and has a week to give bank details; else the money comes back.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import BinaryIO

from domain.money.amounts import CENT, as_decimal
from formats.bank.fields import MOST, PaymentAnswer, StatementFlaw, amount_in, payout_in
from formats.bank.sepa import Heading, Payment, carried
from formats.delimited import read
from formats.errors import FileErrors, RowError
from formats.tables.source import Source

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
        table = read(source, "csv")
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
