"""Where is measured: a small project people answer in, a hundred thousand workers who wait, a file of so many rows."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from benchmarks.databases import fresh
from benchmarks.pipeline.people import OPTIONS, truth_of
from bot.clock import wall_clock
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, Transfer, requester_account
from domain.money.pricing import Terms
from domain.people.accounts import Person
from formats.captions.caption import ProjectForm
from formats.tables.sandbox import ReadRequest, SandboxLimits, read_in_sandbox
from jobs.uploads import reading
from jobs.uploads.progress import UploadProgress
from services.projects import drafts
from services.projects.drafts import Sent
from storage.database import Database, one_transaction
from storage.drivers.connection import Connection
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import REQUESTER, House, furnish

TASKS, GOLD, PEOPLE = 20_000, 2_000, 16
MORE = 100_000  # rows at most that come in while people answer
TERMS = Terms("EUR", Decimal(10), Millionths(0))
FORM = ProjectForm(title="Pleased?", instructions=("Read.",), pay=10, options=("positive", "negative"))
FIRST = 5_000_000  # Telegram ids of those who wait
NEVER = 9_000_000_000_000  # their hours do not end
WAITS = """
INSERT INTO people (telegram_id, name, language, consented_at, joined_at, idle, served_at, push_changes_at)
VALUES (:number, 'Worker', 'en', 1, 1, :idle, :number, :never)"""
REST = "UPDATE people SET idle = :idle WHERE telegram_id >= :first"


@dataclass(frozen=True, slots=True)
class Ground:
    """`file` is a file of `tasks` rows on disk, `more` one that comes in while people answer; the people of `house`
    answer in a project of their own."""

    url: str
    file: Path
    more: Path
    tasks: int
    house: House


@contextmanager
def ground(database: str, tasks: int, workers: int, folder: Path | None = None) -> Iterator[Ground]:
    """A new, migrated database that waits for the disk, where there is one under `folder`."""
    with fresh(database, folder) as found:
        with one_transaction(found.url, wall_clock()) as unit:
            known = {number: OPTIONS[truth_of(number)] for number in range(TASKS + 1, TASKS + GOLD + 1)}
            house = furnish(unit, PEOPLE, TASKS, GOLD, known=known, pay=Millionths(10), fee=Millionths(1))
            _fund(unit)
            rows = ({"number": FIRST + at, "idle": 0, "never": NEVER} for at in range(workers))
            unit.connection.many(WAITS, rows)
        file, more = found.folder / "tasks.csv", found.folder / "more.csv"
        write_file(file, tasks)
        write_file(more, min(tasks, MORE))
        yield Ground(found.url, file, more, tasks, house)


def write_file(path: Path, tasks: int) -> None:
    """One task in twenty is gold. Its truth goes by its number, which goes on from an even one."""
    with path.open("w", newline="") as written:
        table = csv.writer(written)
        table.writerow(["text", "gold"])
        table.writerows(
            [f"review {at}: was it good?", "" if at % 20 else OPTIONS[truth_of(at + 1)]] for at in range(tasks)
        )


async def bring(database: Database, path: Path, name: str) -> int:
    """A file as the bot takes it: checked in a process of its own, written step by step, shown."""
    with path.open("rb") as place, TemporaryFile() as rows:
        asked = ReadRequest(path.name, FORM.options, FORM.kind, None, limits=SandboxLimits(size=1 << 30))
        delivered = Sent(await read_in_sandbox(place, cast(BinaryIO, rows), asked), path.name, name)
        await reading.stage_rows(
            database,
            wall_clock,
            lambda unit: drafts.begin_project(unit, requester(unit), FORM, delivered, TERMS),
            delivered,
            UploadProgress(path.name),
        )
        await database.transact(
            lambda unit: drafts.create_draft(act_of(unit, requester(unit).id), FORM, delivered), wall_clock()
        )
    return len(delivered.file.rows)


def requester(unit: UnitOfWork) -> Person:
    found = unit.people.find_by_telegram_id(REQUESTER)
    assert found is not None
    return found


def _fund(unit: UnitOfWork) -> None:
    account = requester_account(requester(unit))
    unit.ledger.post(Transfer("deposit:scale", "deposit", BANK, account, Millionths(10**12), "EUR"))


def wake(connection: Connection, waits: bool) -> None:
    """Whether those who wait may be pushed to."""
    connection.changed(REST, idle=int(waits), first=FIRST)
