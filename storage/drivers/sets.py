"""Pending rows as statements for many rows each, made of the tables' declarations, on both databases.

SQLite runs a statement for each row (`executemany`); PostgreSQL gets an array of values for each name, and runs one
statement for all rows."""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from domain.messages import changed, record
from storage.drivers.connection import NAMED_VALUE, Row
from storage.drivers.rows import Columns, Numbered, Pending, Table, Writing

Types = Mapping[str, str]  # of a table's columns, as PostgreSQL calls them

GUARD_PREFIX = "was_"  # begins the name of the value that a guarded column must still have
ROWS_PER_STATEMENT = (64, 16, 4)  # rows of one statement on SQLite: a third less than one by one
VALUES = re.compile(r"\sVALUES (\([^()]*\))\s*(?:ON CONFLICT [^:]*)?$")
TYPE_BY_CLASS = {int: "BIGINT", str: "TEXT", float: "DOUBLE PRECISION"}


def writings(pending: Mapping[Table, Pending]) -> Iterator[Writing]:
    """Yield the statements for pending rows in the order in which tables refer to each other; in each table rows are
    removed first and added last."""
    for table in sorted(pending, key=lambda table: table.order):
        pending_rows = pending[table]
        if pending_rows.removed:
            yield Writing(
                table, _delete(table), [_row(table, key, guard) for key, guard in pending_rows.removed.items()]
            )
        groups: dict[tuple[str, ...], list[Columns]] = {}
        for key, columns in pending_rows.changed.items():
            row = {**columns, **_row(table, key, pending_rows.guards.get(key))}
            groups.setdefault(tuple(columns), []).append(row)
        for names, rows in groups.items():
            yield Writing(table, _update(table, names), rows)
        if pending_rows.added:
            added = list(pending_rows.added.values())
            yield Writing(table, _insert(table, tuple(added[0])), added, True, _awaited(pending_rows.added))


def _awaited(added: Mapping[Hashable, Columns]) -> Sequence[Numbered]:
    keys = tuple(key for key in added if isinstance(key, Numbered))
    return keys if len(keys) == len(added) else ()


def set_ids(writing: Writing, last: int) -> None:
    """Set the ids of new rows, which follow each other and end with `last`."""
    for number, key in enumerate(writing.awaited, last - len(writing.awaited) + 1):
        key.id = number


def _row(table: Table, key: Any, guard: Any) -> Columns:
    row = {table.keys[0]: key} if len(table.keys) == 1 else dict(zip(table.keys, key, strict=True))
    if table.guard:
        row[GUARD_PREFIX + table.guard] = guard
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
    guard = (f"{table.name}.{table.guard} = :{GUARD_PREFIX}{table.guard}",) if table.guard else ()
    return " AND ".join((*(f"{table.name}.{name} = :{name}" for name in table.keys), *guard))


@lru_cache(maxsize=1024)
def as_set(sql: str, kinds: tuple[str, ...]) -> str:
    """Return a statement for one row as PostgreSQL's statement for many rows.

    A SELECT's rows begin with the number, from 1, of the row of values they belong to; an INSERT adds its rows in that
    order."""
    names = list_names(sql)
    statement = NAMED_VALUE.sub(lambda match: match[1] or f"given.v_{match[2]}", sql.strip())
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in zip(names, kinds, strict=True))
    values = f"unnest({arrays}) WITH ORDINALITY AS given({', '.join(f'v_{name}' for name in names)}, nth)"
    verb = statement.split(None, 1)[0]
    if verb == "SELECT":
        return f"SELECT given.nth, q.* FROM {values} CROSS JOIN LATERAL ({statement} OFFSET 0) AS q"
    if verb == "INSERT":
        return _insert_all(statement, values)
    where = statement.rindex(" WHERE ")
    return f"{statement[:where]} {'USING' if verb == 'DELETE' else 'FROM'} {values}{statement[where:]}"


def _insert_all(statement: str, values: str) -> str:
    begins = min(offset for offset in (statement.find(word) for word in ("\nSELECT ", " VALUES ")) if offset >= 0)
    ends = statement.find("\nON CONFLICT")
    query, tail = statement[begins : ends if ends >= 0 else None], statement[ends:] if ends >= 0 else ""
    rows = f"SELECT q.* FROM {values} CROSS JOIN LATERAL ({query.strip()}) AS q ORDER BY given.nth"
    return f"{statement[:begins]} {rows} {tail}"


@lru_cache(maxsize=1024)
def list_names(sql: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[2] for match in NAMED_VALUE.finditer(sql) if match[2]))


