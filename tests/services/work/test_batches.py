"""Transactions that wait together and share a commit leave what each of them leaves alone: the databases are compared
row by row."""

from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.moments import DAY, MINUTE, Moment
from domain.people.accounts import PersonId
from domain.people.settings import Preferences
from domain.refusals import Refusal
from domain.work.assignments import AssignmentId
from handlers.work.tasks import CantTell, Skip, SubmitAnswer
from services.money import payouts
from services.work import honest_card, submit, sweeps
from services.work.honest_card import PressedAnswer
from storage.boxes.inbox import ReceivedUpdate
from storage.database import one_transaction
from storage.drivers import writer
from storage.drivers.connection import Connection
from storage.drivers.dialects import dialect_of
from storage.drivers.postgresql import PostgreSQLConnection
from storage.drivers.sqlite import SQLite
from storage.drivers.writer import WriteJob, WriterThread
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from storage.work import openings
from tests.acts import act_of, press
from tests.databases import Server
from tests.house import furnish
from tests.sqlite_files import Files

Service = Callable[[UnitOfWork], object]
Step = tuple[str, int, int]

WORKERS, STEPS = 6, (0, 1_000, MINUTE, 10 * MINUTE, 10 * MINUTE + 1, DAY)
ACTS = (*["press"] * 4, "other", "can't tell", "skip", "work", "payout", "expire", "push", "release")
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1",
}
COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info(:table) ORDER BY cid",
    "postgresql": "SELECT column_name FROM information_schema.columns "
    "WHERE table_name = :table AND table_schema = current_schema() ORDER BY ordinal_position",
}
# Their numbers come from sequences, which transactions that are undone use up; entries have the key of their transfer.
NUMBERED = {"transfers", "outbox", "progress_moves", "returned_places"}
DUE = "SELECT id, assignment, edits FROM outbox WHERE state = 'waiting' AND assignment IS NOT NULL ORDER BY id"
READINGS: dict[str, dict[str, str]] = {}  # by dialect
RETURN = """
INSERT INTO returned_places (id, task) SELECT max(id) + 1, :task FROM returned_places RETURNING id"""
ENTRIES = "SELECT e.account, e.version, t.key, e.amount, e.balance FROM entries e JOIN transfers t ON t.id = e.transfer"


class Loop:
    """Nobody waits for a result."""

    def call_soon_threadsafe(self, *told: object) -> None:
        pass


class Side:
    """One of the two databases, with its writer."""

    def __init__(self, url: str, together: bool, shares: bool = False) -> None:
        self.url, self.together = url, together
        self.writer = WriterThread(dialect_of(url), lambda signals: None)
        self.writer.shares = shares
        self.done: list[int] = []
        self.outcomes = Counter[str]()

    def ask(self, question: Callable[[UnitOfWork], Any], now: Moment) -> Any:
        with one_transaction(self.url, now, read_only=True) as unit:
            return question(unit)

    def store(self, updates: list[int], now: Moment) -> None:
        with one_transaction(self.url, now) as unit:
            unit.inbox.store(map(_received, updates))

    def run(
        self,
        services: list[tuple[Service, PressedAnswer | None]],
        now: Moment,
        order: list[int],
        ahead: Sequence[WriteJob] = (),
    ) -> None:
        """All in one batch, those `ahead` with them, or one after another in the given order; `done` has the order in
        which they ended."""
        self.done.clear()
        jobs = {number: self._job(number, *services[number], now) for number in order}
        for batch in [[*jobs.values(), *ahead]] if self.together else [[jobs[number]] for number in order]:
            self.writer._settle(batch)
        assert all(job.error is None for job in ahead)
        for job in jobs.values():
            self.outcomes[type(job.error).__name__ if job.error else "done"] += 1
            assert job.error is None or isinstance(job.error, Refusal | Vanished), job.error

    def _job(self, number: int, service: Service, about: PressedAnswer | None, now: Moment) -> WriteJob:
        def once(unit: UnitOfWork) -> object:
            if number in self.done:
                self.done.remove(number)
            try:
                return service(unit)
            finally:
                self.done.append(number)

        loop = cast(AbstractEventLoop, Loop())
        foresees: Any = about and (honest_card.foresee_answers, about)
        return WriteJob(once, now, loop, cast(Any, None), foresees, scope=honest_card.ANSWER_SCOPE if about else None)

    def storing(self, updates: list[int], now: Moment) -> WriteJob:
        """The same as `store`, as a part of their batch."""
        loop = cast(AbstractEventLoop, Loop())
        return WriteJob(
            lambda unit: unit.inbox.store(map(_received, updates)), now, loop, cast(Any, None), priority=True
        )

    def close(self) -> None:
        if self.writer.connection is not None:
            self.writer.connection.close()


def _received(number: int) -> ReceivedUpdate:
    return ReceivedUpdate(number, number, {"update_id": number})


