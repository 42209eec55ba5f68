"""The dashboard's table of tasks: what it is sorted and filtered by, and a task that is opened."""

from dataclasses import dataclass
from enum import StrEnum

from domain.moments import Moment
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.refusals import Refusal
from domain.work.assignments import SubmissionId

MAX_ROWS, MAX_FILTER_CHARS = 200, 200  # of a page; of a class or a text that is looked for
MAX_CHOSEN_TASKS = 100  # tasks of one press: more answers, check questions, decisions about their answers
LOW_CONFIDENCE = 0.8  # below it, where the project wants no confidence of its own


class TaskSort(StrEnum):
    POSITION = "position"
    CONFIDENCE = "confidence"
    VOTES = "votes"


class TaskFilter(StrEnum):
    CONTESTED = "contested"  # two answers differ
    LOW = "low"  # less sure than the project wants
    MISSED = "missed"  # a check question that somebody answered otherwise
    REJECTED = "rejected"  # an answer was rejected
    SILENT = "silent"  # somebody said “can't tell”
    GOLD = "gold"  # check questions
    OPEN = "open"  # not finished


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """A page of the table: rows behind the one at position `after`, whose sort value is `value`; from the beginning if
    `after` is None."""

    sort: TaskSort = TaskSort.POSITION
    descending: bool = False
    only: tuple[TaskFilter, ...] = ()
    answer: str = ""
    text: str = ""
    after: int | None = None
    value: float = 0.0
    limit: int = MAX_ROWS


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """An answer as its requester may see it: `answer` is None for “can't tell”, and while a rejection is disputed.
    `worker` is a pseudonym; `right` says whether a check question was answered rightly, None if it is none. Until
    `held_until` it can be accepted or rejected."""

    submission: SubmissionId
    worker: str
    answer: str | None
    stored: str | None
    seconds: float
    state: str
    right: bool | None
    submitted_at: Moment
    held_until: Moment | None


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """A task with its answers. `media` are the kinds of its files, in order; `file_kind` is that of
    answers that are files, empty for words; `rules` are the lines that a rejection
    cites; `known` are the answers that a check question accepts."""

    task: TaskId
    project: ProjectId
    key: str
    kind: str
    file_kind: str
    text: str
    content: tuple[tuple[str, str], ...]
    options: tuple[str, ...]
    media: tuple[str, ...]
    rules: tuple[str, ...]
    state: str
    overlap: int
    known: tuple[str, ...]
    reason: str
    consensus: str | None
    stored_consensus: str | None
    confidence: float | None
    answers: tuple[TaskAnswer, ...]
    may_be_gold: bool
    may_get_more: bool


@dataclass(frozen=True, slots=True)
class TasksExtended:
    """`tasks` get `extra` more answers each, which cost `total` with fees, in millionths."""

    number: ProjectId
    tasks: int
    extra: int
    currency: str
    total: int


@dataclass(frozen=True, slots=True)
class ManyDone:
    """Outcome of one press for many: `done` of them, `left` not, of which `refusal` says why for the last one."""

    done: int
    left: int = 0
    refusal: Refusal | None = None
