"""A requester decides: answers one after another; accepting pays at once, rejecting cites a line and gives a reason."""

from typing import Any

from domain.answers import kind_of
from domain.fairness.appeals import judges_pay
from domain.fairness.review import LONGEST, PAUSE, SHORTEST, is_open, reason_of
from domain.people.people import Person
from domain.people.pseudonyms import pseudonym
from domain.projects.projects import Project
from domain.refusals import AlreadyTheirs, BadInput, CantTellIsPaid, NotFound, RightByGold, WrongState
from domain.work.submissions import CHANGE_TIME, CHANGING_TIME, Submission, SubmissionId
from services.fairness.rejections import afford_judges, described, reject
from services.money import transfers
from services.projects import ownership, rejection_pause
from storage.unit import UnitOfWork

JOURNEY = "review"
AT_ONCE = 500  # answers accepted with one press


def begin(unit: UnitOfWork, requester: Person, number: int, after: int = 0) -> None:
    """The next answer that can be decided; from the first one again when the last was passed."""
    project = ownership.mine(unit, requester, number)
    found = unit.reviews.waiting(project.id, after, 1) or unit.reviews.waiting(project.id, 0, 1)
    facts: dict[str, Any] = {"number": project.id, "title": project.title}
    if not found:
        unit.outbox.say(requester.id, "review.nothing", review=project.accept == "review", **facts)
        return
    submission = found[0]
    if unit.now <= submission.submitted_at + CHANGE_TIME + CHANGING_TIME:
        unit.corrections.look(submission.id)
    task = unit.tasks.get(submission.task)
    closed = task.state == "closed" and task.gold is None and task.received > 1
    shown: dict[str, Any] = {
        "left": unit.reviews.count_waiting(project.id),
        "worker": pseudonym(unit.settings.secret, project.requester, submission.worker),
        "milliseconds": submission.milliseconds,
        "until": submission.held_until,
        "consensus": task.consensus if closed else None,
        "confidence": task.confidence if closed else None,
        "last": unit.submissions.last_of(project.id),
    }
    unit.outbox.say(requester.id, "review.submission", **described(unit, project, submission), **shown)


def accept(unit: UnitOfWork, requester: Person, number: SubmissionId, admins: frozenset[int]) -> None:
    """The pay is the worker's at once; the next answer follows."""
    project, submission = mine(unit, requester, number)
    _accept(unit, project, submission)
    rejection_pause.pause_if_too_many(unit, project, admins)
    begin(unit, requester, project.id, submission.id)


def accept_rest(unit: UnitOfWork, requester: Person, number: int, last: int, admins: frozenset[int]) -> None:
    """All that were there when the button was shown."""
    project = ownership.mine(unit, requester, number)
    rest = [found for found in unit.reviews.waiting(project.id, 0, AT_ONCE) if found.id <= last]
    for submission in rest:
        _accept(unit, project, submission)
    rejection_pause.pause_if_too_many(unit, project, admins)
    facts: dict[str, Any] = {"number": project.id, "title": project.title, "currency": project.currency}
    left = unit.reviews.count_waiting(project.id)
    amount = sum(found.pay for found in rest)
    unit.outbox.say(requester.id, "review.accepted_rest", count=len(rest), amount=amount, left=left, **facts)


def choose_line(unit: UnitOfWork, requester: Person, number: SubmissionId) -> None:
    """First of two steps: which line of the instructions was not followed."""
    project, submission = _undecided(unit, requester, number)
    afford_judges(unit, requester, project, submission)
    lines = list(project.instructions)
    unit.outbox.say(requester.id, "review.lines", lines=lines, **described(unit, project, submission))


def ask_reason(unit: UnitOfWork, requester: Person, number: SubmissionId, line: int) -> None:
    """Second step: the reason is typed."""
    project, submission = _undecided(unit, requester, number)
    if not 1 <= line <= len(project.instructions):
        raise BadInput(what="line", value=str(line), expected=[str(len(project.instructions))])
    unit.drafts.keep(requester.id, JOURNEY, {"submission": submission.id, "line": line}, unit.now)
    clause = project.instructions[line - 1]
    unit.outbox.say(requester.id, "review.reason", number=project.id, line=line, clause=clause, last=submission.id)


def reasoned(unit: UnitOfWork, requester: Person, draft: dict[str, Any], text: str, admins: frozenset[int]) -> None:
    """The reason came: the answer is rejected, the next one follows."""
    project, submission = _undecided(unit, requester, SubmissionId(draft["submission"]))
    reason = reason_of(text)
    if reason is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST), str(LONGEST)])
    unit.drafts.drop(requester.id)
    reject(unit, requester, project, submission, draft["line"], reason)
    held: dict[str, Any] = {"held": judges_pay(submission.pay), "currency": project.currency}
    unit.outbox.say(requester.id, "review.rejected", title=project.title, **held)
    rejection_pause.pause_if_too_many(unit, project, admins)
    begin(unit, requester, project.id, submission.id)


def mine(unit: UnitOfWork, requester: Person, number: SubmissionId) -> tuple[Project, Submission]:
    """An answer of the requester's own project."""
    submission = unit.submissions.find(number)
    project = ownership.owned(unit, requester, submission.project if submission else None)
    if submission is None or project is None:
        raise NotFound(what="answer", name=str(number))
    return project, submission


def _undecided(unit: UnitOfWork, requester: Person, number: SubmissionId) -> tuple[Project, Submission]:
    """One that may still be rejected: its pay is not the worker's yet, and nobody has stopped the project for it."""
    project, submission = mine(unit, requester, number)
    if not is_open(submission, unit.now):
        raise AlreadyTheirs()
    if submission.answer is None:
        raise CantTellIsPaid()
    if _is_right_by_gold(unit, project, submission):
        raise RightByGold()
    if PAUSE in project.paused:
        raise WrongState(number=project.id, state="paused")
    return project, submission


def _is_right_by_gold(unit: UnitOfWork, project: Project, submission: Submission) -> bool:
    """By what the requester gave as known; while that is on trial, by what is on trial."""
    task, trial = unit.tasks.get(submission.task), unit.gold_challenges.open_of(submission.task)
    known = task.gold or (trial.gold if trial else None)
    return bool(known) and kind_of(project.kind).is_right(submission.answer, known or ())


def _accept(unit: UnitOfWork, project: Project, submission: Submission) -> None:
    worker = unit.people.get(submission.worker)
    if transfers.release(unit, worker, project, submission):
        transfers.tell_released(unit, worker, project)
