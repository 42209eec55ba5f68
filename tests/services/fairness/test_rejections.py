"""What a rejection does to money and data, who may judge, and that a stopped project gives back the rest in the end."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from domain.fairness.appeals import JUDGES, JUDGING_TIME, Verdict
from domain.moments import DAY, HOUR, Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Transfer, available_account, disputed_account, requester_account
from domain.people.people import PersonId
from domain.projects.projects import ProjectState
from domain.refusals import AlreadyAnswered, AlreadyTheirs, CantTellIsPaid, NotFound, NotYours
from domain.work.submissions import Submission, SubmissionId
from services.fairness import appeals, jury_duty, rejections, review
from services.projects.lifecycle import end
from services.work import submit, sweeps
from storage.boxes.outbox import Lane
from storage.database import one_transaction
from storage.invariants import check
from storage.unit import UnitOfWork
from tests.house import FEE, FUNDS, PAY, House, furnish
from tests.invariants.flows import turn

T = TypeVar("T")
REASON = "The writer is angry, so this is not positive."


class Day:
    """A house on one database, one transaction a step; six workers have answered, each has another task in hand."""

    def __init__(self, url: str, now: Moment) -> None:
        self.url, self.now = url, now
        self.house: House = self.do(lambda unit: furnish(unit, workers=6, tasks=14, accept="review", overlap=1))
        self.do(lambda unit: unit.ledger.post(Transfer("gift", "deposit", BANK, FEES, Millionths(10 * PAY), "EUR")))
        for worker in self.house.workers:
            self.do(lambda unit, worker=worker: turn(unit, worker))  # type: ignore[misc]  # a loop's own value

    def do(self, step: Callable[[UnitOfWork], T], later: int = 0) -> T:
        self.now = Moment(self.now + later)
        with one_transaction(self.url, self.now) as unit:
            return step(unit)

    def balance(self, name: Callable[[UnitOfWork], str]) -> int:
        return self.do(lambda unit: unit.ledger.balance(name(unit)))

    def reject(self, place: int = 0) -> Submission:
        def step(unit: UnitOfWork) -> Submission:
            project, requester = unit.projects.get(self.house.project), unit.people.get(self.house.requester)
            submission = unit.reviews.waiting(project.id, 0, 9)[place]
            rejections.reject(unit, requester, project, submission, 2, REASON)
            return submission

        return self.do(step)

    def appeal(self, submission: Submission) -> bool:
        return self.do(lambda unit: appeals.appeal(unit, unit.people.get(submission.worker), submission.id))

    def offer(self, worker: PersonId) -> bool:
        return self.do(lambda unit: jury_duty.offer(unit, unit.people.get(worker), Lane.PUSH))

    def judge(self, worker: PersonId, verdict: Verdict | None) -> None:
        self.do(lambda unit: appeals.judge(unit, unit.people.get(worker), 1, verdict, None))


@pytest.fixture
def day(database_url: str, now: Moment) -> Iterator[Day]:
    here = Day(database_url, now)
    yield here
    assert here.do(check) == []


def test_what_is_the_workers_cannot_be_rejected(day: Day) -> None:
    requester = day.house.requester

    def accept(unit: UnitOfWork) -> Submission:
        submission = unit.reviews.waiting(day.house.project, 0, 1)[0]
        review.accept(unit, unit.people.get(requester), submission.id, frozenset())
        return submission

    paid = day.do(accept)
    for step in (review.choose_line, lambda *facts: review.ask_reason(*facts, 1)):
        with pytest.raises(AlreadyTheirs):
            day.do(lambda unit, step=step: step(unit, unit.people.get(requester), paid.id))  # type: ignore[misc]
    with pytest.raises(NotFound):
        day.do(lambda unit: review.accept(unit, unit.people.get(day.house.workers[0]), paid.id, frozenset()))
    day.do(sweeps.release_due, later=72 * HOUR)
    assert day.do(lambda unit: unit.reviews.waiting(day.house.project, 0, 9)) == []


def test_cant_tell_is_never_rejected(day: Day) -> None:
    worker = day.house.workers[0]
    in_hand = day.do(lambda unit: unit.assignments.active_for(worker))
    assert in_hand is not None
    day.do(lambda unit: submit.submit(unit, unit.people.get(worker), in_hand.id, None, None))
    number = day.do(lambda unit: unit.submissions.last_of(day.house.project))
    with pytest.raises(CantTellIsPaid):
        day.do(lambda unit: review.choose_line(unit, unit.people.get(day.house.requester), SubmissionId(number)))


def test_the_rejected_answer_is_in_no_consensus_until_it_is_won(day: Day) -> None:
    submission = day.reject()
    said = "SELECT consensus, live FROM tasks WHERE id = :task"
    (known,) = day.do(lambda unit: unit.connection.all(said, task=submission.task))
    assert tuple(known) == (None, None)
    assert day.appeal(submission)
    assert not day.appeal(submission)
    day.do(appeals.end_due, later=73 * HOUR)
    assert day.do(lambda unit: unit.tasks.get(submission.task).consensus) == "positive"
    assert day.balance(lambda unit: available_account(unit.people.get(submission.worker))) == PAY


def test_who_may_judge_and_how_often(day: Day) -> None:
    submission = day.reject()
    day.appeal(submission)
    others = [worker for worker in day.house.workers if worker != submission.worker]
    assert not day.offer(submission.worker)
    assert not day.offer(day.house.requester)
    day.do(lambda unit: unit.enrolments.decline(others[4], day.house.project, True))
    assert not day.offer(others[4])
    assert [day.offer(worker) for worker in others[:4]] == [True, True, True, False]
    with pytest.raises(NotYours):
        day.judge(others[3], Verdict.WORKER)
    day.judge(others[0], Verdict.WORKER)
    with pytest.raises(AlreadyAnswered):
        day.judge(others[0], Verdict.REQUESTER)
    day.judge(others[1], None)
    day.do(appeals.end_due, later=JUDGING_TIME + 1)
    assert day.offer(others[3])
    day.judge(others[2], Verdict.WORKER)  # late, while a place is left
    assert not day.offer(others[1])
    day.judge(others[3], Verdict.REQUESTER)
    assert day.do(lambda unit: unit.reviews.rejection(submission.id)).state == "overturned"  # type: ignore[union-attr]


def test_a_stopped_project_keeps_what_is_undecided_and_the_rest_follows(day: Day) -> None:
    appealed, silent = day.reject(0), day.reject(0)
    day.appeal(appealed)
    day.do(lambda unit: jury_duty.offer(unit, unit.people.get(silent.worker), Lane.PUSH))

    def stop(unit: UnitOfWork) -> None:
        project = unit.projects.get(day.house.project)
        end(unit, unit.people.get(day.house.requester), project, ProjectState.STOPPED)

    day.do(stop)
    assert day.balance(lambda unit: disputed_account(day.house.project)) == 2 * PAY
    assert day.do(check) == []
    others = [worker for worker in day.house.workers if worker not in (appealed.worker, silent.worker)]
    judges = (silent.worker, *others[:2])
    assert all(day.offer(worker) for worker in judges)
    for worker in judges:
        day.judge(worker, Verdict.REQUESTER)
    day.do(sweeps.release_due, later=72 * HOUR)
    day.do(appeals.end_due, later=7 * DAY)
    day.do(sweeps.expire)
    day.do(sweeps.return_leftovers)
    paid = 4 * (PAY + FEE)
    assert day.balance(lambda unit: requester_account(unit.people.get(day.house.requester))) == FUNDS - paid
    assert day.balance(lambda unit: FEES) == 10 * PAY + 4 * FEE - JUDGES * PAY


def test_without_the_money_for_three_judges_silence_decides(day: Day) -> None:
    day.do(lambda unit: unit.ledger.post(Transfer("away", "return", FEES, BANK, Millionths(8 * PAY + FEE), "EUR")))
    submission = day.reject()
    day.appeal(submission)
    assert not any(day.offer(worker) for worker in day.house.workers)
    day.do(appeals.end_due, later=72 * HOUR)
    with pytest.raises(NotYours):
        day.judge(day.house.workers[1], Verdict.WORKER)
    assert day.balance(lambda unit: available_account(unit.people.get(submission.worker))) == PAY


def test_fees_that_may_have_to_go_back_pay_no_judge(day: Day) -> None:
    # Left: enough for three judges and the one rejection there is so far.
    away = Millionths(10 * PAY + 6 * FEE - JUDGES * PAY - FEE)
    day.do(lambda unit: unit.ledger.post(Transfer("away", "return", FEES, BANK, away, "EUR")))
    day.appeal(day.reject())
    for worker in [each for each in day.house.workers if day.offer(each)]:
        day.judge(worker, Verdict.REQUESTER)
    for _ in range(5):
        day.reject()
    day.do(appeals.end_due, later=8 * DAY)
    assert day.balance(lambda unit: FEES) == JUDGES * PAY + FEE - 5 * FEE
