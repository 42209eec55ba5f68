"""Redos: a requester asks for an answer once more, in their own words; the worker consents and is paid again."""

from typing import Any

from domain.fairness import review as review_rules
from domain.fairness.review import MAX_REASON_CHARS, MIN_REASON_CHARS, AnswerToReview, NothingToReview, parse_reason
from domain.money.ledger import requester_account
from domain.people.accounts import Person
from domain.projects.projects import Project
from domain.refusals import AlreadyTheirs, BadInput, CannotRedo, MoreThanThere, TooLateToChange
from domain.work.assignments import CHANGE_TIME, CHANGING_TIME, Submission, SubmissionId
from domain.work.redos import DONE, LATE, Redo, RedoDone, RedoOffered, RedoPaid, RedoReturned, RedoSent, RedoWanted
from services.act import Act
from services.fairness import review
from services.fairness.rejections import describe_answer
from services.money import transfers
from services.people.accounts import pseudonym_for
from services.projects.projects import check_by_hand
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

JOURNEY = "redo"


def ask_for_reason(act: Act, submission: SubmissionId) -> RedoWanted:
    """Ask the requester what should be different, to be typed. Raise MoreThanThere without the money for a second
    answer, and the refusals of `_get_redoable`."""
    unit, (project, redoable) = act.unit, _get_redoable(act, submission)
    available = unit.ledger.balance(requester_account(act.person), project.currency)
    if available < project.pay:
        raise MoreThanThere(asked=project.pay, available=available, currency=project.currency)
    unit.drafts.keep(act.person.id, JOURNEY, {"submission": redoable.id}, unit.now)
    return RedoWanted(
        redoable.id,
        pseudonym_for(unit, project.requester, redoable.worker),
        project.pay,
        project.currency,
        available,
    )


def take_reason(act: Act, draft: dict[str, Any], text: str) -> tuple[RedoSent, AnswerToReview | NothingToReview]:
    """Ask the worker for the redo with the typed reason. Return the confirmation and the next answer to review."""
    submission_id = SubmissionId(draft["submission"])
    redo_sent = ask_for(act, submission_id, text)
    act.unit.drafts.drop(act.person.id)
    return redo_sent, review.show_next_answer(act, act.unit.submissions.get(submission_id).project, submission_id)


def ask_for(act: Act, submission: SubmissionId, reason: str) -> RedoSent:
    """Accept and pay the answer, hold the pay of a second one, and ask the worker for it. Raise BadInput if the reason
    is too short or too long, CannotRedo if it was asked for before."""
    unit, (project, answered) = act.unit, _get_redoable(act, submission)
    words = parse_reason(reason)
    if words is None:
        raise BadInput(what="reason", value="", expected=[str(MIN_REASON_CHARS), str(MAX_REASON_CHARS)])
    review.accept_answer(act, answered.id)
    if not unit.redos.add(answered, words, project.pay):
        raise CannotRedo(why="before")
    unit.spending.stated.add(project.id, project.pay)
    transfers.hold_extra(unit, project, project.pay, f"redo:{answered.id}", answered.id)
    redo = unit.redos.find(answered.id)
    assert redo is not None  # noqa: S101 - it was added above
    exhibit_of_answer = describe_answer(unit, project, answered)
    unit.outbox.tell(answered.worker, RedoOffered(exhibit_of_answer, act.person.name, words, redo.pay, redo.until_at))
    return RedoSent(pseudonym_for(unit, project.requester, answered.worker), redo.pay, project.currency, redo.until_at)


def _get_redoable(act: Act, submission_id: SubmissionId) -> tuple[Project, Submission]:
    """Return the project and an answer that waits for its requester's decision and can be asked for once more. Raise
    NotYours, AlreadyTheirs once it is decided, CannotRedo for gold, after an earlier redo, or if the worker has left.
    """
    project, submission = review.get_own_answer(act.unit, act.person, submission_id)
    check_by_hand(project)
    if not review_rules.is_open(submission, act.unit.now):
        raise AlreadyTheirs()
    if (
        submission.gold is not None or act.unit.tasks.get(submission.task).gold
    ):  # “can't tell” too, which was not judged
        raise CannotRedo(why="gold")
    if act.unit.redos.find(submission_id) is not None:
        raise CannotRedo(why="before")
    worker, enrolment = act.unit.people.get(submission.worker), act.unit.enrolments.find(submission.worker, project.id)
    if worker.telegram_id is None or worker.suspended or enrolment is None or enrolment.consented_at is None:
        raise CannotRedo(why="gone")
    return project, submission


REDOS_PER_SWEEP = 50


def is_open(unit: UnitOfWork, submission: SubmissionId) -> bool:
    """Return whether this answer may be given anew because its requester asks for it."""
    redo = unit.redos.find(submission)
    return redo is not None and redo.is_open(unit.now)


def is_still_open(unit: UnitOfWork, submission: Submission) -> bool:
    """Return whether a redo of this answer is open. Raise TooLateToChange if one was asked for but is over, and the
    time of an ordinary change is over too: nobody would pay for the new answer."""
    is_redo_open = is_open(unit, submission.id)
    is_late = unit.now > submission.submitted_at + CHANGE_TIME + CHANGING_TIME
    if not is_redo_open and is_late and unit.redos.find(submission.id) is not None:
        raise TooLateToChange(why="again")
    return is_redo_open


def pay_redo(unit: UnitOfWork, worker: Person, submission: Submission) -> None:
    """Pay the second answer, once, and tell both sides. Do nothing if no redo is open."""
    redo = unit.redos.find(submission.id)
    if redo is None or not redo.is_open(unit.now) or not unit.redos.end(submission.id, DONE):
        return
    project = unit.projects.get(submission.project)
    transfer_id = transfers.pay_from_extra(
        unit, project, worker, amount=redo.pay, name=f"redo:{submission.id}", submission=submission.id
    )
    unit.outbox.tell(worker.id, RedoPaid(project.title, redo.pay, project.currency, transfer_id))
    exhibit_of_answer = describe_answer(unit, project, unit.submissions.get(submission.id))
    redo_done = RedoDone(exhibit_of_answer, pseudonym_for(unit, project.requester, redo.worker), project.id)
    unit.outbox.tell(project.requester, redo_done, lane=Lane.BROADCAST)


def return_redo_pay(unit: UnitOfWork, redo: Redo, state: str) -> bool:
    """Return the redo's pay to the requester and tell them. Return False, and do nothing, if the redo has ended
    already."""
    if not unit.redos.end(redo.submission, state):
        return False
    project = unit.projects.get(redo.project)
    transfers.return_extra(unit, project, redo.pay, f"redo:{redo.submission}", redo.submission)
    redo_returned = RedoReturned(
        project.title, pseudonym_for(unit, project.requester, redo.worker), redo.pay, project.currency, state == LATE
    )
    unit.outbox.tell(project.requester, redo_returned, lane=Lane.BROADCAST)
    return True


def end_due_redos(unit: UnitOfWork) -> None:
    """Sweep: end redos whose time is over, and return their pay."""
    for redo in unit.redos.due(REDOS_PER_SWEEP):
        return_redo_pay(unit, redo, LATE)


def is_redo_left(unit: UnitOfWork, worker: Person, submission: Submission) -> bool:
    """Return whether a redo that is open was left for another task."""
    change = unit.corrections.open_of(worker.id)
    return is_open(unit, submission.id) and (change is None or change.submission != submission.id)
