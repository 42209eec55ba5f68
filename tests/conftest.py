"""Databases for tests: each has one to itself, on SQLite and on PostgreSQL, already brought to this version.

One PostgreSQL server a session, from a wheel; it runs as root and as anybody, and ends with the session.
"""

import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from domain.moments import Moment
from storage.database import Database, one_transaction
from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import migrate
from storage.secrets import CHOICES
from tests.databases import Server, memory, start_postgresql
from tests.file_order import in_file_order
from tests.sqlite_files import Files, SQLiteFiles

if TYPE_CHECKING:
    from tests.simulator.paged import Pages


BOTH = ("sqlite", "postgresql")
TEMPLATE = "pouce_template"
UNNEEDED = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")  # by databases that live for seconds
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
    "cli/test_wheel.py",  # the demo, with its crowd
    "contract/test_results.py",  # a story
    "formats/test_sandbox.py",  # processes with limits of time
    "services/money/test_timestamps.py",  # calls to servers of the test's own: what waits for them has little patience
    "services/people/test_webhooks.py",  # the same
)


# What waits more than it works begins first, beside the rest: at the end of the run it would keep one process alone.
WAITING = ("crash/", "machines/test_flows.py", "cli/test_wheel.py")


def pytest_sessionstart() -> None:
    gc.disable()  # until all tests are there: what is imported stays


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One rerun there, named in the summary; never where a result follows from the code alone."""
    for item in items:
        if _place(item.path).startswith(RERUN):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: not _place(item.path).startswith(WAITING))


@cache
def _place(module: Path) -> str:
    return module.relative_to(Path(__file__).parent).as_posix()


def pytest_collection_finish() -> None:
    """Garbage is looked for seldom, and not in what was there before: a fifteenth of the suite's CPU went there."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


PLANT = """
INSERT INTO secrets (name, value, made_at) VALUES (:name, :value, :now)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, made_at = excluded.made_at"""


def plant_secret(url: str) -> None:
    """What is drawn by lot is drawn the same in every run."""
    with one_transaction(url, Moment(1_800_000_000_000)) as unit:
        unit.connection.changed(PLANT, name=CHOICES, value=b"planted".hex(), now=unit.now)


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
    with server.keeping_connections():
        yield server
    running.cleanup()
    shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pages() -> AsyncIterator["Pages"]:
    """Of the one browser that a process of the suite starts."""
    from tests.simulator.paged import Pages, a_browser

    async with a_browser() as browser:
        yield Pages(browser)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "pouce.db"
    migrate(dialect_of(f"sqlite:///{path}"))
    plant_secret(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sqlite_files() -> Iterator[SQLiteFiles]:
    files = SQLiteFiles()
    with files.keeping_connections():
        yield files


@pytest.fixture
def sqlite_url(sqlite_template: Path, sqlite_files: SQLiteFiles) -> Iterator[str]:
    """A migrated SQLite database of this test's own."""
    with tempfile.TemporaryDirectory(prefix="pouce-", dir=memory()) as folder:
        path = Path(shutil.copy(sqlite_template, Path(folder) / "pouce.db"))
        yield sqlite_files.begin(path)
        sqlite_files.end(path)


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """A migrated PostgreSQL database that is this test's own until it ends."""
    url = postgresql_server.copy(TEMPLATE)
    yield url
    postgresql_server.drop(url)


@pytest.fixture
def tasks_in_file_order() -> Iterator[None]:
    """Tasks are given out in the order of their file (tests/file_order.py), where a test tells of particular ones."""
    with in_file_order():
        yield


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
        files, template = (request.getfixturevalue(name) for name in ("sqlite_files", "sqlite_template"))
        yield Files(Path(folder), files), f"sqlite:///{template}"


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
