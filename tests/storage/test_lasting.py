"""Rows held beyond the commit on SQLite are what the database has, whatever was answered, refused, undone or written by
somebody else."""

import random
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import pytest

from domain.moments import HOUR, MINUTE, Moment, later
from domain.people.accounts import PersonId
from domain.work.assignments import AssignmentId
from domain.work.messages import Run
from handlers.work.tasks import CantTell, Skip, SubmitAnswer
from services.money import payouts
from services.work import submit, sweeps
from services.work.honest_card import PressedAnswer
from storage.database import one_transaction
from storage.drivers.records import single_values
from storage.drivers.rows import Holding
from storage.drivers.sqlite import SQLiteConnection
from storage.money.topups import FLOORS_TABLE
from storage.people.accounts import PEOPLE
from storage.projects.projects import PROJECTS
from storage.projects.tasks import TASKS
from storage.unit import UnitOfWork
from storage.work.assignments import ASSIGNMENTS, HOLDERS, IN_HAND, SELECT_HOLDERS
from storage.work.enrolments import ENROLMENTS
from storage.work.openings import PAID_ALIKE, SELECT_PAYEE_MATES
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.services.work.test_batches import Service, Side, Vanished

READ: Mapping[Holding, Callable[[UnitOfWork, Any], object]] = {
    TASKS: lambda unit, key: unit.tasks.find(key),
    PEOPLE: lambda unit, key: unit.people.find(key),
    FLOORS_TABLE: lambda unit, key: unit.topups.find_promise(key),
    PROJECTS: lambda unit, key: unit.projects.get(key),
    ENROLMENTS: lambda unit, key: unit.enrolments.find(*key),
    ASSIGNMENTS: lambda unit, key: unit.assignments.find(key),
    IN_HAND: lambda unit, key: (found := unit.assignments.active_for(key)) and found.id,
    HOLDERS: lambda unit, key: frozenset(single_values(unit.connection.all(SELECT_HOLDERS, task=key))),
    PAID_ALIKE: lambda unit, key: frozenset((key, *single_values(unit.connection.all(SELECT_PAYEE_MATES, worker=key)))),
}


class Hours:
    """Workers answer, skip and ask; sweeps, and now and then another process, write to the same tables."""

    def __init__(self, side: Side, house: House, now: Moment, seed: int) -> None:
        self.side, self.house, self.now, self.dice = side, house, now, random.Random(seed)
        self.given: list[AssignmentId] = []

    def go_on(self) -> None:
        self.now = later(self.now, self.dice.choice([1_000] * 5 + [11 * MINUTE]))
        services = [self._act(worker) for worker in self.house.workers for _ in range(2)]
        self.side.run(services, self.now, self.dice.sample(range(len(services)), len(services)))
        if self.dice.random() < 0.2:
            with one_transaction(self.side.url, self.now) as unit:
                submit.stop_work(act_of(unit, self.dice.choice(self.house.workers)))

    def compare(self) -> set[Holding]:
        """Whose records were compared: none where another process has written since."""
        connection = cast(SQLiteConnection, self.side.writer.connection)
        if connection.driver.execute("PRAGMA data_version").fetchone()[0] != connection._version:
            return set()
        for what in READ.keys() & connection._lasting.keys():
            for key, record in connection._lasting[what].items():
                assert record == self.side.ask(partial(_read, what, key), self.now), key
        return READ.keys() & connection._lasting.keys()

    def _act(self, worker: PersonId) -> tuple[Service, PressedAnswer | None]:
        in_hand = self.side.ask(lambda unit: unit.assignments.active_for(worker), self.now)
        self.given += [in_hand.id] if in_hand else []
        number = in_hand.id if in_hand else self.dice.choice([*self.given, AssignmentId(1)])
        act = self.dice.choice(["answer"] * 8 + ["fails", "work", "accept"] * 2 + list(OTHERS))
        option = self.dice.randrange(2)

        def once(unit: UnitOfWork) -> None:
            if act in OTHERS:
                OTHERS[act](unit, worker, number, self.house)
                return
            press(act_of(unit, worker), SubmitAnswer(assignment=number, option=option))
            if act == "fails":
                raise Vanished

        return once, None


def _read(what: Holding, key: Any, unit: UnitOfWork) -> object:
    return READ[what](unit, key)


OTHERS: Mapping[str, Callable[[UnitOfWork, PersonId, AssignmentId, House], object]] = {
    "can't tell": lambda unit, worker, number, house: press(act_of(unit, worker), CantTell(assignment=number)),
    "skip": lambda unit, worker, number, house: press(act_of(unit, worker), Skip(assignment=number)),
    "work": lambda unit, worker, number, house: submit.show_work(unit, unit.people.get(worker)),
    "decline": lambda unit, worker, number, house: submit.decline_project(act_of(unit, worker), house.project),
    "accept": lambda unit, worker, number, house: submit.accept_project_again(act_of(unit, worker), house.project),
    "payout": lambda unit, worker, number, house: payouts.request_payout(unit, unit.people.get(worker), "EUR", None),
    "expire": lambda unit, worker, number, house: sweeps.expire_assignments(unit),
    "push": lambda unit, worker, number, house: sweeps.push_tasks(unit),
}


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_held_beyond_the_commit_is_what_is_there(sqlite_url: str, now: Moment, seed: int) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=5, tasks=12, gold=2, overlap=2, max_overlap=3, confidence=0.9)
        unit.topups.store_promise(house.project, 12_000_000, 10_000, 10_000)
        for worker in house.workers:
            unit.payees.add(worker, "FR7630006000011234567890189", "Ann", f"account {worker}", now)
            submit.show_work(unit, unit.people.get(worker))
    side, compared = Side(sqlite_url, together=True), set[Holding]()
    hours = Hours(side, house, now, seed)
    for _ in range(12):
        hours.go_on()
        compared |= hours.compare()
    side.close()
    assert compared == READ.keys()
    assert side.outcomes["done"] > side.outcomes["Vanished"] > 0


def test_a_run_that_is_carried_on_is_what_is_read_anew(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        (worker,) = furnish(unit, workers=1, tasks=9).workers
        submit.show_work(unit, unit.people.get(worker))
    side, carried = Side(sqlite_url, together=True), list[Run | None]()
    for pause in (MINUTE, MINUTE, 2 * HOUR, MINUTE, MINUTE):
        now = later(now, pause)
        side.run([(partial(_answer_in_hand, worker=worker), None)], now, [0])
        for outcome in ("kept", "undone"):
            side.run([(partial(_note_run, worker=worker, noted=carried, outcome=outcome), None)], now, [0])
            assert carried[-1] == side.ask(lambda unit: unit.submissions.run_of(worker), now)
    side.close()
    assert [run and run.tasks for run in carried[::2]] == [1, 2, 1, 2, 3]


def _answer_in_hand(unit: UnitOfWork, worker: PersonId) -> None:
    in_hand = unit.assignments.active_for(worker)
    assert in_hand is not None
    press(act_of(unit, worker), SubmitAnswer(assignment=in_hand.id, option=0))


def _note_run(unit: UnitOfWork, worker: PersonId, noted: list[Run | None], outcome: str) -> None:
    """An answer that is undone is no part of the run that is carried on."""
    if outcome == "undone":
        _answer_in_hand(unit, worker)
        assert unit.submissions.run_of(worker) != noted[-1]
        noted.append(noted[-1])
        raise Vanished
    noted.append(unit.submissions.run_of(worker))
