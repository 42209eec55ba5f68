"""Scripts of several statements, for a driver that runs one at a time."""

import sqlite3


def statements(script: str) -> list[str]:
    """Splits a script by sqlite3.complete_statement (triggers contain semicolons)."""
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found
