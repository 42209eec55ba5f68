"""Where is measured: a database with a project under way, on SQLite or on PostgreSQL; both wait for the disk.

One of each size is furnished once; each round works on a copy of it.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.pipeline.people import OPTIONS, truth_of
from bot.clock import wall_clock
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.people.settings import Preferences
from domain.projects.projects import ProjectId
from storage.database import one_transaction
from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import migrate
from tests.databases import start_postgresql
from tests.house import House, furnish

PAY, FEE = Millionths(10), Millionths(1)
TASKS, GOLD = 20_000, 2_000
WORKERS = "SELECT id FROM people WHERE consented_at IS NOT NULL ORDER BY id LIMIT :people"
PROJECT = "SELECT id, requester FROM projects"
GROWN = "SELECT relname FROM pg_stat_user_tables WHERE n_tup_ins > 50"


@dataclass(frozen=True, slots=True)
class Size:
    """A tenth of the tasks is gold. Few tasks are answered by more people, so that they last."""

    name: str
    tasks: int
    workers: int
    overlap: int = 3


SMALL = Size("small", 1_000, 100, 100)
MIDDLE = Size("middle", 100_000, 10_000)
LARGE = Size("large", 1_000_000, 100_000)
SIZES = {size.name: size for size in (SMALL, MIDDLE, LARGE)}


@dataclass
class Grounds:
    """Templates by (database, size), and one PostgreSQL server for all; everything is deleted at the end."""

    folder: Path
    made: dict[tuple[str, str], str] = field(default_factory=dict)
    server: Any = None
    copies: int = 0

    @contextmanager
    def fresh(self, database: str, size: Size, people: int) -> Iterator[tuple[str, House]]:
        """(address, house) of a copy nobody has used."""
        template = self.made.get((database, size.name)) or self._make(database, size, people)
        self.copies += 1
        if database == "sqlite":
            path = self.folder / f"copy{self.copies}.db"
            shutil.copy(template, path)
            yield f"sqlite:///{path}", _house(f"sqlite:///{path}", people)
            for left in self.folder.glob(f"{path.name}*"):
                left.unlink()
        else:
            name = f"copy{self.copies}"
            self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
            url = self.server.get_uri(database=name)
            yield url, _house(url, people)
            self._run(f"DROP DATABASE {name} WITH (FORCE)", "CHECKPOINT")

    def _make(self, database: str, size: Size, people: int) -> str:
        if database == "sqlite":
            made = str(self.folder / f"{size.name}.db")
            url = f"sqlite:///{made}"
        else:
            self.server = self.server or start_postgresql(self.folder)
            made = f"template_{size.name}"
            self._run(f"CREATE DATABASE {made}")
            url = self.server.get_uri(database=made)
        migrate(dialect_of(url))
        with one_transaction(url, wall_clock()) as unit:
            workers, gold = max(people, size.workers), size.tasks // 10
            asked: dict[str, Any] = {"overlap": size.overlap, "max_overlap": size.overlap, "pay": PAY, "fee": FEE}
            known = {number: OPTIONS[truth_of(number)] for number in range(size.tasks - gold + 1, size.tasks + 1)}
            furnish(unit, workers, size.tasks - gold, gold, known=known, **asked)
        _settle(url)
        self.made[database, size.name] = made
        return made

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.server.get_uri(database="postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def _settle(url: str) -> None:
    """As a database is that has been there for a while: PostgreSQL counts by itself what has grown by more than 50 rows
    and takes no other table for empty; SQLite counts nothing."""
    dialect = dialect_of(url)
    connection = dialect.open()
    grown = [] if dialect.one_process else [f"VACUUM ANALYZE {name}" for (name,) in connection.all(GROWN)]
    for statement in grown or ("VACUUM",):
        connection.changed(statement)
    connection.close()


def choose_new_messages(url: str, house: House) -> None:
    """Have the workers choose a message a task in their settings; by default a task takes the message of the last."""
    with one_transaction(url, wall_clock()) as unit:
        for worker in house.workers:
            unit.preferences.store(worker, Preferences(in_place=False))


def _house(url: str, people: int) -> House:
    with one_transaction(url, wall_clock(), read_only=True) as unit:
        workers = tuple(PersonId(row[0]) for row in unit.connection.all(WORKERS, people=people))
        project, requester = unit.connection.all(PROJECT)[0]
    return House(PersonId(requester), workers, ProjectId(project), ())


@contextmanager
def grounds() -> Iterator[Grounds]:
    folder = Path(tempfile.mkdtemp(prefix="pouce-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        made = Grounds(folder)
        stack.callback(lambda: made.server and made.server.cleanup())
        yield made


@contextmanager
def ground(database: str, people: int) -> Iterator[tuple[str, House]]:
    """One alone, of 22,000 tasks for so many workers."""
    with grounds() as made, made.fresh(database, Size("alone", TASKS + GOLD, people), people) as found:
        yield found
