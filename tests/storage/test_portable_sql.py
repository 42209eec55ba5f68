"""Every statement stays within what PostgreSQL, Citus on its coordinator and YugabyteDB document; what goes beyond is
in one named place each (docs/how-to/add-a-process.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

STORAGE = Path("storage")
# What one of them lacks, or does in another way.
BEYOND = {
    "advisory locks": r"\bpg_(?:try_)?advisory",
    "notifications": r"\b(?-i:(?:UN)?LISTEN)\s|\bpg_notify",
    "triggers by statement": r"\bREFERENCING (?:NEW|OLD) TABLE",
    "table locks": r"\bLOCK TABLE\b",
    "skipping what is locked": r"\b(?:SKIP LOCKED|NOWAIT)\b",
    "merging": r"\bMERGE INTO\b",
    "late constraints": r"\bDEFERRABLE\b",
    "exclusions": r"\bEXCLUDE USING\b",
    "inheritance": r"\bINHERITS\s*\(",
    "rules": r"\bCREATE (?:OR REPLACE )?RULE\b",
    "places of rows": r"\b[ct]tid\b",
    "tables without a log": r"\bUNLOGGED\b",
    "samples": r"\bTABLESAMPLE\b",
    "computed columns": r"\bGENERATED ALWAYS AS\b",
    "large objects": r"\blo_(?:import|export|create)\b",
    "two phases": r"\bPREPARE TRANSACTION\b",
    "other indexes": r"\bUSING (?:gist|gin|brin|spgist|hash)\b",
    "extensions": r"\bCREATE EXTENSION\b",
}
PLACES = {
    "advisory locks": {"drivers/postgresql.py"},
    "notifications": {"drivers/postgresql.py"},
    "triggers by statement": {"migrations/0001_baseline.postgresql.sql"},
}


def beyond(text: str) -> set[str]:
    return {name for name, words in BEYOND.items() if re.search(words, text, re.IGNORECASE)}


def texts() -> Iterator[tuple[str, str]]:
    """Every text in the storage's modules, and every migration for PostgreSQL."""
    for path in sorted(STORAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield str(path.relative_to(STORAGE)), node.value
    for path in sorted(STORAGE.glob("migrations/*.sql")):
        if not path.name.endswith(".sqlite.sql"):
            statements = (line for line in path.read_text().splitlines() if not line.startswith("--"))
            yield str(path.relative_to(STORAGE)), "\n".join(statements)


def test_what_not_all_servers_have_is_in_its_place() -> None:
    found: dict[str, set[str]] = {}
    for place, text in texts():
        for name in beyond(text):
            found.setdefault(name, set()).add(place)
    assert found == PLACES


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("SELECT id FROM tasks FOR UPDATE SKIP LOCKED", "skipping what is locked"),
        ("lock table people", "table locks"),
        ("SELECT pg_try_advisory_lock(1)", "advisory locks"),
        ("CREATE INDEX a ON b USING gin (c)", "other indexes"),
        ("DELETE FROM inbox WHERE ctid = :at", "places of rows"),
    ],
)
def test_what_is_beyond_is_seen(statement: str, name: str) -> None:
    assert beyond(statement) == {name}
