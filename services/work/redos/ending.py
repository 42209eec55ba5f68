"""A redo ends: done and paid, declined, or too late; what is not earned goes back to the requester."""

from domain.people.people import Person
from domain.refusals import TooLateToChange
from domain.work.redo_messages import RedoDone, RedoPaid, RedoReturned
from domain.work.redos import DONE, LATE, Redo
from domain.work.submissions import CHANGE_TIME, CHANGING_TIME, Submission, SubmissionId
from services.fairness.exhibits import exhibit
from services.money.bonuses import extras
from services.people.pseudonyms import pseudonym_for
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

AT_ONCE = 50


def is_open(unit: UnitOfWork, submission: SubmissionId) -> bool:
    """Whether this answer may be given anew because its requester asks for it."""
    found = unit.redos.of(submission)
    return found is not None and found.is_open(unit.now)


def is_asked(unit: UnitOfWork, submission: Submission) -> bool:
    """The same. Raises TooLateToChange where that is over, as is the time of an ordinary change: nobody would pay."""
    asked = is_open(unit, submission.id)
    is_late = unit.now > submission.submitted_at + CHANGE_TIME + CHANGING_TIME
    if not asked and is_late and unit.redos.of(submission.id) is not None:
        raise TooLateToChange(why="again")
    return asked


def finish(unit: UnitOfWork, worker: Person, submission: Submission) -> None:
    """The second answer stands: it is paid, once. Nothing where none was asked for."""
    found = unit.redos.of(submission.id)
    if found is None or not found.is_open(unit.now) or not unit.redos.end(submission.id, DONE):
        return
    project = unit.projects.get(submission.project)
    moved = extras.pay(unit, project, worker, found.pay, f"redo:{submission.id}", submission.id)
    unit.outbox.tell(worker.id, RedoPaid(project.title, found.pay, project.currency, moved))
    about = exhibit(unit, project, unit.submissions.get(submission.id))
    told = RedoDone(about, pseudonym_for(unit, project.requester, found.worker), project.id)
    unit.outbox.tell(project.requester, told, lane=Lane.BROADCAST)


def give_back(unit: UnitOfWork, found: Redo, state: str) -> bool:
    """Nobody does it: its pay goes back. False where it has ended."""
    if not unit.redos.end(found.submission, state):
        return False
    project = unit.projects.get(found.project)
    extras.give_back(unit, project, found.pay, f"redo:{found.submission}", found.submission)
    told = RedoReturned(
        project.title, pseudonym_for(unit, project.requester, found.worker), found.pay, project.currency, state == LATE
    )
    unit.outbox.tell(project.requester, told, lane=Lane.BROADCAST)
    return True


def lapse(unit: UnitOfWork) -> None:
    """A sweep."""
    for found in unit.redos.due(AT_ONCE):
        give_back(unit, found, LATE)


def is_left(unit: UnitOfWork, worker: Person, submission: Submission) -> bool:
    """Whether a task that is asked for once more, in a message of its own, was left for another one."""
    change = unit.corrections.open_of(worker.id)
    return is_open(unit, submission.id) and (change is None or change.submission != submission.id)