class Vanished(Exception):
    """A bug at the end of an answer."""


def everything(unit: UnitOfWork) -> dict[str, list[str]]:
    """Every row of every table."""
    return {
        table: sorted(map(repr, map(tuple, unit.connection.all(statement))))
        for table, statement in readings(unit.connection).items()
    }


def readings(connection: Connection) -> dict[str, str]:
    """Of each table a statement that reads it; they are alike in all databases of one kind."""
    if connection.dialect not in READINGS:
        READINGS[connection.dialect] = {
            table: ENTRIES if table == "entries" else _reading(connection, table)
            for (table,) in connection.all(TABLES[connection.dialect])
        }
    return READINGS[connection.dialect]


def _reading(connection: Connection, table: str) -> str:
    columns = [row[0] for row in connection.all(COLUMNS[connection.dialect], table=table)]
    named = [_counted(table, name) for name in columns if not (name == "id" and table in NUMBERED)]
    return f"SELECT {', '.join(named)} FROM {table}"


def _counted(table: str, name: str) -> str:
    """A place that comes back uses up a number even where its transaction is undone: compared is how many came back."""
    if name not in ("back", "gold_back"):
        return name
    return f"(SELECT count(*) FROM returned_places r WHERE {table}.{name} > 0 AND r.id <= {table}.{name}) AS {name}"


class Furnished:
    """A house from which every story of a test begins: it is furnished once, and copied."""

    def __init__(self, copies: tuple[Server | Files, str], now: Moment, in_place: bool = False, **project: Any) -> None:
        self.maker, empty = copies
        self.url, self.now, self.in_place = self.maker.copy(empty), now, in_place
        with one_transaction(self.url, now) as unit:
            self.house = furnish(unit, workers=WORKERS, tasks=5, gold=2, overlap=2, max_overlap=3, **project)
            for worker in self.house.workers[:2]:
                unit.payees.add(worker, "FR7630006000011234567890189", "Ann", f"account {worker}", now)
            for worker in self.house.workers:
                if in_place:
                    unit.preferences.store(worker, Preferences(begin_hour=0, end_hour=0, in_place=True))
                submit.show_work(unit, unit.people.get(worker))

    def close(self) -> None:
        self.maker.drop(self.url)


class Story:
    """The same happens to both, from two copies of a house on."""

    def __init__(self, begun: Furnished, shares: bool) -> None:
        self.maker, self.house = begun.maker, begun.house
        urls = [self.maker.copy(begun.url) for _ in range(2)]
        self.sides = Side(urls[0], together=True, shares=shares), Side(urls[1], together=False)
        self.now, self.updates, self.in_place = begun.now, count(1), begun.in_place
        self.last: dict[PersonId, AssignmentId] = {}

    def round(self, steps: list[Step], later: int) -> None:
        """Some acts that wait together; what each is about is known before."""
        if self.in_place:
            self._deliver()
        self.now = Moment(self.now + later)
        numbers = [next(self.updates) for _ in steps]
        services = [self._service(step, number) for step, number in zip(steps, numbers, strict=True)]
        order = list(range(len(steps)))
        for side in self.sides:
            ahead = [side.storing(numbers, self.now)] if side.together and not side.writer.shares else []
            if not ahead:
                side.store(numbers, self.now)
            side.run(services, self.now, order, ahead)
            order = list(side.done)

    def _deliver(self) -> None:
        """Tasks have their messages; what tidies, and every fifth task, is still on its way."""
        for side in self.sides:
            with one_transaction(side.url, self.now) as unit:
                due = unit.connection.all(DUE)
                unit.outbox.mark_sent((letter, edits or 100 + task) for letter, task, edits in due if task % 5)

    def compare(self) -> Counter[str]:
        batch, single = (side.ask(everything, self.now) for side in self.sides)
        for table, rows in single.items():
            assert batch[table] == rows, table
        assert self.sides[0].outcomes == self.sides[1].outcomes
        for side in self.sides:
            assert side.ask(find_violations, self.now) == []
        return self.sides[0].outcomes

    def close(self) -> None:
        for side in self.sides:
            side.close()
            self.maker.drop(side.url)

    def _service(self, step: Step, update: int) -> tuple[Service, PressedAnswer | None]:
        act, who, option = step
        worker = self.house.workers[who]
        in_hand = self.sides[1].ask(lambda unit: unit.assignments.active_for(worker), self.now)
        number = in_hand.id if in_hand else self.last.get(worker, AssignmentId(1))
        if in_hand and act == "press":
            self.last[worker] = number
        about = PressedAnswer(update, 2_000 + who, number) if act in ("press", "other", "can't tell") else None
        shown = self.in_place and self.sides[1].ask(lambda unit: unit.outbox.find_message(number), self.now)
        message = shown or 100 + number
        return lambda unit: self._act(unit, act, worker, number, message, option, update), about

    def _act(
        self,
        unit: UnitOfWork,
        act: str,
        worker: PersonId,
        number: AssignmentId,
        message: int,
        option: int,
        update: int,
    ) -> object:
        assert unit.inbox.finish(update)
        person = unit.people.get(worker)
        unit.outbox.answers = worker
        doing = act_of(unit, worker, message=message, key=str(update))
        if act == "press":
            done = press(doing, SubmitAnswer(assignment=number, option=option % 2))
            if option == 3:
                raise Vanished
            return done
        if act == "other":
            return press(doing, SubmitAnswer(assignment=AssignmentId(number + option - 1), option=0))
        others: dict[str, Callable[[], object]] = {
            "can't tell": lambda: press(doing, CantTell(assignment=number)),
            "skip": lambda: press(doing, Skip(assignment=number)),
            "work": lambda: submit.show_work(unit, person),
            "payout": lambda: payouts.request_payout(unit, person, "EUR", None),
            "expire": lambda: sweeps.expire_assignments(unit),
            "push": lambda: sweeps.push_tasks(unit),
            "release": lambda: sweeps.release_due_pay(unit),
        }
        return others[act]()


