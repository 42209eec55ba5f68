"""A step that nobody sees is durable with the next commit of others: it waits for no disk, and is lost whole."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from domain.moments import Moment
from storage.database import one_transaction
from storage.drivers.dialects import dialect_of
from storage.drivers.writer import WriterThread
from storage.unit import UnitOfWork
from tests.storage.test_writer import job

WAITS = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
FULL, NORMAL = 2, 1  # of SQLite: each commit waits for the disk, none does


@pytest.fixture
def writer(database_url: str) -> Iterator[WriterThread]:
    made = WriterThread(dialect_of(database_url), lambda signals, handed: None)
    if made.dialect.name == "postgresql":  # databases of tests do without
        made._open().changed("SET synchronous_commit = on")
    yield made
    if made.connection is not None:
        made.connection.close()


def waits(writer: WriterThread, now: Moment, *lazy: bool) -> list[bool]:
    """Whether each of these, done together, waits for the disk."""

    def look(unit: UnitOfWork) -> bool:
        return unit.connection.peek(WAITS[writer.dialect.name])[0][0] in (FULL, "on")

    jobs = [job(look, now) for _ in lazy]
    for each, is_lazy in zip(jobs, lazy, strict=True):
        each.is_lazy = is_lazy
    writer._settle(jobs)
    return [each.result for each in jobs]


def test_steps_alone_do_not_wait_for_the_disk(writer: WriterThread, now: Moment):
    assert waits(writer, now, True) == [False]
    assert waits(writer, now, True, True) == [False, False]


def test_an_answer_waits_for_the_disk_also_after_and_beside_a_step(writer: WriterThread, now: Moment):
    assert waits(writer, now, False) == [True]
    assert waits(writer, now, True) == [False]
    assert waits(writer, now, False) == [True]
    assert waits(writer, now, True, False) == [True, True]


def put(unit: UnitOfWork, name: str) -> None:
    unit.settings.store(name, "there")


def test_steps_that_are_lost_with_the_power_are_lost_whole(tmp_path: Path, now: Moment, sqlite_url: str):
    """The log as the disk has it after the last commit that waited, with some of what came later, or none."""
    writer = WriterThread(dialect_of(sqlite_url), lambda signals, handed: None)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    log = file.with_name(f"{file.name}-wal")
    writer._settle([job(partial(put, name="answer"), now)])
    on_disk = log.stat().st_size
    step = job(partial(put, name="step"), now)
    step.is_lazy = True
    writer._settle([step])
    written = log.stat().st_size
    assert written > on_disk
    for left, expected in ((on_disk, None), (written - 100, None), (written, "there")):
        copy = tmp_path / "copy.db"
        shutil.copy(file, copy)
        Path(f"{copy}-wal").write_bytes(log.read_bytes()[:left])
        with one_transaction(f"sqlite:///{copy}", now) as unit:
            assert unit.settings.get("answer") == "there"
            assert unit.settings.get("step") == expected
            assert unit.connection.all("PRAGMA integrity_check") == [("ok",)]
    assert writer.connection is not None
    writer.connection.close()
