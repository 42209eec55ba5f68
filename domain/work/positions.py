"""In which order a worker sees what is compared: drawn by worker and task, and the same each time.

The row's cells change places and their labels stay: what is called A is the requester's A for some and B for others, so
that neither its place nor its name tells where it came from. Answers are stored as the requester calls things.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256

from domain.answers import kind_of
from domain.projects.candidates import is_decided_by
from domain.projects.form_questions import asked_in
from domain.projects.projects import Project
from domain.projects.tasks import Task, TaskId, as_asked

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
    return not is_decided_by(asked_in(project.kind, project.options))


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
