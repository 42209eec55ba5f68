"""The writer: what comes first in a shared commit, how often a transaction is begun, what outlives one."""

from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

import pytest

from bot.delivery.attempts import FailureServices, Outcome, OutcomeKind, record_outcomes
from domain.moments import Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, Transfer
from domain.people.accounts import PersonId
from handlers.work.tasks import SubmitAnswer
from services.work import submit
from storage.boxes.outbox import Letter
from storage.database import COMMITS_BEFORE_LAZY_STEP, COMMITS_BEFORE_STEP, one_transaction
from storage.drivers import sqlite
from storage.drivers.connection import StaleRow
from storage.drivers.dialects import dialect_of
from storage.drivers.sqlite import SQLiteConnection
from storage.drivers.writer import MAX_TRIES_OF_STALE_ROWS, TRANSACTIONS_PER_WRITE, WriteJob, WriterThread
from storage.unit import UnitOfWork
from storage.work.assignments import ASSIGNMENTS
from tests.acts import act_of, press
from tests.house import furnish
from tests.letters import due_letters, say

NOTHING = FailureServices(lambda unit, person: None, lambda unit, letter, reason: None)


class Loop:
    """Nobody waits for a result."""

    def call_soon_threadsafe(self, *told: object) -> None:
        pass


@pytest.fixture
def writer(database_url: str) -> Iterator[WriterThread]:
    made = WriterThread(dialect_of(database_url), lambda signals: None)
    yield made
    if made.connection is not None:
        made.connection.close()


def job(call: Callable[[UnitOfWork], Any], now: Moment, first: bool = False, passing: int = 0) -> WriteJob:
    return WriteJob(
        call, now, cast(AbstractEventLoop, Loop()), cast(Any, None), priority=first, commits_to_yield=passing
    )


def answer(unit: UnitOfWork, letter: Letter) -> object:
    assert letter.assignment is not None
    return press(act_of(unit, letter.person), SubmitAnswer(assignment=letter.assignment, option=0))


def lose(unit: UnitOfWork) -> None:
    """An assignment is not what it was."""
    (number,) = unit.connection.all("SELECT id FROM assignments WHERE state = 'active' ORDER BY id LIMIT 1")[0]
    unit.connection.change(ASSIGNMENTS, number, None, guard="expired", state="submitted")


def test_a_delivery_counts_before_the_answer_that_shares_its_commit(
    writer: WriterThread, database_url: str, now: Moment
) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit)
        for worker in house.workers:
            submit.show_work(unit, unit.people.get(worker))
        letters = [letter for letter in due_letters(unit, 9) if letter.assignment]
    answered = later(now, 20_000)
    answers = [job(lambda unit, letter=letter: answer(unit, letter), answered) for letter in letters]
    sent = [Outcome(letter, OutcomeKind.SENT, message_id=7) for letter in letters]
    delivered = job(lambda unit: record_outcomes(unit, sent, NOTHING), later(now, 15_000), first=True)
    batch = [*answers, delivered]
    writer._settle(batch)
    assert [each.error for each in batch] == [None] * 3
    assert writer.commits == 1
    with one_transaction(database_url, now, read_only=True) as unit:
        assert unit.connection.all("SELECT milliseconds FROM submissions") == [(5_000,), (5_000,)]


@pytest.mark.parametrize(("rows", "which"), [(64, 40), (53, 5), (53, 50), (53, 52)])
def test_a_row_that_its_set_refuses_undoes_its_own_transaction_alone(
    writer: WriterThread, database_url: str, now: Moment, rows: int, which: int
) -> None:
    """SQLite writes 64, 16, 4 or one at a time: a letter breaks a check, a transfer takes what its account has not."""
    with one_transaction(database_url, now) as unit:
        person = unit.people.upsert(1, None, "Anna", "en", now).id
        unit.ledger.open(("worker:1", "worker:2", "worker:3"), "EUR")
        unit.ledger.post(Transfer("deposit:1", "deposit", BANK, "worker:1", Millionths(rows - 1), "EUR"))

    def tell(unit: UnitOfWork, n: int, klass: str) -> None:
        say(unit, person, "s", klass=klass, n=n)

    def pay(unit: UnitOfWork, n: int, debit: str) -> None:
        unit.ledger.post_later([Transfer(f"paid:{n}", "bonus", debit, "worker:3", Millionths(1), "EUR")])

    for work, sound, broken in ((tell, "sure", "odd"), (pay, "worker:1", "worker:2")):
        jobs = [job(partial(_nth, work, n, broken if n == which else sound), now) for n in range(rows)]
        writer._settle(jobs)
        assert [n for n in range(rows) if jobs[n].error is not None] == [which]
    with one_transaction(database_url, now, read_only=True) as unit:
        told = [letter.facts["n"] for letter in due_letters(unit, 99)]
        paid = [entry.key for entry in reversed(unit.ledger.entries("worker:3", 99, "EUR"))]
    assert told == [n for n in range(rows) if n != which]
    assert paid == [f"paid:{n}" for n in told]


