"""The expected time of an answer, before any was measured."""

from collections.abc import Sequence
from statistics import median

from domain.answers import kind_of
from domain.money.effort import LOOK, cannot_be_told
from domain.money.pricing import expected_seconds
from domain.projects.media import PHOTO, has_sound
from domain.projects.projects import Project
from domain.projects.tasks import Task, TaskContent, as_asked, content_of, whole_text


def base_of(project: Project, tasks: Sequence[Task]) -> tuple[float, str]:
    """Seconds one answer takes, by the requester's word or our estimate; and why that estimate would mean nothing."""
    if project.seconds is not None:
        return float(project.seconds), ""
    shown = [content_of(project, task) for task in tasks]
    options = as_asked(project, tasks[0]).options if tasks else project.options
    words = [whole_text(project, task) for task in tasks]
    seconds = expected_seconds(words, project.kind, options)
    looking = LOOK * median(map(_pictures, shown)) if shown else 0.0
    heard = any(medium.kind != PHOTO for each in shown for medium in each.media) or has_sound(project.template)
    untold = "" if kind_of(project.kind).is_of_programs else cannot_be_told(words, project.kind, heard)
    return seconds + looking, untold  # a program cannot say how long its task takes: the first answers are measured


def _pictures(shown: TaskContent) -> int:
    return bool(shown.picture) + sum(medium.kind == PHOTO for medium in shown.media)
