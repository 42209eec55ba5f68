"""Where is measured: new databases, deleted afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import migrate
from tests.databases import start_postgresql

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}  # as tables name them


@dataclass(frozen=True, slots=True)
class Fresh:
    """A migrated database at `url` that waits for the disk, and a folder for what else is needed."""

    url: str
    folder: Path


@contextmanager
def fresh(database: str, place: Path | None = None) -> Iterator[Fresh]:
    """`sqlite`, or `postgresql` with a server of its own; `place` may be a file system that never waits for a disk."""
    folder = Path(tempfile.mkdtemp(prefix="pouce-", dir=place))
    server = start_postgresql(folder) if database == "postgresql" else None
    try:
        url = server.get_uri() if server else f"sqlite:///{folder / 'pouce.db'}"
        migrate(dialect_of(url))
        yield Fresh(url, folder)
    finally:
        if server:
            server.cleanup()
        shutil.rmtree(folder)