def _nth(work: Callable[[UnitOfWork, int, str], None], n: int, how: str, unit: UnitOfWork) -> None:
    work(unit, n, how)


def test_rows_written_while_others_run_are_there_for_whoever_reads(
    writer: WriterThread, database_url: str, now: Moment
) -> None:
    """Even those for which an account has to be opened first; what the reader adds is undone alone."""
    with one_transaction(database_url, now) as unit:
        unit.ledger.open(("worker:1",), "EUR")
        unit.ledger.post(Transfer("deposit:1", "deposit", BANK, "worker:1", Millionths(99), "EUR"))
    found: list[int] = []

    def pay(unit: UnitOfWork, n: int, how: str) -> None:
        if how == "reads":
            found.append(unit.ledger.balance("worker:2", "EUR"))
        unit.ledger.post_later([Transfer(f"paid:{n}", "bonus", "worker:1", "worker:2", Millionths(1), "EUR")])
        if how != "pays":
            raise KeyError(n)

    ways = ["pays"] * TRANSACTIONS_PER_WRITE + ["reads", "fails", "pays"]
    jobs = [job(partial(_nth, pay, n, how), now) for n, how in enumerate(ways)]
    writer._settle(jobs)
    assert [type(each.error) for each in jobs[TRANSACTIONS_PER_WRITE:]] == [KeyError, KeyError, type(None)]
    assert [each.error for each in jobs[:TRANSACTIONS_PER_WRITE]] == [None] * TRANSACTIONS_PER_WRITE
    assert found[-1] >= TRANSACTIONS_PER_WRITE
    assert writer.commits == 1
    with one_transaction(database_url, now, read_only=True) as unit:
        assert unit.ledger.balance("worker:2", "EUR") == TRANSACTIONS_PER_WRITE + 1


def test_a_row_that_is_lost_while_others_run_ends_its_own_transaction_alone(
    writer: WriterThread, database_url: str, now: Moment
) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit)
        for worker in house.workers:
            submit.show_work(unit, unit.people.get(worker))
        in_hand = unit.assignments.active_for(house.workers[0])
        assert in_hand is not None

    def tell(unit: UnitOfWork, n: int, how: str) -> None:
        say(unit, house.workers[0], "s", klass="sure", n=n)
        if how == "loses":
            unit.connection.change(ASSIGNMENTS, in_hand.id, None, guard="expired", state="submitted")

    jobs = [job(partial(_nth, tell, n, "loses" if n == 3 else "tells"), now) for n in range(2 * TRANSACTIONS_PER_WRITE)]
    writer._settle(jobs)
    assert [n for n, each in enumerate(jobs) if each.error is not None] == [3]
    assert isinstance(jobs[3].error, StaleRow)
    with one_transaction(database_url, now, read_only=True) as unit:
        assert (
            len([letter for letter in due_letters(unit, 99) if "n" in letter.facts]) == 2 * TRANSACTIONS_PER_WRITE - 1
        )


@pytest.mark.parametrize("times", [COMMITS_BEFORE_LAZY_STEP, COMMITS_BEFORE_STEP])
def test_a_step_of_a_long_work_lets_others_pass_so_often(writer: WriterThread, now: Moment, times: int) -> None:
    step, other = job(lose, now, passing=times), job(lose, now)
    writer.jobs.put(step)
    for _ in range(times):
        writer.jobs.put(other)
        assert writer._gather() == [other]
    writer.jobs.put(other)
    assert writer._gather() == [step, other]


def test_a_writer_that_is_stopped_does_what_others_have_passed(writer: WriterThread, now: Moment) -> None:
    step, other = job(lose, now, passing=2), job(lose, now)
    for each in (step, other, None):
        writer.jobs.put(each)
    assert [writer._gather() for _ in range(3)] == [[other], [step], []]


def test_a_transaction_that_fails_alone_is_begun_once(writer: WriterThread, now: Moment) -> None:
    begun = []

    def fail(unit: UnitOfWork) -> None:
        begun.append(unit)
        unit.connection.send("INSERT INTO leases (name, holder, until) VALUES ('relay', 'me', NULL)")

    failing = job(fail, now)
    writer._settle([failing])
    assert "until" in str(failing.error)
    assert len(begun) == 1


