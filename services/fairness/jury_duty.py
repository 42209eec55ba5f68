"""A judgement is offered like a task: pushed or asked for, one at a time, paid the same; it comes before tasks."""

from domain.fairness.appeals import JUDGING_TIME, Appeal, Judgement
from domain.fairness.messages.appeals import AppealToJudge
from domain.moments import Moment, later
from domain.people.people import Person, PersonId
from domain.work.messages import LastAnswer
from services.fairness.exhibits import citation, exhibit
from services.projects.authoring import versions
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

LEAST = 60_000  # milliseconds an appeal must have left for another judge to be asked


def offer(unit: UnitOfWork, worker: Person, lane: Lane, last: LastAnswer | None = None) -> bool:
    """Whether this worker has a judgement in hand now. One they had already is shown again where they ask. `last` is
    feedback on what they answered before."""
    if not unit.appeals.any_open():
        return False
    in_hand = unit.appeals.in_hand(worker.id)
    if in_hand is None:
        in_hand = _found(unit, worker)
    elif lane is Lane.PUSH:
        unit.people.busy(worker.id, unit.now)
        return True
    if in_hand is None:
        return False
    show(unit, in_hand, lane, last)
    return True


def show(unit: UnitOfWork, judgement: Judgement, lane: Lane, last: LastAnswer | None = None) -> None:
    """Shows the case to a judge: without names, without the other judgements."""
    appeal = unit.appeals.lock(judgement.appeal)
    rejection, submission = unit.reviews.get(appeal.submission), unit.submissions.get(appeal.submission)
    project = unit.projects.get(submission.project)
    about = exhibit(unit, project, submission)
    rules = versions.under(unit, project, submission.version).instructions
    asked = AppealToJudge(appeal.id, about, citation(unit, rejection), appeal.words, rules, last)
    expires_in = max(0, judgement.deadline - unit.now)
    unit.outbox.tell(judgement.worker, asked, lane=lane, klass="push", expires_in=expires_in)


def let_go(unit: UnitOfWork, worker: PersonId) -> None:
    """The case in hand, or to come, goes to another judge at once: this one has left, or is out of reach."""
    if not unit.appeals.any_open():
        return
    in_hand = unit.appeals.in_hand(worker)
    if in_hand is not None:
        unit.appeals.leave(in_hand, "expired")
    unit.juries.call()


def _found(unit: UnitOfWork, worker: Person) -> Judgement | None:
    appeal = unit.appeals.next_for(worker.id, later(unit.now, LEAST))
    if appeal is None or not unit.appeals.offer(appeal, worker.id, _deadline(unit, appeal)):
        return None
    unit.people.busy(worker.id, unit.now)
    return unit.appeals.in_hand(worker.id)


def _deadline(unit: UnitOfWork, appeal: Appeal) -> Moment:
    return Moment(min(appeal.due_at, later(unit.now, JUDGING_TIME)))
