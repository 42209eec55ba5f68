"""The expected time of an answer, before any was measured."""

from collections.abc import Sequence
from statistics import median

from domain.answers import kind_of
from domain.money.effort import LOOK, cannot_be_told
from domain.money.pricing import expected_seconds
from domain.money.stated_times import stated_seconds
from domain.projects.media import PHOTO, has_sound
from domain.projects.projects import Project
from domain.projects.tasks import Task, TaskContent, as_asked, content_of, whole_text

# Seconds that something behind a link, or heard, takes at least: a page is left after 10 to 20 (Nielsen 2011).
AWAY = {"link": 10.0, "sound": 5.0}


def base_of(project: Project, tasks: Sequence[Task]) -> tuple[float, str]:
    """Seconds one answer takes: the longest of our estimate, what the requester says, and what their title and
    instructions say; and why the estimate alone would mean nothing. A requester who says less than the estimate is not
    believed."""
    estimate, untold = estimated(project, tasks)
    words = stated_seconds(project.title, project.instructions)
    if project.seconds is None and not words:
        return estimate, untold
    return max(estimate, words, float(project.seconds or 0)), ""


def estimated(project: Project, tasks: Sequence[Task]) -> tuple[float, str]:
    """Seconds one answer takes by its kind and content; and why that would mean nothing."""
    shown = [content_of(project, task) for task in tasks]
    options = as_asked(project, tasks[0]).options if tasks else project.options
    words = [whole_text(project, task) for task in tasks]
    seconds = expected_seconds(words, project.kind, options)
    looking = LOOK * median(map(_pictures, shown)) if shown else 0.0
    heard = any(medium.kind != PHOTO for each in shown for medium in each.media) or has_sound(project.template)
    # A program cannot say how long its task takes: the first answers are measured.
    untold = "" if kind_of(project.kind).is_of_programs else cannot_be_told(words, project.kind, heard)
    return seconds + looking + AWAY.get(untold, 0.0), untold


def _pictures(shown: TaskContent) -> int:
    return bool(shown.picture) + sum(medium.kind == PHOTO for medium in shown.media)