def test_rows_that_are_never_what_they_were_end_a_transaction_soon(
    writer: WriterThread, database_url: str, now: Moment
) -> None:
    begun = []
    with one_transaction(database_url, now) as unit:
        submit.show_work(unit, unit.people.get(furnish(unit).workers[0]))

    def fail(unit: UnitOfWork) -> None:
        begun.append(unit)
        lose(unit)

    failing = job(fail, now)
    writer._settle([failing])
    assert isinstance(failing.error, StaleRow)
    assert len(begun) == MAX_TRIES_OF_STALE_ROWS


def test_a_secret_of_a_transaction_that_is_undone_is_forgotten(
    writer: WriterThread, database_url: str, now: Moment
) -> None:
    """Alone, and with all that share its commit."""

    def make(unit: UnitOfWork, name: str, fail: bool = False) -> bytes:
        made = unit.secrets.recent(name)
        if fail:
            raise ZeroDivisionError
        return made

    with one_transaction(database_url, now) as unit:
        submit.show_work(unit, unit.people.get(furnish(unit).workers[0]))
    writer._settle([job(lambda unit: make(unit, "one", fail=True), now)])
    shared = [job(lambda unit: make(unit, "two"), now), job(lose, now)]
    writer._settle(shared)
    again = [job(lambda unit, name=name: make(unit, name), now) for name in ("one", "two")]
    writer._settle(again)
    with one_transaction(database_url, now, read_only=True) as unit:
        assert [each.result for each in again] == [unit.secrets.get("one"), unit.secrets.get("two")]
    assert shared[0].result == again[1].result


def name_of(writer: WriterThread, person: PersonId, now: Moment) -> str:
    asked = job(lambda unit: unit.people.get(person).name, now)
    writer._settle([asked])
    return str(asked.result)


def test_what_is_held_beyond_a_commit_is_read_anew_when_others_wrote(
    writer: WriterThread, database_url: str, now: Moment
) -> None:
    with one_transaction(database_url, now) as unit:
        person = furnish(unit).workers[0]
    assert name_of(writer, person, now) == "Worker 0"
    with one_transaction(database_url, now) as unit:
        unit.people.upsert(2_000, "worker0", "Zoe", "en", now)
    assert name_of(writer, person, now) == "Zoe"


@pytest.mark.parametrize("shared", [False, True])
def test_nothing_is_held_of_what_was_rolled_back(
    writer: WriterThread, database_url: str, now: Moment, shared: bool
) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit)
        submit.show_work(unit, unit.people.get(house.workers[0]))
    person = house.workers[1]

    def rename(unit: UnitOfWork) -> None:
        unit.people.upsert(2_001, "worker1", "Zoe", "en", now)
        assert unit.people.get(person).name == "Zoe"
        if not shared:
            raise ZeroDivisionError

    def rename_once(unit: UnitOfWork) -> None:
        begun.append(unit)
        if len(begun) == 1:
            rename(unit)

    begun: list[UnitOfWork] = []
    assert name_of(writer, person, now) == "Worker 1"
    writer._settle([job(rename_once, now), *([job(lose, now)] if shared else [])])
    assert len(begun) == 1 + shared
    assert name_of(writer, person, now) == "Worker 1"


def test_sqlite_reads_once_what_nobody_else_writes(sqlite_url: str, now: Moment) -> None:
    writer = WriterThread(dialect_of(sqlite_url), lambda signals: None)
    with one_transaction(sqlite_url, now) as unit:
        person = furnish(unit).workers[0]
    assert name_of(writer, person, now) == "Worker 0"
    assert isinstance(writer.connection, SQLiteConnection)
    asked: list[str] = []
    writer.connection.driver.set_trace_callback(asked.append)
    assert name_of(writer, person, now) == "Worker 0"
    assert not [sql for sql in asked if "FROM people" in sql]
    writer.connection.close()


def test_what_is_held_beyond_a_commit_is_bounded(sqlite_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "MAX_LASTING_RECORDS", 3)
    writer = WriterThread(dialect_of(sqlite_url), lambda signals: None)
    with one_transaction(sqlite_url, now) as unit:
        workers = furnish(unit, workers=4).workers
    for people in (workers[:1], workers):
        writer._settle([job(lambda unit, people=people: [unit.people.get(each) for each in people], now)])
        assert isinstance(writer.connection, SQLiteConnection)
        assert sum(map(len, writer.connection._lasting.values())) == (1 if people == workers[:1] else 0)
    writer.connection.close()
