"""One item to be answered, and how its row becomes a message."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NewType

from domain.projects.projects import ProjectId

TaskId = NewType("TaskId", int)

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Task:
    """`gold` holds the accepted answers, None for an ordinary task; `overlap` is what was asked for this row.

    `scores` is the quality engine's log posterior over the options, None before the first answer.
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


def fill(template: str, content: Mapping[str, str]) -> str:
    """The template with each `{column}` replaced by the row's value; unknown names stay as they are."""
    return _PLACEHOLDER.sub(lambda match: content.get(match[1], match[0]), template)
