"""Databases with one constraint less."""

import re

from storage.drivers.connection import Connection
from storage.drivers.dialects import dialect_of

TABLE = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"
# Indexes and triggers go with their table.
BESIDE = "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type <> 'table' AND sql IS NOT NULL"
CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = CAST(:table AS regclass)"""


def drop_constraints(url: str, table: str, *constraints: str) -> None:
    """Takes away each constraint: `CHECK (…)` or `UNIQUE (…)`, as the migration has it."""
    connection = dialect_of(url).open()
    try:
        (_on_sqlite if connection.dialect == "sqlite" else _on_postgresql)(connection, table, constraints)
    finally:
        connection.close()


def _on_postgresql(connection: Connection, table: str, constraints: tuple[str, ...]) -> None:
    names = {_bare(text): name for name, text in connection.all(CONSTRAINTS, table=table)}
    for definition in constraints:
        connection.changed(f"ALTER TABLE {table} DROP CONSTRAINT {names[_bare(definition)]} CASCADE")


def _bare(definition: str) -> str:
    """Databases set spaces and parentheses as they like."""
    return re.sub(r"[()\s]", "", definition)


def _on_sqlite(connection: Connection, table: str, constraints: tuple[str, ...]) -> None:
    connection.script("PRAGMA foreign_keys = OFF;\n")
    connection.script("PRAGMA legacy_alter_table = ON;\n")
    ((sql,),) = connection.all(TABLE, table=table)
    beside = connection.all(BESIDE, table=table)
    bare = sql
    for definition in constraints:
        bare = _without(bare, definition)
    bare = bare.replace(table, "bare", 1).replace('"bare"', "bare", 1)
    move = f"INSERT INTO bare SELECT * FROM {table}", f"DROP TABLE {table}", f"ALTER TABLE bare RENAME TO {table}"
    for statement in (bare, *move, *(row[0] for row in beside)):
        connection.changed(statement)


def _without(sql: str, definition: str) -> str:
    """The table's text with a constraint of the whole table, or a column's UNIQUE, cut out."""
    column = definition.removeprefix("UNIQUE (").removesuffix(")")
    lines = sql.splitlines()
    for at, line in enumerate(lines):
        if line.strip(" ,") == definition:
            del lines[at]
            lines[at - 1] = lines[at - 1].rstrip(",") + ("," if at < len(lines) - 1 else "")
            return "\n".join(lines)
        if definition.startswith("UNIQUE") and line.split()[:1] == [column] and " UNIQUE" in line:
            lines[at] = line.replace(" UNIQUE", "")
            return "\n".join(lines)
    raise LookupError(f"no {definition} in {sql}")
