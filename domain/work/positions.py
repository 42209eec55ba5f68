"""In which order a worker sees what is compared: drawn by worker and task, and the same each time.

The row's cells change places and their labels stay: what is called A is the requester's A for some and B for others, so
that neither its place nor its name tells where it came from. Answers are stored as the requester calls things.
"""

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
from domain.projects.tasks import (
    Task,
    TaskId,
    as_asked,
    is_decided_by,
)
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
    frame: "HitFrame | None" = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HitFrame:
    """A requester's page. `url` is that of their own server, empty where the page is kept here; `height` in pixels,
    0 fits; the ids are those that the requester knows. Who has the `ticket` may read the page and hand its form in. An
    admin's preview (`for_admin`) shows the page to an admin: it takes no answer and stores nothing."""

    ticket: str
    url: str
    height: int
    assignment_id: str
    hit_id: str
    worker_id: str
    for_admin: bool = False


class HandedIn(StrEnum):
    """`AGAIN`: it had been received before. `KNOWN`: a requester's, for a check question; `TRIED`: their own
    try."""

    RECEIVED = "received"
    CHANGED = "changed"
    AGAIN = "again"
    KNOWN = "known"
    TRIED = "tried"


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """`held`: the pay is pending; `missed`: it missed a check question. A right answer to one is the same as an
    ordinary answer."""

    state: HandedIn
    pay: Millionths
    currency: str
    held: bool = False
    missed: bool = False


Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeenTask:
    """A task as one worker sees it, and its project with the options of this task; `meant` is what the requester calls
    each label they see, empty where all is in the requester's order."""

    project: Project
    task: Task
    meant: Labels = field(default_factory=dict)

    def answer_meant(self, answer: str | None) -> str | None:
        """An answer of theirs, as it is stored."""
        return self._relabelled(answer, self.meant)

    def answer_seen(self, answer: str | None) -> str | None:
        """A stored answer, as they know it."""
        return self._relabelled(answer, {meant: label for label, meant in self.meant.items()})

    def golds_seen(self, gold: Sequence[str]) -> tuple[str, ...]:
        """The answers that gold accepts, as they know them."""
        return tuple(filter(None, map(self.answer_seen, gold)))

    def _relabelled(self, answer: str | None, labels: Labels) -> str | None:
        if not labels or answer is None:
            return answer
        return kind_of(self.project.kind).relabelled(answer, self.project.options, labels)


def seen_task(project: Project, task: Task, order: Sequence[str]) -> SeenTask:
    """`order`: the requester's label of what stands at each place; empty where nothing moves."""
    project, labels = as_asked(project, task), compared_in(project)
    if not order or tuple(order) == labels:
        return SeenTask(project, task)
    columns = dict(zip(labels, columns_of(project) or (), strict=True))
    moved = {columns[label]: task.content.get(columns[there], "") for label, there in zip(labels, order, strict=True)}
    return SeenTask(project, replace(task, content={**task.content, **moved}), dict(zip(labels, order, strict=True)))


def order_for(project: Project, task: TaskId, worker: int, secret: bytes) -> tuple[str, ...]:
    """Unpredictable without the secret."""
    about = f":order:{task}:{worker}:"
    return tuple(sorted(compared_in(project), key=lambda label: sha256(secret + (about + label).encode()).digest()))


def is_shuffled(project: Project) -> bool:
    """Whether workers see different orders: where each label is a column's, and no question is asked because of one."""
    if not project.shuffled or columns_of(project) is None:
        return False
    return not is_decided_by(questions_in(project.kind, project.options))


def compared_in(project: Project) -> tuple[str, ...]:
    return kind_of(project.kind).compared(project.options)


def columns_of(project: Project) -> tuple[str, ...] | None:
    """The column behind each label of what is compared, by its name or by its label in the template; None where one
    has none, or two have the same."""
    return _columns(compared_in(project), project.template, project.columns)


@lru_cache(maxsize=256)
def _columns(labels: tuple[str, ...], template: str, columns: tuple[str, ...]) -> tuple[str, ...] | None:
    behind = dict(re.findall(r"^(.+?): \{([^{}]+)\}$", template, re.MULTILINE))
    names = {name.casefold(): name for name in columns}
    found = [behind.get(label) or names.get(label.casefold()) for label in labels]
    known = tuple(name for name in found if name in columns)
    return known if labels and len(set(known)) == len(labels) else None
