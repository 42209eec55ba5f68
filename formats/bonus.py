"""Bonuses from a table: the columns worker, amount and reason, in any order; other columns are ignored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.money.amounts import AmountFlaw, Millionths, read_amount
from formats.delimited import read_delimited
from formats.errors import ErrorCollector, RowError, row_problem, unreadable_file
from formats.tables.encoding import Source

MAX_BYTES = 1 << 20  # bytes
MAX_ROWS = 500  # rows
MAX_REASON_CHARS = 300  # characters of a reason
COLUMNS = ("worker", "amount", "reason")


class BonusRow(NamedTuple):
    """One bonus of the file; `line` is its line there, `worker` is as in the file, in small letters."""

    line: int
    worker: str
    amount: Millionths
    reason: str


def read_bonuses(content: bytes, extension: str, currency: str) -> list[BonusRow]:
    """Return every row, in the file's order. Raise FileErrors with all problems: of columns, of rows, none or too
    many of them."""
    table = read_delimited(Source(content), extension)
    names = [name.strip().casefold() for name in table.header]
    for column in COLUMNS:
        if names.count(column) != 1:
            raise unreadable_file(table.line, column, ", ".join(table.header), "bonus_columns")
    positions = [names.index(column) for column in COLUMNS]
    findings, bonuses = ErrorCollector(), list[BonusRow]()
    for row in table.rows():
        read_row = (
            row
            if isinstance(row, RowError)
            else _read_row(row[0], [row[1][position].strip() for position in positions], currency)
        )
        if isinstance(read_row, RowError):
            findings.add(read_row)
        else:
            bonuses.append(read_row)
    findings.raise_if_any()
    if not 0 < len(bonuses) <= MAX_ROWS:
        raise unreadable_file(1, "", str(len(bonuses)), "rows_at_most" if bonuses else "rows", limit=MAX_ROWS)
    return bonuses


def _read_row(line: int, cells: Sequence[str], currency: str) -> BonusRow | RowError:
    """Return the bonus, or the first problem of its row."""
    worker, amount_text, reason_text = cells
    reason = " ".join(reason_text.split())
    if not worker:
        return row_problem(line, "worker", worker, "bonus_worker")
    if len(reason) > MAX_REASON_CHARS:
        return row_problem(line, "reason", reason, "length", limit=MAX_REASON_CHARS, found=len(reason))
    if not any(letter.isalpha() for letter in reason):
        return row_problem(line, "reason", reason, "bonus_reason")
    try:
        amount = read_amount(amount_text, currency)
    except AmountFlaw as flaw:
        return row_problem(line, "amount", amount_text, flaw.why, **flaw.facts)
    return (
        BonusRow(line, worker.lower(), amount, reason)
        if amount
        else row_problem(line, "amount", amount_text, "amount_positive")
    )
