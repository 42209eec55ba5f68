"""Reader of a bank's statement as a table: the money that came in, by columns that its reader names.

If no column is the bank's own number, a row is identified by all its cells and its place among equal rows of the
file."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import BinaryIO

from domain.money.bank_statements import BankLine
from formats.bank.statements import (
    MAX_ENTRIES,
    MAX_TEXT_CHARS,
    Credit,
    StatementFlaw,
    amount_millionths,
    find_payer,
    flag_equal_numbers,
)
from formats.delimited import read_delimited
from formats.errors import FileErrors, RowError
from formats.tables.encoding import Source

COLUMN_KEYS = ("amount", "details", "reference", "payer", "currency")
REQUIRED_KEYS = ("amount", "details")
_MONEY = re.compile(r"([+-]?)(\d{1,3}(?:[.,' ]\d{3})+|\d+)(?:[.,](\d{1,2}))?")


def read_mapping(caption: str) -> dict[str, str]:
    """Return the columns by our keys, from lines such as `amount: Betrag` behind the caption's first. Raise
    StatementFlaw with the key or word at fault."""
    columns = dict[str, str]()
    for line in caption.splitlines()[1:]:
        key, _, column = (part.strip() for part in line.partition(":"))
        if key and (key.lower() not in COLUMN_KEYS or not column):
            raise StatementFlaw("mapping", key)
        columns[key.lower()] = column
    missing_keys = [key for key in REQUIRED_KEYS if key not in columns]
    if missing_keys:
        raise StatementFlaw("mapping", missing_keys[0])
    return {key: column for key, column in columns.items() if key}


def read_csv_statement(place: BinaryIO, mapping: Mapping[str, str], account: str, currency: str) -> list[Credit]:
    """Return each row that brings money to `account`; `currency` counts if no column names one. Credits that share
    a number are flawed. Raise StatementFlaw if the table cannot be read or lacks a column."""
    source = Source(place)
    if not source.head(1):
        raise StatementFlaw("csv")
    try:
        table = read_delimited(source, "csv")
        names = [name.strip().casefold() for name in table.header]
        positions = {key: _find_column(names, column) for key, column in mapping.items()}
        rows = list(_iter_rows(table.rows()))
    except FileErrors:
        raise StatementFlaw("csv") from None
    digest_counts = Counter[str]()
    credits = [_to_credit(cells, positions, account, currency, digest_counts) for cells in rows]
    return flag_equal_numbers([credit for credit in credits if credit is not None])


def _iter_rows(rows: Iterator[tuple[int, Sequence[object]] | RowError]) -> Iterator[list[str]]:
    """Yield the stripped cells of each row. Raise StatementFlaw for a bad row or too many."""
    for count, row in enumerate(rows):
        if isinstance(row, RowError):
            raise StatementFlaw("csv", f"{row.line}")
        if count >= MAX_ENTRIES:
            raise StatementFlaw("many")
        yield [f"{cell or ''}".strip() for cell in row[1]]


def _find_column(names: Sequence[str], column: str) -> int:
    """Return the column's position. Raise StatementFlaw if the header does not have it exactly once."""
    if names.count(column.casefold()) != 1:
        raise StatementFlaw("column", column)
    return names.index(column.casefold())


def _to_credit(
    cells: Sequence[str], positions: Mapping[str, int], account: str, currency: str, digest_counts: Counter[str]
) -> Credit | None:
    """Return the row's credit, or None for a debit and for a row without an amount. Counts the row in
    `digest_counts`."""
    digest = sha256("\x1f".join(cells).encode()).hexdigest()[:32]
    digest_counts[digest] += 1
    values = {column_key: cells[position] for column_key, position in positions.items()}
    if not values["amount"] or values["amount"].startswith(("-", "−")):
        return None
    amount, person = _read_amount(values["amount"]), find_payer([values["details"]])
    number = values.get("reference") or f"{digest} {digest_counts[digest]}"
    flaw = "amount" if not amount else "reference" if person is None else ""
    payer, details = values.get("payer", "")[:MAX_TEXT_CHARS], values["details"][:MAX_TEXT_CHARS]
    key = sha256(f"row\n{account}\n{number}\n{values['amount']}\n{digest_counts[digest]}".encode()).hexdigest()[:32]
    line = BankLine(
        key=key,
        view="table",
        entry="",
        debit=False,
        amount=amount,
        currency=values.get("currency") or currency,
        written=values["amount"][:MAX_TEXT_CHARS],
        booked_on="",
        reference=values.get("reference", "")[:MAX_TEXT_CHARS],
        party=payer,
        said=details,
    )
    return _credit_of_line(line, account, number, person, flaw)


def _credit_of_line(line: BankLine, account: str, number: str, person: int | None, flaw: str) -> Credit:
    return Credit(
        account=account,
        number=number,
        amount=line.amount,
        currency=line.currency,
        payer=line.party,
        said=line.said,
        person=person,
        flaw=flaw,
        source="row",
        line=line,
    )


def _read_amount(text: str) -> int:
    """Return the amount in millionths, from 1.234,56 and 1,234.56 alike; 0 if it is none or ambiguous: one group of
    three behind one sign."""
    match = _MONEY.fullmatch(
        text.removesuffix("€").removesuffix("EUR").strip().replace("\u202f", " ").replace("\xa0", " ")
    )
    if match is None or (match[3] is None and sum(map(match[2].count, ".,")) == 1):
        return 0
    return amount_millionths(re.sub(r"\D", "", match[2]) + "." + (match[3] or "0"))
