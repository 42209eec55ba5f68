"""Reviews: a program sends a model's answer and its confidence; it is answered at once where the model may decide, else
people decide."""

from dataclasses import dataclass

from domain.projects.projects import ProjectId
from domain.projects.tasks import Task, TaskId

FILE = "reviews"  # the name of the batch that holds them
DECIDED, WAITING, STOPPED = "decided", "waiting", "stopped"
MODEL, PEOPLE = "model", "people"


@dataclass(frozen=True, slots=True)
class Review:
    """`state`: decided, waiting, or stopped with its project. `answer` and `confidence` are its consensus; `by` the
    model or people, empty while it waits; `answers` so many people have given."""

    number: TaskId
    project: ProjectId
    id: str
    state: str
    answer: str | None
    confidence: float | None
    by: str
    answers: int


def batch_of(project: ProjectId) -> str:
    """The fingerprint of the batch that holds a project's reviews."""
    return f"reviews:{project}"


def review_of(task: Task) -> Review:
    state = {"closed": DECIDED, "stopped": STOPPED}.get(task.state, WAITING)
    said = (task.consensus, task.confidence) if state == DECIDED else (None, None)
    by = "" if state != DECIDED else PEOPLE if task.received else MODEL
    return Review(task.id, task.project, task.key, state, *said, by, task.received)
