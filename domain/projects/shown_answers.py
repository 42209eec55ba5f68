"""Answers as messages carry them: with what their screen needs to show them."""

from collections.abc import Sequence
from typing import overload

from domain.answers import kind_of
from domain.projects.projects import Project


@overload
def shown(project: Project, answer: str) -> str: ...
@overload
def shown(project: Project, answer: str | None) -> str | None: ...
def shown(project: Project, answer: str | None) -> str | None:
    """An answer, or one that gold accepts."""
    return None if answer is None else kind_of(project.kind).shown(answer, project.options)


def all_shown(project: Project, answers: Sequence[str]) -> tuple[str, ...]:
    return tuple(shown(project, answer) for answer in answers)