STEP = st.tuples(st.sampled_from(ACTS), st.integers(0, WORKERS - 1), st.integers(0, 3))
ROUNDS = st.lists(st.tuples(st.lists(STEP, min_size=1, max_size=9), st.sampled_from(STEPS)), min_size=1, max_size=7)
SKIPPED = [("skip", who, 0) for who in range(WORKERS)]
EVERYBODY = [("press", who, who % 3) for who in range(WORKERS)]


@pytest.fixture(autouse=True)
def numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """All is foreseen, rows of two are written while others run, and numbers of rows have no gaps, which a block of
    numbers would leave."""

    def number(self: PostgreSQLConnection, table: Any) -> int:
        if table.name not in self.rows.numbers:
            self.rows.numbers[table.name] = self.peek(f"SELECT coalesce(max(id), 0) + 1 FROM {table.name}")[0][0]
        return self.rows.number(table.name)

    monkeypatch.setattr(writer, "MIN_TRANSACTIONS_TO_FORESEE", 1)
    monkeypatch.setattr(writer, "TRANSACTIONS_PER_WRITE", 2)
    monkeypatch.setattr(SQLite, "one_process", False)
    monkeypatch.setattr(PostgreSQLConnection, "number", number)
    monkeypatch.setattr(openings, "INSERT_RETURN", RETURN)


TERMS: tuple[dict[str, Any], ...] = ({}, {"confidence": 0.9}, {"accept": "review"})
SHARED = [(terms, terms != TERMS[2]) for terms in TERMS] + [(TERMS[0], False)]  # beside other processes, or not


@pytest.mark.parametrize(("terms", "shares"), SHARED, ids=str)
def test_a_batch_leaves_what_single_transactions_leave(
    copies: tuple[Server | Files, str], now: Moment, terms: dict[str, Any], shares: bool
) -> None:
    total, begun = Counter[str](), Furnished(copies, now, **terms)

    @settings(max_examples=6, suppress_health_check=list(HealthCheck))
    @example([(EVERYBODY, 1_000)] * 6)
    @example([(EVERYBODY * 2, 1_000), ([*EVERYBODY, ("payout", 0, 0), ("payout", 1, 0), *EVERYBODY], 1_000)] * 2)
    @example([(EVERYBODY, 10 * MINUTE), ([("expire", 0, 0), *EVERYBODY], 10 * MINUTE), (EVERYBODY, 1)])
    @given(ROUNDS)
    def tell(rounds: list[tuple[list[Step], int]]) -> None:
        story = Story(begun, shares)
        try:
            for steps, later in rounds:
                story.round(steps, later)
            total.update(story.compare())
        finally:
            story.close()

    tell()
    begun.close()
    assert total["done"] > total["AlreadyAnswered"] > 0
    assert total["Vanished"] > 0


@pytest.mark.parametrize("shares", [False, True])
def test_a_batch_in_session_mode_leaves_what_single_transactions_leave(
    copies: tuple[Server | Files, str], now: Moment, shares: bool
) -> None:
    total, begun = Counter[str](), Furnished(copies, now, in_place=True)

    @settings(max_examples=6, suppress_health_check=list(HealthCheck))
    @example([(EVERYBODY, 1_000)] * 6)
    @example([([*EVERYBODY, *SKIPPED, *EVERYBODY], 1_000), (EVERYBODY * 2, 500), (EVERYBODY, 3_000)] * 2)
    @given(ROUNDS)
    def tell(rounds: list[tuple[list[Step], int]]) -> None:
        story = Story(begun, shares)
        try:
            for steps, later in rounds:
                story.round(steps, later)
            total.update(story.compare())
        finally:
            story.close()

    tell()
    begun.close()
    assert total["done"] > 0
    assert total["TooQuick"] > 0
    assert total["Vanished"] > 0
