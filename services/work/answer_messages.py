"""Messages after an answer: the explanation of a missed check question, and the edit of the answered message."""

from typing import Any

from domain.people.people import Person
from domain.projects.projects import Project
from domain.projects.tasks import Task
from domain.work.assignments import AssignmentId
from domain.work.messages import AnswerStands, LastAnswer, Miss, MissExplained
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
) -> Miss | None:
    """The explanation of a missed gold task."""
    if right is not False or not task.gold:
        return None
    return Miss(project.kind, answer, task.gold, task.reason, submission)


def explain(unit: UnitOfWork, worker: Person, last: LastAnswer | None, lane: Lane = Lane.REPLY) -> None:
    """Sends the explanation separately, where the next message has no room for it."""
    if last is not None and last.miss is not None:
        unit.outbox.tell(worker.id, MissExplained(last.miss), lane=lane)


def tidy(
    unit: UnitOfWork,
    worker: Person,
    project: Project,
    answer: str | None,
    message: int | None,
    change: AssignmentId | None,
) -> None:
    """Edits the answered message: no answer buttons, the answer given, and for a minute the button that changes it."""
    if message:
        stands = AnswerStands(
            project.title, project.kind, answer, project.pay, project.currency, change=change, message=message
        )
        unit.outbox.tell(worker.id, stands, **tidying(message))


def tell(unit: UnitOfWork, worker: Person, stands: AnswerStands, message: int | None) -> None:
    """Shows the current answer, in the message of the task or in a new one."""
    unit.outbox.tell(worker.id, stands, klass="nudge", edits=message, expires_in=NUDGE)
