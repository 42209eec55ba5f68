"""Effects of a rejection on money and data, possible judges, and the returns of a stopped project."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from domain.fairness.appeals import JUDGES, JUDGING_TIME, WAVE_TIME, AppealId, Verdict
from domain.moments import DAY, HOUR, Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, Transfer, available_account, disputed_account, requester_account
from domain.money.ledger import JUDGES as JUDGES_PAY
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectState
from domain.refusals import AlreadyAnswered, AlreadyTheirs, CantTellIsPaid, JudgesPayMissing, NotFound, NotYours
from domain.work.assignments import Submission, SubmissionId
from services.fairness import appeals, juries, rejections, review
from services.projects.lifecycle import end_project
from services.quality import gold_challenges
from services.work import submit, sweeps
from storage.boxes.outbox import Lane
from storage.database import one_transaction
from storage.drivers.records import single_values
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import SAYS, act_of
from tests.house import FEE, FUNDS, PAY, House, furnish
from tests.invariants.flows import turn
from tests.services.fairness.conftest import Pool

T = TypeVar("T")
CALLED_NOW = "SELECT worker FROM juries WHERE called = 1 ORDER BY seat"
REASON = "The writer is angry, so this is not positive."


class Day:
    """A house on one database, one transaction a step; six workers have answered, each has another task in hand;
    strangers could judge."""

    def __init__(self, pool: Pool, now: Moment) -> None:
        self.url, self.now, self.pool = pool.url, now, pool.people
        self.house: House = self.do(lambda unit: furnish(unit, workers=6, tasks=14, accept="review", overlap=1))
        self.before = self.balance(lambda unit: FEES)
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
            submission = unit.reviews.list_waiting(project.id, 0, 9)[place]
            rejections.reject_submission(unit, requester, project, submission, 2, REASON)
            return submission

        return self.do(step)

    def appeal(self, submission: Submission) -> bool:
        return not isinstance(
            self.do(lambda unit: appeals.open_appeal(act_of(unit, submission.worker), submission.id)),
            appeals.AlreadyNoted,
        )

    def called(self) -> list[PersonId]:
        """Who may judge now, in the order of the lot."""
        return self.do(lambda unit: single_values(unit.connection.all(CALLED_NOW)))

    def offer(self, worker: PersonId) -> bool:
        return self.do(lambda unit: juries.offer_judgement(unit, unit.people.get(worker), Lane.PUSH))

    def judge(self, worker: PersonId, verdict: Verdict | None) -> None:
        self.do(lambda unit: appeals.give_judgement(act_of(unit, worker), AppealId(1), SAYS[verdict]))


@pytest.fixture
def day(pool: Pool, now: Moment) -> Iterator[Day]:
    here = Day(pool, now)
    yield here
    assert here.do(find_violations) == []


def test_what_is_the_workers_cannot_be_rejected(day: Day) -> None:
    requester = day.house.requester

    def accept(unit: UnitOfWork) -> Submission:
        submission = unit.reviews.list_waiting(day.house.project, 0, 1)[0]
        review.accept_and_show_next(act_of(unit, requester), submission.id)
        return submission

    paid = day.do(accept)
    for step in (review.ask_for_line, lambda *about: review.ask_for_reason(*about, 1)):
        with pytest.raises(AlreadyTheirs):
            day.do(lambda unit, step=step: step(act_of(unit, requester), paid.id))  # type: ignore[misc]
    with pytest.raises(NotFound):
        day.do(lambda unit: review.accept_and_show_next(act_of(unit, day.house.workers[0]), paid.id))
    day.do(sweeps.release_due_pay, later=72 * HOUR)
    assert day.do(lambda unit: unit.reviews.list_waiting(day.house.project, 0, 9)) == []


def test_a_rejected_answer_to_a_task_without_words_of_its_own_is_named_by_its_project(day: Day) -> None:
    """As questionnaires of programs are: what they ask stands in their questions."""
    rejected = day.reject()

    def listed(unit: UnitOfWork) -> str:
        (named,) = gold_challenges.list_contestable(act_of(unit, rejected.worker)).rejections
        return named.text

    assert day.do(listed).startswith("review")
    day.do(lambda unit: unit.connection.changed("UPDATE projects SET template = ' '"))
    assert day.do(listed) == "Is the review positive?"


def test_cant_tell_is_never_rejected(day: Day) -> None:
    worker = day.house.workers[0]
    in_hand = day.do(lambda unit: unit.assignments.active_for(worker))
    assert in_hand is not None
    day.do(lambda unit: submit.submit_answer(unit, unit.people.get(worker), in_hand.id, None, None))
    number = day.do(lambda unit: unit.submissions.last_of(day.house.project))
    with pytest.raises(CantTellIsPaid):
        day.do(lambda unit: review.ask_for_line(act_of(unit, day.house.requester), SubmissionId(number)))


def test_the_rejected_answer_is_in_no_consensus_until_it_is_won(day: Day) -> None:
    submission = day.reject()
    said = "SELECT consensus, live FROM tasks WHERE id = :task"
    (known,) = day.do(lambda unit: unit.connection.all(said, task=submission.task))
    assert tuple(known) == (None, None)
    assert day.appeal(submission)
    assert not day.appeal(submission)
    day.do(appeals.close_overdue_appeals, later=73 * HOUR)
    assert day.do(lambda unit: unit.tasks.get(submission.task).consensus) == "positive"
    assert day.balance(lambda unit: available_account(unit.people.get(submission.worker))) == PAY


def test_only_drawn_strangers_judge_and_each_once(day: Day) -> None:
    submission = day.reject()
    day.appeal(submission)
    first = day.called()
    assert len(first) == JUDGES
    assert set(first) <= set(day.pool)
    assert not any(day.offer(worker) for worker in (*day.house.workers, day.house.requester))
    assert not any(day.offer(worker) for worker in set(day.pool) - set(first))
    day.do(lambda unit: unit.enrolments.enrol(first[2], day.house.project))
    day.do(lambda unit: unit.enrolments.decline(first[2], day.house.project, True))
    assert [day.offer(worker) for worker in first] == [True, True, False]
    with pytest.raises(NotYours):
        day.judge(first[2], Verdict.WORKER)
    day.judge(first[0], Verdict.WORKER)
    with pytest.raises(AlreadyAnswered):
        day.judge(first[0], Verdict.REQUESTER)
    day.judge(first[1], None)
    assert len(day.called()) == JUDGES + 1  # for the one who passed it on
    day.do(appeals.close_overdue_appeals, later=WAVE_TIME)
    third, fourth = day.called()[JUDGES : JUDGES + 2]
    assert day.offer(third)
    assert day.offer(fourth)
    day.do(appeals.close_overdue_appeals, later=JUDGING_TIME + 1)
    day.judge(third, Verdict.WORKER)  # late, while a place is left
    assert not day.offer(first[1])
    day.judge(fourth, Verdict.REQUESTER)
    assert day.do(lambda unit: unit.reviews.find_rejection(submission.id)).state == "overturned"  # type: ignore[union-attr]
    assert day.do(lambda unit: unit.connection.one("SELECT 1 FROM juries WHERE called = 0")) is None


def test_a_stopped_project_keeps_what_is_undecided_and_the_rest_follows(day: Day) -> None:
    appealed, _ = day.reject(0), day.reject(0)
    day.appeal(appealed)

    def stop(unit: UnitOfWork) -> None:
        project = unit.projects.get(day.house.project)
        end_project(unit, unit.people.get(day.house.requester), project, ProjectState.STOPPED)

    day.do(stop)
    assert day.balance(lambda unit: disputed_account(day.house.project)) == 2 * PAY
    assert day.do(find_violations) == []
    for worker in day.called():
        assert day.offer(worker)
        day.judge(worker, Verdict.REQUESTER)
    day.do(sweeps.release_due_pay, later=72 * HOUR)
    day.do(appeals.close_overdue_appeals, later=7 * DAY)
    day.do(sweeps.expire_assignments)
    day.do(sweeps.return_leftovers)
    paid = 4 * (PAY + FEE) + JUDGES * PAY  # nothing of hers had brought fees yet when the judges were paid
    assert day.balance(lambda unit: requester_account(unit.people.get(day.house.requester))) == FUNDS - paid
    assert day.balance(lambda unit: FEES) == day.before + 4 * FEE


def test_a_rejection_that_cannot_pay_judges_is_refused_with_what_is_missing(day: Day) -> None:
    def spend(unit: UnitOfWork) -> None:
        account = requester_account(unit.people.get(day.house.requester))
        rest = Millionths(unit.ledger.balance(account) - JUDGES * PAY + 1)
        unit.ledger.post(Transfer("away", "refund", account, BANK, rest, "EUR"))

    day.do(spend)
    with pytest.raises(JudgesPayMissing) as refused:
        day.reject()
    assert refused.value.facts == {
        **{"missing": 1, "needed": JUDGES * PAY, "available": JUDGES * PAY - 1},
        **{"currency": "EUR", "team": "", "team_number": 0, "card": 0},
    }
    waiting = day.do(lambda unit: unit.reviews.list_waiting(day.house.project, 0, 1))[0]
    with pytest.raises(JudgesPayMissing):
        day.do(lambda unit: review.ask_for_line(act_of(unit, day.house.requester), waiting.id))
    assert len(day.do(lambda unit: unit.reviews.list_waiting(day.house.project, 0, 9))) == 6


def test_judges_pay_returns_to_the_requester_without_an_appeal_or_judges(day: Day) -> None:
    before = day.balance(lambda unit: requester_account(unit.people.get(day.house.requester)))
    day.reject()
    day.appeal(day.reject())
    assert day.balance(lambda unit: JUDGES_PAY) == 2 * JUDGES * PAY
    day.do(appeals.close_overdue_appeals, later=8 * DAY)
    assert day.balance(lambda unit: JUDGES_PAY) == 0
    after = day.balance(lambda unit: requester_account(unit.people.get(day.house.requester)))
    assert after == before + PAY + FEE  # of the one nobody appealed
