"""The order in which a worker sees what is compared: drawn by worker and task, and the same each time.

The row's cells change places and their labels stay: label A is the requester's A for some workers and B for others, so
that neither its place nor its name tells where it came from. Answers are stored under the requester's labels."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

from domain.answers import kind_of
from domain.money.amounts import Millionths
from domain.projects.form_questions import questions_in
from domain.projects.projects import Project
from domain.projects.tasks import Task, TaskId, as_asked, is_decided_by
from domain.work.assignments import AssignmentId


@dataclass(frozen=True, slots=True)
class PageTask:
    """`media` are how each of its files is shown, in order; `answer` is the one that is being changed, as it is stored.

    `pay` is for one answer, 0 for a requester's own; `frame`: a page of its requester's asks. `beside`: the words of
    each picture that stands with the instructions; their files follow the task's.
    """

    assignment: AssignmentId
    kind: str
    title: str
    instructions: tuple[str, ...]
    options: tuple[str, ...]
    text: str
    media: tuple[str, ...]
    pay: Millionths
    currency: str
    answer: str | None = None
    frame: "PageFrame | None" = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A requester's page at `src`, shown in a frame. `walled`: the frame has no origin of its own. `preview`: an admin
    looks at it; it takes no answer. `browser` is the address of a page of ours with the same frame, for clients in
    which frames could call the app; `left` takes an answer whose form went elsewhere, empty if none can."""

    src: str
    walled: bool
    preview: bool
    browser: str
    left: str


class PageOutcome(StrEnum):
    """What became of an answer from a page. `AGAIN`: it had been received before. `KNOWN`: a requester's, for a check
    question; `TRIED`: a requester's own try."""

    RECEIVED = "received"
    CHANGED = "changed"
    AGAIN = "again"
    KNOWN = "known"
    TRIED = "tried"


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """`held`: the pay is pending; `missed`: it missed a check question. A right answer to one is the same as an
    ordinary answer. `next` is the task that follows, if a page answers it too, and no miss is explained in the chat."""

    state: PageOutcome
    pay: Millionths
    currency: str
    held: bool = False
    missed: bool = False
    next: AssignmentId | None = None


Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeenTask:
    """A task as one worker sees it, and its project with the options of this task. `meant_by_label` maps each label the
    worker sees to the requester's label, empty where all is in the requester's order."""

    project: Project
    task: Task
    meant_by_label: Labels = field(default_factory=dict)

    def to_stored_answer(self, answer: str | None) -> str | None:
        """Return an answer in the worker's labels as it is stored, in the requester's labels."""
        return self._relabelled(answer, self.meant_by_label)

    def to_seen_answer(self, answer: str | None) -> str | None:
        """Return a stored answer in the labels that the worker sees."""
        return self._relabelled(answer, {meant: label for label, meant in self.meant_by_label.items()})

    def to_seen_golds(self, gold: Sequence[str]) -> tuple[str, ...]:
        """Return the gold answers in the labels that the worker sees."""
        return tuple(filter(None, map(self.to_seen_answer, gold)))

    def _relabelled(self, answer: str | None, labels: Labels) -> str | None:
        if not labels or answer is None:
            return answer
        return kind_of(self.project.kind).relabel(answer, self.project.options, labels)


def to_seen_task(project: Project, task: Task, order: Sequence[str]) -> SeenTask:
    """Return the task as seen with this order: the requester's label of the content at each place, empty where nothing
    moves."""
    project, labels = as_asked(project, task), get_compared_labels(project)
    if not order or tuple(order) == labels:
        return SeenTask(project, task)
    columns = dict(zip(labels, find_label_columns(project) or (), strict=True))
    moved_cells = {
        columns[label]: task.content.get(columns[shown_label], "")
        for label, shown_label in zip(labels, order, strict=True)
    }
    return SeenTask(
        project, replace(task, content={**task.content, **moved_cells}), dict(zip(labels, order, strict=True))
    )


def draw_order(project: Project, task: TaskId, worker: int, secret: bytes) -> tuple[str, ...]:
    """Return the order of the compared labels for this worker and task; unpredictable without the secret."""
    seed_text = f":order:{task}:{worker}:"
    return tuple(
        sorted(get_compared_labels(project), key=lambda label: sha256(secret + (seed_text + label).encode()).digest())
    )


def has_shuffled_labels(project: Project) -> bool:
    """Return whether workers see different orders: each label is a column's, and no form question depends on one."""
    if not project.shuffled or find_label_columns(project) is None:
        return False
    return not is_decided_by(questions_in(project.kind, project.options))


def get_compared_labels(project: Project) -> tuple[str, ...]:
    return kind_of(project.kind).get_compared_labels(project.options)


def find_label_columns(project: Project) -> tuple[str, ...] | None:
    """Return the column behind each compared label, by the column's name or by its label in the template; None where a
    label has no column, or two have the same."""
    return _match_columns(get_compared_labels(project), project.template, project.columns)


@lru_cache(maxsize=256)
def _match_columns(labels: tuple[str, ...], template: str, columns: tuple[str, ...]) -> tuple[str, ...] | None:
    column_by_label = dict(re.findall(r"^(.+?): \{([^{}]+)\}$", template, re.MULTILINE))
    names = {name.casefold(): name for name in columns}
    matched_columns = [column_by_label.get(label) or names.get(label.casefold()) for label in labels]
    existing_columns = tuple(name for name in matched_columns if name in columns)
    return existing_columns if labels and len(set(existing_columns)) == len(labels) else None
