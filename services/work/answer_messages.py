"""What is said of an answer that was given: what a miss teaches, and the old message that names what was answered."""

from typing import Any

from domain.people.people import Person
from domain.projects.projects import Project
from domain.projects.tasks import Task
from domain.work.assignments import AssignmentId
from domain.work.submissions import SubmissionId
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

# Tidying an old message waits until somebody who answers fast has gone on (it would take their chat's next second),
# and is worth only so much waiting: milliseconds.
UNHURRIED, NUDGE = 4_000, 20_000


def tidying(message: int) -> dict[str, Any]:
    """How an edit of an old message is sent: last, and only while it still helps."""
    return {"lane": Lane.TIDY, "klass": "nudge", "edits": message, "delay": UNHURRIED, "expires_in": NUDGE}


def missed(
    project: Project, task: Task, answer: str | None, right: bool | None, submission: SubmissionId
) -> dict[str, Any] | None:
    """What a missed gold task teaches; the submission is what can be contested."""
    if right is not False or not task.gold:
        return None
    told = {"kind": project.kind, "answer": answer, "gold": list(task.gold), "reason": task.reason}
    return {**told, "submission": submission}


def changeable(assignment: AssignmentId, message: int | None) -> dict[str, Any]:
    """What every answer but an explained one is followed by, so that nothing shows which were known."""
    return {"change": assignment, "message": message or 0}


def tidy(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    answer: str | None,
    message: int | None,
    change: AssignmentId | None,
) -> None:
    """The answered message loses its buttons and says what was answered; for a minute that can be changed."""
    if message:
        facts = _said(project, answer) | {"change": change, "message": message}
        unit.outbox.say(worker.id, "work.answered", **tidying(message), **facts)


def tell(
    unit: UnitOfWork, worker: Person, project: Project, answer: str | None, message: int | None, changed: bool, pay: int
) -> None:
    """What stands now, in the message that asked, or in one of its own."""
    facts = _said(project, answer) | {"changed": changed, "pay": pay}
    unit.outbox.say(worker.id, "work.answered", klass="nudge", edits=message, expires_in=NUDGE, **facts)


def _said(project: Project, answer: str | None) -> dict[str, Any]:
    about: dict[str, Any] = {"title": project.title, "kind": project.kind, "answer": answer}
    return {**about, "pay": project.pay, "currency": project.currency}
