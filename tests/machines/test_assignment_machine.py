"""The life of an assignment against a simple model: who may answer, skip, come late, change their answer; whose place
it is; who is paid, and how much, while the pay goes up."""

from collections import Counter
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from domain.moments import MINUTE, Moment
from domain.money.amounts import Millionths
from domain.money.ledger import FEES, available_account, budget_account, pending_account
from domain.projects.pay_raises import PayRaised
from domain.projects.projects import ProjectState
from domain.work.assignments import AssignmentId
from services.projects import lifecycle, pay_raises
from services.work import corrections, submit, sweeps
from storage import invariants
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish
from tests.machines.assignment_model import MINUTES, OVERLAP, TASKS, Held, Model
from tests.machines.bench import Bench

WORKERS = 4
ACTIVE = "SELECT id, task FROM assignments WHERE worker = :worker AND state = 'active'"
SAID, OPTIONS = "SELECT assignment, answer FROM submissions", {"positive": "0", "negative": "1", None: None}
WHO = st.integers(0, WORKERS - 1)
PRESSED = st.sampled_from(("0", "1", None, "0", "1", "7"))


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

    @rule(who=WHO)
    def asks_for_work(self, who: int) -> None:
        self.model.paused.discard(who)
        self.does(who, "done", lambda unit: submit.show_work(unit, self.person(who)))
        self.was_handed(who)

    @rule(who=WHO, which=st.integers(0, 3), option=PRESSED, other=st.booleans())
    def answers(self, who: int, which: int, option: str | None, other: bool) -> None:
        """What is in hand, or (more seldom) anything anybody ever had: once more, too late, another's."""
        number = self.pick(who, which, other)
        if number is None:
            return
        expected = self.model.answer(who, number, option, self.bench.now)
        self.does(who, expected, lambda unit: submit.submit_answer(unit, self.person(who), number, option, None))
        if expected == "done":
            self.was_handed(who)

    @rule(who=WHO, which=st.integers(0, 1), option=PRESSED, other=st.integers(0, 4), late=st.booleans())
    def changes_an_answer(self, who: int, which: int, option: str | None, other: int, late: bool) -> None:
        """One of their last answers, at times too late; or (more seldom) anything anybody ever had."""
        answered = [n for n, held in self.model.held.items() if (held.worker, held.state) == (who, "submitted")]
        theirs = answered if other < 4 else list(self.model.held)
        if not theirs:
            return
        number = theirs[-1 - which % len(theirs)]
        if late:
            self.bench.now = Moment(self.bench.now + MINUTE + 1)
        expected = self.model.correct(who, number, option, self.bench.now)

        def change(unit: UnitOfWork) -> None:
            corrections.reopen_answer(act_of(unit, self.person(who).id), number, 0)
            corrections.replace_answer(unit, self.person(who), number, option, None)

        self.does(who, expected, change)

    @rule(often=st.integers(0, 3), more=st.sampled_from((10_000, 20_000)))
    def pay_goes_up(self, often: int, more: int) -> None:
        if often:
            return
        pay = Millionths(self.model.pay + more)
        asker, project = self.house.requester, self.house.project
        done = self.bench.step(lambda unit: pay_raises.raise_pay(act_of(unit, asker), project, pay))
        assert isinstance(done, PayRaised) == self.model.running
        if self.model.running:
            self.model.raise_to(pay)

    @rule(who=WHO, which=st.integers(0, 3), other=st.booleans())
    def skips(self, who: int, which: int, other: bool) -> None:
        number = self.pick(who, which, other)
        if number is None:
            return
        expected = self.model.skip(who, number)
        self.does(who, expected, lambda unit: submit.skip_task(act_of(unit, self.person(who).id), number))
        if expected == "done":
            self.was_handed(who)

    @rule(who=WHO)
    def pauses(self, who: int) -> None:
        self.model.paused.add(who)
        self.does(who, "done", lambda unit: submit.pause_pushes(act_of(unit, self.person(who).id)))

    @rule(minutes=st.sampled_from((1, 3, MINUTES)))
    def time_passes(self, minutes: int) -> None:
        self.bench.now = Moment(self.bench.now + minutes * MINUTE)
        self.bench.step(sweeps.expire_assignments)
        for held in self.model.held.values():
            if held.state == "active" and held.deadline <= self.bench.now:
                held.state = "expired"
                self.model.give_back(held.task)

    @rule(sure=st.integers(0, 9))
    def is_stopped(self, sure: int) -> None:
        if sure == 9 and self.model.running:
            self.model.running = False
            self.bench.step(
                lambda unit: lifecycle.stop_project(act_of(unit, self.house.requester), self.house.project, True)
            )

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
        assert earned == self.model.earned[who]
        assert unit.ledger.balance(FEES) == self.model.fees
        live = sum(held.state == "active" for held in self.model.held.values())
        each = self.model.pay + self.model.pay // 10
        needed = self.model.budget - self.model.spent if self.model.running else live * each
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
            self.bench.step(sweeps.return_leftovers)
            assert [str(found) for found in invariants.find_violations(self.bench.unit)] == []
            said = {number: OPTIONS[answer] for number, answer in self.bench.connection.all(SAID)}
            assert said == {n: held.said for n, held in self.model.held.items() if held.state == "submitted"}
        finally:
            self.bench.close()


def change_an_answer_after_its_minute() -> None:
    """Play a change of an answer that comes when its minute is over."""
    machine = AssignmentMachine()
    machine.opens()
    machine.asks_for_work(0)
    machine.answers(0, 0, "0", False)
    machine.changes_an_answer(0, 0, "1", 0, True)
    machine.teardown()


def answer_after_the_project_was_stopped() -> None:
    """Play the run that chance seldom finds: a task expires, its project is stopped, and its answer comes too late."""
    machine = AssignmentMachine()
    machine.opens()
    machine.asks_for_work(0)
    machine.is_stopped(9)
    machine.time_passes(MINUTES)
    machine.answers(0, 0, "0", False)
    machine.teardown()


@pytest.mark.timeout(120)
def test_the_life_of_an_assignment_agrees_with_a_simple_model(database_url: str):
    AssignmentMachine.url, AssignmentMachine.outcomes = database_url, Counter()
    is_sqlite = database_url.startswith("sqlite")
    run_state_machine_as_test(
        AssignmentMachine,
        settings=settings(
            max_examples=120 if is_sqlite else 20,  # each statement takes PostgreSQL five times as long
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    answer_after_the_project_was_stopped()
    change_an_answer_after_its_minute()
    outcomes = AssignmentMachine.outcomes
    assert outcomes["done"] > outcomes.total() / 2, outcomes  # else it mostly tried what is refused
    assert not is_sqlite or {"NotYours", "AlreadyAnswered", "TooLate", "TooLateToChange"} <= outcomes.keys(), outcomes