def arrays(sql: str, rows: Sequence[Mapping[str, Any]], types: Types) -> tuple[str, dict[str, str]]:
    """Return the statement for all rows, and its values as arrays. `types` are those of columns named like a value."""
    return _as_arrays(sql, {name: [row[name] for row in rows] for name in list_names(sql)}, types)


def arrays_in_order(sql: str, rows: Sequence[Row], types: Types) -> tuple[str, dict[str, str]]:
    """Return the same as `arrays` for rows that have the values in the order of their names."""
    return _as_arrays(sql, dict(zip(list_names(sql), map(list, zip(*rows, strict=True)), strict=True)), types)


def _as_arrays(sql: str, columns: Mapping[str, list[Any]], types: Types) -> tuple[str, dict[str, str]]:
    kinds = tuple(_kind(values, types.get(name, "TEXT")) for name, values in columns.items())
    return as_set(sql, kinds), {name: _array(values) for name, values in columns.items()}


def _kind(values: list[Any], default: str) -> str:
    """Return the PostgreSQL type for the values: a float's if any value is one; the default if all are None."""
    kinds = set(map(type, values))
    if float in kinds:
        return TYPE_BY_CLASS[float]
    return next((TYPE_BY_CLASS[kind] for kind in TYPE_BY_CLASS if kind in kinds), default)


def _array(values: list[Any]) -> str:
    """Return an array in PostgreSQL's text form; values of one class are spelled quickly."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return f"{{{','.join(map(str, values))}}}"
    if kinds == {str}:
        return f'{{"{_texts(values)}"}}'
    return f"{{{','.join(map(_element, values))}}}"


def _texts(values: list[str]) -> str:
    """Return texts as elements of an array, joined and split by NUL. Raise ValueError if a text holds a NUL."""
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
    """A statement with numbers for names, and a function that takes the values in that order: names would be looked up
    one by one for each row. `many` are (rows, statement) for several rows at once, where each row is one of VALUES."""

    one: str
    many: tuple[tuple[int, str], ...]
    values: Callable[[Mapping[str, Any]], Sequence[Any]]


@lru_cache(maxsize=256)
def by_place(sql: str) -> ByPlace:
    names = list_names(sql)
    numbers = {name: str(number) for number, name in enumerate(names, start=1)}
    one = NAMED_VALUE.sub(lambda match: match[1] or f"?{numbers[match[2]]}", sql)
    row = VALUES.search(sql)
    marks = NAMED_VALUE.sub(lambda match: match[1] or "?", row[1]) if row else ""
    in_order = row is not None and [match[2] for match in NAMED_VALUE.finditer(sql) if match[2]] == list(names)
    many = [(count, ", ".join([marks] * count)) for count in ROWS_PER_STATEMENT] if row and in_order else []
    several = tuple((rows, f"{sql[: row.start(1)]}{places}{sql[row.end(1) :]}") for rows, places in many if row)
    return ByPlace(one, several, itemgetter(*names) if len(names) > 1 else lambda row: [row[name] for name in names])


@lru_cache(maxsize=256)
def many_rows_by_place(sql: str) -> ByPlace:
    """Return the statement by place for a statement whose rows do not read each other: an INSERT of a SELECT, or an
    UPDATE that returns something, reads many rows of values, too."""
    match, names = by_place(sql), list_names(sql)
    value_names, places = ", ".join(f"v_{name}" for name in names), f"({', '.join('?' * len(names))})"
    around = _around_given(NAMED_VALUE.sub(lambda match: match[1] or f"given.v_{match[2]}", sql.strip()))
    if around is None:
        return match
    before, after = around
    rows = (
        (rows, f"WITH given({value_names}) AS (VALUES {', '.join([places] * rows)})") for rows in ROWS_PER_STATEMENT
    )
    return changed(match, many=tuple((number, f"{before}{values} {after}") for number, values in rows))


def _around_given(statement: str) -> tuple[str, str] | None:
    """Return the parts of the statement before and after the given rows; None where one row at a time is as quick.

    An INSERT begins with its name, because Python counts the rows of no other statement."""
    if statement.startswith("UPDATE"):
        return ("", "\nFROM given WHERE ".join(statement.rsplit(" WHERE ", 1))) if " RETURNING " in statement else None
    if "\nSELECT " not in statement:
        return None
    before, reads = statement.split("\nSELECT ", 1)
    from_given = ("\nFROM ", "\nFROM given CROSS JOIN ") if "\nFROM " in reads else ("\nWHERE ", "\nFROM given WHERE ")
    return f"{before}\n", f"SELECT {reads.replace(*from_given, 1)}"
