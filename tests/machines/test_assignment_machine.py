"""The life of an assignment against a simple model: who may answer, skip, come late; whose place it is; who is paid."""

from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from domain.assignments import AssignmentId
from domain.ledger import FEES, available_account, budget_account, pending_account
from domain.moments import MINUTE, Moment
from domain.projects import ProjectState
from domain.tasks import TaskId
from services import projects, upkeep, work
from storage import invariants
from tests.house import FEE, PAY, House, furnish
from tests.machines.bench import Bench

WORKERS, TASKS, OVERLAP, MINUTES = 4, 5, 2, 10
ACTIVE = "SELECT id, task FROM assignments WHERE worker = :worker AND state = 'active'"
WHO = st.integers(0, WORKERS - 1)
PRESSED = st.sampled_from(("0", "1", None, "0", "1", "7"))


@dataclass
class Held:
    worker: int
    task: TaskId
    deadline: int
    state: str = "active"


@dataclass
class Model:
    """What is known of places, hands and pay, without any database."""

    free: dict[TaskId, int]
    received: Counter[TaskId] = field(default_factory=Counter)
    held: dict[AssignmentId, Held] = field(default_factory=dict)
    paused: set[int] = field(default_factory=set)
    earned: Counter[int] = field(default_factory=Counter)
    running: bool = True

    def in_hand(self, worker: int) -> AssignmentId | None:
        return next((n for n, h in self.held.items() if h.worker == worker and h.state == "active"), None)

    def offers(self, worker: int) -> set[TaskId]:
        had = {h.task for h in self.held.values() if h.worker == worker}
        return {task for task, free in self.free.items() if free and self.running} - had

    def answer(self, worker: int, number: AssignmentId, known: bool) -> str:
        """The refusal, or `done`, with its effects."""
        held = self.held[number]
        refusal = self._refusal(worker, held)
        if refusal or not known:
            return refusal or "AnswerUnknown"
        if held.state == "expired":
            if not (self.running and self.free[held.task]):
                return "TooLate"
            self.free[held.task] -= 1
        held.state = "submitted"
        self.received[held.task] += 1
        self.earned[worker] += 1
        self.running = self.running and any(self.received[task] < OVERLAP for task in self.free)
        return "done"

    def skip(self, worker: int, number: AssignmentId) -> str:
        held = self.held[number]
        refusal = self._refusal(worker, held)
        if not refusal and held.state == "active":
            held.state = "skipped"
            self.give_back(held.task)
        return refusal or "done"

    def give_back(self, task: TaskId) -> None:
        if self.running:
            self.free[task] += 1

    def _refusal(self, worker: int, held: Held) -> str:
        if held.worker != worker:
            return "NotYours"
        return {"submitted": "AlreadyAnswered", "skipped": "TooLate"}.get(held.state, "")


