"""Commands of the tax papers, and the tables that they write."""

from collections.abc import Sequence
from pathlib import Path

from bot.cli.ledger import format_count
from jobs.statements import to_csv_bytes
from services.money.statements import Rows
from storage.backups import in_place


def write_csv(file: str, columns: Sequence[str], rows: Rows) -> int:
    """Write rows into a file that only its owner can read, and print how many."""
    with in_place(Path(file)) as part:
        part.touch(mode=0o600)
        part.write_bytes(to_csv_bytes(columns, rows))
    print(f"{file}: {format_count(len(rows), 'row')}")
    return 0
