"""Bonuses from a table: the columns worker, amount and reason, in any order; others are passed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from domain.money.amounts import AmountFlaw, Millionths, read_amount
from formats.delimited import read_delimited
from formats.errors import (
    Findings,
    RowError,
    problem,
    refused,
)
from formats.tables.encoding import Source

LARGEST = 1 << 20  # bytes
MOST = 500  # rows
LONGEST = 300  # characters of a reason
COLUMNS = ("worker", "amount", "reason")


class BonusRow(NamedTuple):
    """`worker` as it stands in the file, in lower case."""

    line: int
    worker: str
    amount: Millionths
    reason: str


def read_bonuses(content: bytes, extension: str, currency: str) -> list[BonusRow]:
    """Every row, in the file's order. Raises FileErrors with all that is wrong."""
    table = read_delimited(Source(content), extension)
    names = [name.strip().casefold() for name in table.header]
    for column in COLUMNS:
        if names.count(column) != 1:
            raise refused(table.line, column, ", ".join(table.header), "bonus_columns")
    places = [names.index(column) for column in COLUMNS]
    findings, found = Findings(), list[BonusRow]()
    for row in table.rows():
        read_row = row if isinstance(row, RowError) else _row(row[0], [row[1][at].strip() for at in places], currency)
        if isinstance(read_row, RowError):
            findings.add(read_row)
        else:
            found.append(read_row)
    findings.raise_if_any()
    if not 0 < len(found) <= MOST:
        raise refused(1, "", str(len(found)), "rows_at_most" if found else "rows", limit=MOST)
    return found


def _row(line: int, cells: Sequence[str], currency: str) -> BonusRow | RowError:
    worker, said, words = cells
    reason = " ".join(words.split())
    if not worker:
        return problem(line, "worker", worker, "bonus_worker")
    if len(reason) > LONGEST:
        return problem(line, "reason", reason, "length", limit=LONGEST, found=len(reason))
    if not any(letter.isalpha() for letter in reason):
        return problem(line, "reason", reason, "bonus_reason")
    try:
        amount = read_amount(said, currency)
    except AmountFlaw as flaw:
        return problem(line, "amount", said, flaw.why, **flaw.facts)
    return (
        BonusRow(line, worker.lower(), amount, reason) if amount else problem(line, "amount", said, "amount_positive")
    )
