"""Answers that are asked for once more: by the requester's words, with the worker's consent, paid again."""

from typing import Any

from domain.fairness import review as review_rules
from domain.fairness.review import (
    MAX_REASON_CHARS,
    MIN_REASON_CHARS,
    AnswerToReview,
    NothingToReview,
    parse_reason,
)
from domain.money.ledger import requester_account
from domain.people.accounts import Person
from domain.projects.projects import Project
from domain.refusals import (
    AlreadyTheirs,
    BadInput,
    CannotRedo,
    MoreThanThere,
    TooLateToChange,
)
from domain.work.assignments import (
    CHANGE_TIME,
    CHANGING_TIME,
    Submission,
    SubmissionId,
)
from domain.work.redos import (
    DONE,
    LATE,
    Redo,
    RedoDone,
    RedoOffered,
    RedoPaid,
    RedoReturned,
    RedoSent,
    RedoWanted,
)
from services.act import Act
from services.fairness import review
from services.fairness.rejections import describe_answer
from services.money import transfers
from services.people.accounts import pseudonym_for
from services.projects.projects import check_by_hand
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

JOURNEY = "redo"


def ask(act: Act, submission: SubmissionId) -> RedoWanted:
    """The sentence is typed."""
    unit, (project, found) = act.unit, _undecided(act, submission)
    there = unit.ledger.balance(requester_account(act.person), project.currency)
    if there < project.pay:
        raise MoreThanThere(asked=project.pay, available=there, currency=project.currency)
    unit.drafts.keep(act.person.id, JOURNEY, {"submission": found.id}, unit.now)
    return RedoWanted(
        found.id, pseudonym_for(unit, project.requester, found.worker), project.pay, project.currency, there
    )


def typed(act: Act, draft: dict[str, Any], text: str) -> tuple[RedoSent, AnswerToReview | NothingToReview]:
    """The sentence came: the worker is asked, and the next answer follows."""
    number = SubmissionId(draft["submission"])
    sent = ask_for(act, number, text)
    act.unit.drafts.drop(act.person.id)
    return sent, review.show_next_answer(act, act.unit.submissions.get(number).project, number)


def ask_for(act: Act, submission: SubmissionId, reason: str) -> RedoSent:
    """The same in one step."""
    unit, (project, found) = act.unit, _undecided(act, submission)
    words = parse_reason(reason)
    if words is None:
        raise BadInput(what="reason", value="", expected=[str(MIN_REASON_CHARS), str(MAX_REASON_CHARS)])
    review.accept_answer(act, found.id)
    if not unit.redos.add(found, words, project.pay):
        raise CannotRedo(why="before")
    unit.spending.stated.add(project.id, project.pay)
    transfers.hold_extra(unit, project, project.pay, f"redo:{found.id}", found.id)
    redo = unit.redos.of(found.id)
    assert redo is not None  # noqa: S101 - it was added above
    about = describe_answer(unit, project, found)
    unit.outbox.tell(found.worker, RedoOffered(about, act.person.name, words, redo.pay, redo.until_at))
    return RedoSent(pseudonym_for(unit, project.requester, found.worker), redo.pay, project.currency, redo.until_at)


def _undecided(act: Act, number: SubmissionId) -> tuple[Project, Submission]:
    """An answer that waits for its requester, of a worker who can give it once more."""
    project, found = review.get_own_answer(act.unit, act.person, number)
    check_by_hand(project)
    if not review_rules.is_open(found, act.unit.now):
        raise AlreadyTheirs()
    if found.gold is not None or act.unit.tasks.get(found.task).gold:  # “can't tell” too, which was not judged
        raise CannotRedo(why="gold")
    if act.unit.redos.of(number) is not None:
        raise CannotRedo(why="before")
    worker, enrolment = act.unit.people.get(found.worker), act.unit.enrolments.find(found.worker, project.id)
    if worker.telegram_id is None or worker.suspended or enrolment is None or enrolment.consented_at is None:
        raise CannotRedo(why="gone")
    return project, found


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
    moved = transfers.pay_from_extra(unit, project, worker, found.pay, f"redo:{submission.id}", submission.id)
    unit.outbox.tell(worker.id, RedoPaid(project.title, found.pay, project.currency, moved))
    about = describe_answer(unit, project, unit.submissions.get(submission.id))
    told = RedoDone(about, pseudonym_for(unit, project.requester, found.worker), project.id)
    unit.outbox.tell(project.requester, told, lane=Lane.BROADCAST)


def give_back(unit: UnitOfWork, found: Redo, state: str) -> bool:
    """Nobody does it: its pay goes back. False where it has ended."""
    if not unit.redos.end(found.submission, state):
        return False
    project = unit.projects.get(found.project)
    transfers.return_extra(unit, project, found.pay, f"redo:{found.submission}", found.submission)
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
