"""The text of statements: where one of a script ends, and which tables it reads or writes."""

import re
import sqlite3
from functools import lru_cache

WORDS = re.compile(r"[a-z_]+")
CHANGES = re.compile(r"\b(?:INSERT|UPDATE|DELETE)\b")
# SQLite makes a table in memory of a list of three and more, for each row that it checks: 1.2 µs each.
ONE_OF = re.compile(r"CHECK \((\w+) IN \(((?:[^(),]+, ){2,}[^(),]+)\)\)")
WRITES = re.compile(r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+(\w+)")


def one_by_one(script: str) -> str:
    """The same with checks that compare with each value in turn."""
    return ONE_OF.sub(_either, script)


def _either(check: re.Match[str]) -> str:
    return f"CHECK ({' OR '.join(f'{check[1]} = {each}' for each in check[2].split(', '))})"


def statements(script: str) -> list[str]:
    """Splits a script by sqlite3.complete_statement (triggers contain semicolons)."""
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found


@lru_cache(maxsize=4096)
def reads(sql: str) -> frozenset[str] | None:
    """Words that a reading statement may name tables by; None for any other."""
    verb = sql.split(None, 1)[0].upper()
    asks = verb == "SELECT" or (verb == "WITH" and not CHANGES.search(sql))
    return frozenset(WORDS.findall(sql)) if asks else None


@lru_cache(maxsize=4096)
def target(sql: str) -> str | None:
    """The table that a statement writes to; None where that is unknown."""
    found = WRITES.match(sql)
    return found[1] if found else None