class AssignmentMachine(RuleBasedStateMachine):
    url: ClassVar[str]
    outcomes: ClassVar[Counter[str]]

    @initialize()
    def opens(self) -> None:
        self.bench = Bench(self.url, Moment(1_800_000_000_000))
        self.house: House = self.bench.step(  # type: ignore[assignment]  # nothing refuses
            lambda unit: furnish(unit, workers=WORKERS, tasks=TASKS, overlap=OVERLAP, max_overlap=OVERLAP)
        )
        self.model = Model(dict.fromkeys(self.house.tasks, OVERLAP))
        self.held = TASKS * OVERLAP * (PAY + FEE)

    @rule(who=WHO)
    def asks_for_work(self, who: int) -> None:
        self.model.paused.discard(who)
        self.does(who, "done", lambda unit: work.work(unit, self.person(who)))
        self.was_handed(who)

    @rule(who=WHO, which=st.integers(0, 3), option=PRESSED, other=st.booleans())
    def answers(self, who: int, which: int, option: str | None, other: bool) -> None:
        """What is in hand, or (more seldom) anything anybody ever had: once more, too late, another's."""
        number = self.pick(who, which, other)
        if number is None:
            return
        expected = self.model.answer(who, number, option != "7")
        self.does(who, expected, lambda unit: work.submit(unit, self.person(who), number, option, None))
        if expected == "done":
            self.was_handed(who)

    @rule(who=WHO, which=st.integers(0, 3), other=st.booleans())
    def skips(self, who: int, which: int, other: bool) -> None:
        number = self.pick(who, which, other)
        if number is None:
            return
        expected = self.model.skip(who, number)
        self.does(who, expected, lambda unit: work.skip(unit, self.person(who), number, None))
        if expected == "done":
            self.was_handed(who)

    @rule(who=WHO)
    def pauses(self, who: int) -> None:
        self.model.paused.add(who)
        self.does(who, "done", lambda unit: work.pause(unit, self.person(who)))

    @rule(minutes=st.sampled_from((1, 3, MINUTES)))
    def time_passes(self, minutes: int) -> None:
        self.bench.now = Moment(self.bench.now + minutes * MINUTE)
        self.bench.step(upkeep.expire)
        for held in self.model.held.values():
            if held.state == "active" and held.deadline <= self.bench.now:
                held.state = "expired"
                self.model.give_back(held.task)

    @rule(sure=st.integers(0, 9))
    def is_stopped(self, sure: int) -> None:
        if sure == 9 and self.model.running:
            self.model.running = False
            requester = self.bench.unit.people.get(self.house.requester)
            self.bench.step(lambda unit: projects.stop(unit, requester, self.house.project))

    def does(self, who: int, expected: str, act: object) -> None:
        done = self.bench.step(act)  # type: ignore[arg-type]  # services return what they like
        outcome = done if isinstance(done, str) else "done"
        assert outcome == expected
        self.outcomes[outcome] += 1
        self.compare(who)

    def was_handed(self, who: int) -> None:
        """Whoever has nothing in hand and did not pause gets a task if there is one for them, and no other."""
        if self.model.in_hand(who) is not None or who in self.model.paused:
            return
        rows = self.bench.connection.all(ACTIVE, worker=self.house.workers[who])
        offers = self.model.offers(who)
        assert bool(rows) == bool(offers)
        for number, task in rows:
            assert task in offers
            self.model.free[task] -= 1
            self.model.held[number] = Held(who, task, self.bench.now + MINUTES * MINUTE)

    def compare(self, who: int) -> None:
        unit, worker = self.bench.unit, self.person(who)
        assert (unit.projects.get(self.house.project).state is ProjectState.RUNNING) == self.model.running
        earned = unit.ledger.balance(available_account(worker)) + unit.ledger.balance(pending_account(worker))
        assert earned == self.model.earned[who] * PAY
        answers = self.model.earned.total()
        assert unit.ledger.balance(FEES) == answers * FEE
        live = sum(held.state == "active" for held in self.model.held.values())
        needed = self.held - answers * (PAY + FEE) if self.model.running else live * (PAY + FEE)
        assert unit.ledger.balance(budget_account(self.house.project)) >= needed

    def pick(self, who: int, which: int, other: bool) -> AssignmentId | None:
        """In hand, else (or where `other` says so) one of theirs that is over, or anybody's."""
        over = [n for n, held in self.model.held.items() if held.worker == who and held.state != "active"]
        in_hand, everybodys = self.model.in_hand(who), sorted(self.model.held)
        if over and (in_hand is None or other) and which < 2:
            return over[-1 - which % len(over)]
        if everybodys and other and which == 2:
            return everybodys[0]
        return in_hand

    def person(self, who: int):
        return self.bench.unit.people.get(self.house.workers[who])

    def teardown(self) -> None:
        try:
            self.bench.step(upkeep.return_leftovers)
            assert [str(found) for found in invariants.check(self.bench.unit)] == []
        finally:
            self.bench.close()


@pytest.mark.timeout(120)
def test_the_life_of_an_assignment_agrees_with_a_simple_model(database_url: str):
    AssignmentMachine.url, AssignmentMachine.outcomes = database_url, Counter()
    is_sqlite = database_url.startswith("sqlite")
    run_state_machine_as_test(
        AssignmentMachine,
        settings=settings(
            max_examples=100 if is_sqlite else 20,  # each statement takes PostgreSQL five times as long
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    outcomes = AssignmentMachine.outcomes
    assert outcomes["done"] > outcomes.total() / 2, outcomes  # else it mostly tried what is refused
    assert not is_sqlite or {"NotYours", "AlreadyAnswered", "TooLate", "AnswerUnknown"} <= outcomes.keys()
