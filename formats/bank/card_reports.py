"""Reader of a card provider's report of its balance: Stripe's itemized reports as CSV.

The columns are those of “Itemized balance change from activity”, “Itemized payouts” and “Itemized payout
reconciliation” (docs.stripe.com/reports/balance, docs.stripe.com/reports/payout-reconciliation). Customers' names and
addresses, which these reports may hold, are not read."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import BinaryIO

from domain.money.card_reports import ReportLine
from formats.bank.statements import MAX_ENTRIES, StatementFlaw
from formats.delimited import read_delimited
from formats.errors import FileErrors, RowError
from formats.tables.encoding import Source

NUMBER, CATEGORY = "balance_transaction_id", "reporting_category"
REQUIRED_COLUMNS = (NUMBER, CATEGORY, "currency", "gross", "fee")
DAY_COLUMNS = ("created_utc", "created", "effective_at_utc", "effective_at")
CHARGE_COLUMNS = ("charge_id", "payment_intent_id", "source_id")
MAX_LINES = 4 * MAX_ENTRIES  # of a report: a month of twenty payments a day with their refunds
_NUMBER = re.compile(r"[\w-]{1,100}", re.ASCII)
_CATEGORY = re.compile(r"[a-z_]{1,60}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,6})?")
_DAY = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


def is_card_report(head: bytes) -> bool:
    """Return whether a file with this beginning is a provider's report: the names of its columns say so."""
    names = head.split(b"\n", 1)[0].lower()
    return NUMBER.encode() in names and CATEGORY.encode() in names


def read_card_report(place: BinaryIO) -> list[ReportLine]:
    """Return the report's lines. Raise StatementFlaw if the table cannot be read, lacks a column, or has too many
    lines."""
    source = Source(place)
    if not source.head(1):
        raise StatementFlaw("csv")
    try:
        table = read_delimited(source, "csv")
        names = [name.strip().casefold() for name in table.header]
        _require_columns(names)
        lines: list[ReportLine] = []
        for row in table.rows():
            if isinstance(row, RowError):
                raise StatementFlaw("csv", f"{row.line}")
            if len(lines) >= MAX_LINES:
                raise StatementFlaw("lines", f"{MAX_LINES}")
            number, cells = row
            lines.append(_to_line(dict(zip(names, (f"{cell or ''}".strip() for cell in cells), strict=False)), number))
    except FileErrors:
        raise StatementFlaw("csv") from None
    return lines


def _require_columns(names: Sequence[str]) -> None:
    """Raise StatementFlaw for a column that is missing, or there twice."""
    for name in REQUIRED_COLUMNS:
        if names.count(name) != 1:
            raise StatementFlaw("column", name)
    if not any(name in names for name in DAY_COLUMNS):
        raise StatementFlaw("column", DAY_COLUMNS[0])


def _to_line(cells: dict[str, str], row: int) -> ReportLine:
    """Return the row's line. Raise StatementFlaw with the row for a cell that is not as the provider writes it."""
    day = next((cells[name] for name in DAY_COLUMNS if cells.get(name)), "")[:10]
    currency, category = cells["currency"].upper(), cells[CATEGORY].lower()
    checks = ((_NUMBER, cells[NUMBER]), (_CATEGORY, category), (_CURRENCY, currency), (_DAY, day))
    if not all(pattern.fullmatch(cell) for pattern, cell in checks):
        raise StatementFlaw("csv", f"{row}")
    charges = dict.fromkeys(cells.get(name, "") for name in CHARGE_COLUMNS)
    return ReportLine(
        number=cells[NUMBER],
        category=category,
        currency=currency,
        gross=_read_amount(cells["gross"], row),
        fee=_read_amount(cells["fee"], row),
        charges=tuple(charge for charge in charges if _NUMBER.fullmatch(charge)),
        day=day,
    )


def _read_amount(text: str, row: int) -> int:
    """Return an amount in millionths; an empty cell is none. Raise StatementFlaw with the row for anything else."""
    if not _AMOUNT.fullmatch(text or "0"):
        raise StatementFlaw("csv", f"{row}")
    return int(Decimal((text or "0").replace(",", ".")).scaleb(6))
