"""One item to be answered, and how its row becomes a message."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NewType

from domain.answers import kind_of
from domain.moments import DECISION_TIME
from domain.projects import candidates
from domain.projects.media import PHOTO, Medium, laid
from domain.projects.projects import Project, ProjectId
from domain.quality.machine import MachineAnswer
from domain.records import record

TaskId = NewType("TaskId", int)

WITHIN = "within"  # in a task's content: milliseconds to decide about an answer
BEGINNING = 80  # characters
REVIEWS = "reviews"  # the name of the batch that holds what programs sent to be reviewed
DECIDED, WAITING, STOPPED = "decided", "waiting", "stopped"
MODEL, PEOPLE = "model", "people"
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_LABELLED = re.compile(r"^(.+?): \{([^{}]+)\}$", re.MULTILINE)


@record
class Task:
    """`gold` holds the accepted answers, None for an ordinary task; `overlap` is the row's own.

    `scores` is the quality engine's log posterior over the options, None before the first answer; of the `received`
    answers so many are `scored` in it. `ai` holds models' answers, which are never shown to workers.
    """

    id: TaskId
    project: ProjectId
    position: int
    key: str
    content: Mapping[str, str]
    gold: tuple[str, ...] | None
    reason: str | None
    overlap: int
    state: str
    received: int
    consensus: str | None
    confidence: float | None
    scores: tuple[float, ...] | None = None
    scored: int = 0
    ai: tuple[MachineAnswer, ...] = ()


@record
class LongText:
    """A cell that is too long for the message of its task: what it is called there, and its place among the project's
    columns."""

    label: str
    column: int


@record
class TaskContent:
    """A row as a worker sees it: text, and the picture beside it where that is all it has; else its media. `cut` are
    texts that are read by themselves."""

    text: str
    picture: str | None = None
    media: tuple[Medium, ...] = ()
    cut: tuple[LongText, ...] = ()


def beginning_of(project: Project, task: Task) -> str:
    """What its messages name a task by: how its text begins, without addresses of pictures that were shown in their
    place, else the project's title."""
    text, _ = candidates.pictured(content_of(project, task).text, kind_of(project.kind).compared(project.options))
    text = " ".join(text.split()) or project.title
    return text if len(text) <= BEGINNING else f"{text[: BEGINNING - 1].rstrip()}…"


def as_asked(project: Project, task: Task) -> Project:
    """The project with the options of this task, which may bring its own."""
    options = kind_of(project.kind).options_of(task.content, project.options)
    return project if options == project.options else replace(project, options=options)


def decision_time_of(task: Task) -> int:
    """Milliseconds in which an answer is decided that waits for its requester; silence pays then."""
    return decision_time_in(task.content)


def decision_time_in(content: Mapping[str, str]) -> int:
    return min(DECISION_TIME, int(content.get(WITHIN, DECISION_TIME)))


def whole_text(project: Project, task: Task) -> str:
    """All there is to read, also where a message shows only how it begins."""
    return fill(laid(project.template, task.content)[0], task.content).rstrip()


def content_of(project: Project, task: Task) -> TaskContent:
    """The row, put into the project's template; media are shown beside the text, not written in it."""
    template, media = laid(project.template, task.content)
    text = fill(template, task.content).rstrip()  # columns without a value leave empty lines
    cut: tuple[LongText, ...] = ()
    if 2 * len(text) > candidates.FORM_ROOM and candidates.has_candidates(project.kind, project.options):
        text, cut = _shortened(project, template, task.content, text)
    if len(media) == 1 and media[0].kind == PHOTO:
        return TaskContent(text, media[0].file, cut=cut)
    return TaskContent(text, None, media, cut)


def _shortened(
    project: Project, template: str, content: Mapping[str, str], text: str
) -> tuple[str, tuple[LongText, ...]]:
    """So that it fits into one message, and what was cut for that."""
    room = candidates.room_of(project.kind)
    if candidates.units(text) <= room:
        return text, ()
    names = [name for name in _PLACEHOLDER.findall(template) if name in content]
    around = candidates.units(fill(template, dict.fromkeys(names, "")))
    found = candidates.shortened(names, content, candidates.OPENING - around)
    labels = {name: label for label, name in _LABELLED.findall(template)}
    cut = (LongText(labels.get(name, name), project.columns.index(name)) for name in found if name in project.columns)
    return fill(template, {**content, **found}).rstrip(), tuple(cut)


def fill(template: str, content: Mapping[str, str]) -> str:
    """The template with each `{column}` replaced by the row's value; unknown names stay as they are."""
    parts = [*_parts(template)]
    for at in range(1, len(parts), 2):
        parts[at] = content.get(parts[at], f"{{{parts[at]}}}")
    return "".join(parts)


@lru_cache(maxsize=256)
def _parts(template: str) -> tuple[str, ...]:
    """What stands around its placeholders, and between them their names."""
    return tuple(_PLACEHOLDER.split(template))


@record
class Review:
    """A model's answer that a program sent: decided at once where the model may, else by people. `state`: decided,
    waiting, or stopped with its project. `answer` and `confidence` are its consensus; `by` the model or people, empty
    while it waits; `answers` so many people have given."""

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
