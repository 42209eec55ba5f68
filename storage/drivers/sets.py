"""Pending rows as statements, each for many rows: made of the tables' own declarations, on both databases.

SQLite runs a statement for each row (`executemany`); PostgreSQL gets a column of values for each name, as an array,
and runs one statement for all rows.
"""

import re
from collections.abc import (
    Callable,
    Hashable,
    Iterator,
    Mapping,
    Sequence,
)
from functools import lru_cache
from operator import itemgetter
from typing import Any

from domain.messages import changed, record
from storage.drivers.connection import NAMED, Row
from storage.drivers.rows import (
    Columns,
    Numbered,
    Pending,
    Table,
    Writing,
)

Types = Mapping[str, str]  # of a table's columns, as PostgreSQL calls them

WAS = "was_"  # begins the name of the value that a guarded column must still have
AT_ONCE = (64, 16, 4)  # rows of one statement on SQLite: a third less than one by one
VALUES = re.compile(r"\sVALUES (\([^()]*\))\s*(?:ON CONFLICT [^:]*)?$")
KINDS = {int: "BIGINT", str: "TEXT", float: "DOUBLE PRECISION"}


def writings(pending: Mapping[Table, Pending]) -> Iterator[Writing]:
    """In the order in which rows refer to each other; of one table, what goes before what comes."""
    for table in sorted(pending, key=lambda table: table.order):
        found = pending[table]
        if found.removed:
            yield Writing(table, _delete(table), [_row(table, key, was) for key, was in found.removed.items()])
        groups: dict[tuple[str, ...], list[Columns]] = {}
        for key, columns in found.changed.items():
            row = {**columns, **_row(table, key, found.guards.get(key))}
            groups.setdefault(tuple(columns), []).append(row)
        for names, rows in groups.items():
            yield Writing(table, _update(table, names), rows)
        if found.added:
            added = list(found.added.values())
            yield Writing(table, _insert(table, tuple(added[0])), added, True, _awaited(found.added))


def _awaited(added: Mapping[Hashable, Columns]) -> Sequence[Numbered]:
    keys = tuple(key for key in added if isinstance(key, Numbered))
    return keys if len(keys) == len(added) else ()


def tell_ids(asked: Writing, last: int) -> None:
    """The ids of new rows up to the last one, which follow each other."""
    for number, key in enumerate(asked.awaited, last - len(asked.awaited) + 1):
        key.id = number


def _row(table: Table, key: Any, was: Any) -> Columns:
    row = {table.keys[0]: key} if len(table.keys) == 1 else dict(zip(table.keys, key, strict=True))
    if table.guard:
        row[WAS + table.guard] = was
    return row


@lru_cache(maxsize=256)
def _delete(table: Table) -> str:
    return f"DELETE FROM {table.name} WHERE {_where(table)}"


@lru_cache(maxsize=256)
def _update(table: Table, names: tuple[str, ...]) -> str:
    return f"UPDATE {table.name} SET {', '.join(f'{name} = :{name}' for name in names)} WHERE {_where(table)}"


@lru_cache(maxsize=256)
def _insert(table: Table, names: tuple[str, ...]) -> str:
    if table.insert is not None:
        return table.insert.sql(table.name)
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"


def _where(table: Table) -> str:
    guard = (f"{table.name}.{table.guard} = :{WAS}{table.guard}",) if table.guard else ()
    return " AND ".join((*(f"{table.name}.{name} = :{name}" for name in table.keys), *guard))


@lru_cache(maxsize=1024)
def as_set(sql: str, kinds: tuple[str, ...]) -> str:
    """A statement for one row → PostgreSQL's for all of them. A SELECT's rows begin with the number, from 1, of the
    row of values they belong to; what an INSERT adds is added in that order."""
    names = named(sql)
    here = NAMED.sub(lambda found: found[1] or f"given.v_{found[2]}", sql.strip())
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in zip(names, kinds, strict=True))
    values = f"unnest({arrays}) WITH ORDINALITY AS given({', '.join(f'v_{name}' for name in names)}, nth)"
    verb = here.split(None, 1)[0]
    if verb == "SELECT":
        return f"SELECT given.nth, q.* FROM {values} CROSS JOIN LATERAL ({here} OFFSET 0) AS q"  # row by row of values
    if verb == "INSERT":
        return _insert_all(here, values)
    where = here.rindex(" WHERE ")
    return f"{here[:where]} {'USING' if verb == 'DELETE' else 'FROM'} {values}{here[where:]}"


def _insert_all(here: str, values: str) -> str:
    begins = min(at for at in (here.find(word) for word in ("\nSELECT ", " VALUES ")) if at >= 0)
    ends = here.find("\nON CONFLICT")
    query, tail = here[begins : ends if ends >= 0 else None], here[ends:] if ends >= 0 else ""
    return (
        f"{here[:begins]} SELECT q.* FROM {values} CROSS JOIN LATERAL ({query.strip()}) AS q ORDER BY given.nth {tail}"
    )


