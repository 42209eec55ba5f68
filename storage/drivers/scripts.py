"""Scripts of several statements, for a driver that runs one at a time."""

import sqlite3


def statements(script: str) -> list[str]:
    """Splits where SQLite itself says a statement is complete (triggers hold semicolons)."""
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found
