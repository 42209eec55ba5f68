"""One task given to one worker until a deadline: active → submitted | skipped | expired."""

from enum import StrEnum
from typing import NewType

from domain.answers import Draft
from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.records import record

AssignmentId = NewType("AssignmentId", int)


class AssignmentState(StrEnum):
    ACTIVE = "active"
    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    RETURNED = "returned"


@record
class Assignment:
    """`draft` holds the numbers of the options pressed so far, where an answer takes several presses; `version` is that
    of the instructions it was given out with; `begun_at` the first press of several, None where the answer is the first
    sign that its worker is at it. `pushed` is 1 where the task came unasked."""

    id: AssignmentId
    project: ProjectId
    task: TaskId
    worker: PersonId
    state: AssignmentState
    offered_at: Moment
    deadline: Moment
    draft: Draft = ()
    version: int = 1
    begun_at: Moment | None = None
    pushed: int = 0