@lru_cache(maxsize=1024)
def named(sql: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found[2] for found in NAMED.finditer(sql) if found[2]))


def arrays(sql: str, rows: Sequence[Mapping[str, Any]], types: Types) -> tuple[str, dict[str, str]]:
    """The statement for all rows, and its values as arrays. `types` are of columns by whose name a value goes."""
    return _set_of(sql, {name: [row[name] for row in rows] for name in named(sql)}, types)


def in_order(sql: str, rows: Sequence[Row], types: Types) -> tuple[str, dict[str, str]]:
    """The same of rows that have the values in the order of their names."""
    return _set_of(sql, dict(zip(named(sql), map(list, zip(*rows, strict=True)), strict=True)), types)


def _set_of(sql: str, columns: Mapping[str, list[Any]], types: Types) -> tuple[str, dict[str, str]]:
    kinds = tuple(_kind(values, types.get(name, "TEXT")) for name, values in columns.items())
    return as_set(sql, kinds), {name: _array(values) for name, values in columns.items()}


def _kind(values: list[Any], else_: str) -> str:
    """Of the first value that is one; of a float where any is."""
    found = set(map(type, values))
    if float in found:
        return KINDS[float]
    return next((KINDS[kind] for kind in KINDS if kind in found), else_)


def _array(values: list[Any]) -> str:
    """In PostgreSQL's text form; the same kinds of values quickly."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return f"{{{','.join(map(str, values))}}}"
    if kinds == {str}:
        return f'{{"{_texts(values)}"}}'
    return f"{{{','.join(map(_element, values))}}}"


def _texts(values: list[str]) -> str:
    """No text holds a NUL, so that it can part them."""
    joined = "\0".join(values)
    if joined.count("\0") >= len(values):
        raise ValueError("no text holds a NUL")
    return joined.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return f'"{_texts([value])}"'
    return repr(value) if isinstance(value, float) else str(int(value))


@record
class ByPlace:
    """A statement with numbers for names, and what takes the values in that order: names are looked up one by one for
    each row. `many` are for so many rows, where each is one of VALUES."""

    one: str
    many: tuple[tuple[int, str], ...]
    values: Callable[[Mapping[str, Any]], Sequence[Any]]


@lru_cache(maxsize=256)
def by_place(sql: str) -> ByPlace:
    names = named(sql)
    numbers = {name: str(number) for number, name in enumerate(names, start=1)}
    one = NAMED.sub(lambda found: found[1] or f"?{numbers[found[2]]}", sql)
    row = VALUES.search(sql)
    each = NAMED.sub(lambda found: found[1] or "?", row[1]) if row else ""
    in_order = row is not None and [found[2] for found in NAMED.finditer(sql) if found[2]] == list(names)
    many = [(each_time, ", ".join([each] * each_time)) for each_time in AT_ONCE] if row and in_order else []
    several = tuple((rows, f"{sql[: row.start(1)]}{places}{sql[row.end(1) :]}") for rows, places in many if row)
    return ByPlace(one, several, itemgetter(*names) if len(names) > 1 else lambda row: [row[name] for name in names])


@lru_cache(maxsize=256)
def as_given(sql: str) -> ByPlace:
    """The same of a statement whose rows do not read each other: an INSERT of a SELECT, or an UPDATE that returns
    something, reads many rows of values, too."""
    found, names = by_place(sql), named(sql)
    given, places = ", ".join(f"v_{name}" for name in names), f"({', '.join('?' * len(names))})"
    around = _around_given(NAMED.sub(lambda found: found[1] or f"given.v_{found[2]}", sql.strip()))
    if around is None:
        return found
    before, after = around
    rows = ((rows, f"WITH given({given}) AS (VALUES {', '.join([places] * rows)})") for rows in AT_ONCE)
    return changed(found, many=tuple((number, f"{before}{values} {after}") for number, values in rows))


def _around_given(here: str) -> tuple[str, str] | None:
    """What stands before the rows given, and what reads them in their order; None where one by one is as quick. An
    INSERT begins with its name: of no other does Python count the rows."""
    if here.startswith("UPDATE"):
        return ("", "\nFROM given WHERE ".join(here.rsplit(" WHERE ", 1))) if " RETURNING " in here else None
    if "\nSELECT " not in here:
        return None
    before, reads = here.split("\nSELECT ", 1)
    ours = ("\nFROM ", "\nFROM given CROSS JOIN ") if "\nFROM " in reads else ("\nWHERE ", "\nFROM given WHERE ")
    return f"{before}\n", f"SELECT {reads.replace(*ours, 1)}"
