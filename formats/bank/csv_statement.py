"""A bank's statement as a table → the money that came in, by columns that its reader names.

Where no column is the bank's own number, a row is known by all its cells and its place among equal rows of the file.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import BinaryIO

from domain.money.bank_statements import BankLine
from formats.bank.statements import (
    MOST,
    SAID,
    Credit,
    StatementFlaw,
    alone,
    amount_in,
    payer_in,
)
from formats.delimited import read_delimited
from formats.errors import FileErrors, RowError
from formats.tables.encoding import Source

COLUMNS = ("amount", "details", "reference", "payer", "currency")
NEEDED = ("amount", "details")
_MONEY = re.compile(r"([+-]?)(\d{1,3}(?:[.,' ]\d{3})+|\d+)(?:[.,](\d{1,2}))?")


def mapping_of(caption: str) -> dict[str, str]:
    """`amount: Betrag` and so on, a line each behind the first. Raises StatementFlaw with the word at fault."""
    found = dict[str, str]()
    for line in caption.splitlines()[1:]:
        what, _, column = (part.strip() for part in line.partition(":"))
        if what and (what.lower() not in COLUMNS or not column):
            raise StatementFlaw("mapping", what)
        found[what.lower()] = column
    missing = [what for what in NEEDED if what not in found]
    if missing:
        raise StatementFlaw("mapping", missing[0])
    return {what: column for what, column in found.items() if what}


def read_csv_statement(place: BinaryIO, mapping: Mapping[str, str], account: str, currency: str) -> list[Credit]:
    """Every row that brings money to `account`; `currency` counts where no column names one. Raises StatementFlaw."""
    source = Source(place)
    if not source.head(1):
        raise StatementFlaw("csv")
    try:
        table = read_delimited(source, "csv")
        names = [name.strip().casefold() for name in table.header]
        places = {what: _place(names, column) for what, column in mapping.items()}
        rows = list(_rows(table.rows()))
    except FileErrors:
        raise StatementFlaw("csv") from None
    seen = Counter[str]()
    found = [_credit(cells, places, account, currency, seen) for cells in rows]
    return alone([each for each in found if each is not None])


def _rows(rows: Iterator[tuple[int, Sequence[object]] | RowError]) -> Iterator[list[str]]:
    for count, row in enumerate(rows):
        if isinstance(row, RowError):
            raise StatementFlaw("csv", f"{row.line}")
        if count >= MOST:
            raise StatementFlaw("many")
        yield [f"{cell or ''}".strip() for cell in row[1]]


def _place(names: Sequence[str], column: str) -> int:
    if names.count(column.casefold()) != 1:
        raise StatementFlaw("column", column)
    return names.index(column.casefold())


def _credit(
    cells: Sequence[str], places: Mapping[str, int], account: str, currency: str, seen: Counter[str]
) -> Credit | None:
    """None for a debit and for a row without an amount."""
    whole = sha256("\x1f".join(cells).encode()).hexdigest()[:32]
    seen[whole] += 1
    told = {what: cells[place] for what, place in places.items()}
    if not told["amount"] or told["amount"].startswith(("-", "−")):
        return None
    amount, person = _amount(told["amount"]), payer_in([told["details"]])
    number = told.get("reference") or f"{whole} {seen[whole]}"
    flaw = "amount" if not amount else "reference" if person is None else ""
    payer, said = told.get("payer", "")[:SAID], told["details"][:SAID]
    money = (amount, told.get("currency") or currency)
    key = sha256(f"row\n{account}\n{number}\n{told['amount']}\n{seen[whole]}".encode()).hexdigest()[:32]
    bank_number = told.get("reference", "")[:SAID]
    line = BankLine(key, "table", "", False, *money, told["amount"][:SAID], "", bank_number, payer, said)
    return Credit(account, number, *money, payer, said, person, flaw, "row", line)


def _amount(text: str) -> int:
    """1.234,56 and 1,234.56 alike; a lone group of three behind one sign could be either, and is none."""
    match = _MONEY.fullmatch(
        text.removesuffix("€").removesuffix("EUR").strip().replace("\u202f", " ").replace("\xa0", " ")
    )
    if match is None or (match[3] is None and sum(map(match[2].count, ".,")) == 1):
        return 0
    return amount_in(re.sub(r"\D", "", match[2]) + "." + (match[3] or "0"))
