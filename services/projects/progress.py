"""How a project stands, and the message that goes on telling it."""

from typing import Any, Literal

from domain.answers import are_files
from domain.people.people import PersonId
from domain.projects.eta import answers_left, expected_finish
from domain.projects.projects import Progress, Project, ProjectId, ProjectState
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork


def progress_facts(unit: UnitOfWork, number: ProjectId) -> dict[str, Any]:
    project, counted = unit.projects.get(number), unit.progress_counts.progress(number)
    return {
        "number": project.id,
        "title": project.title,
        "state": "paused" if project.paused and project.state is ProjectState.RUNNING else project.state.value,
        "currency": project.currency,
        "news": unit.projects.news(number),
        "to_review": unit.reviews.count_waiting(number) if project.accept == "review" else 0,
        "files": are_files(project.kind),
        "left": _left(unit, project, counted),
        **{name: getattr(counted, name) for name in counted.__slots__},
    }


def _left(unit: UnitOfWork, project: Project, counted: Progress) -> list[int] | None:
    """Milliseconds to the end: the soonest, the latest; none where that can't be said."""
    if project.state is not ProjectState.RUNNING or project.paused:
        return None
    arrivals = unit.submissions.arrivals(project.id)
    found = expected_finish(answers_left(project, counted), arrivals, counted.in_hand, unit.now)
    return [found.soonest, found.latest] if found else None


def live_name(project: ProjectId | Literal[""]) -> str:
    return f"project:{project}"


def show_progress(unit: UnitOfWork, watcher: PersonId, project: ProjectId) -> None:
    """Edits the progress message of somebody who watches."""
    facts = progress_facts(unit, project)
    unit.outbox.say(watcher, "projects.progress", live=live_name(project), lane=Lane.BROADCAST, klass="nudge", **facts)


def fold(unit: UnitOfWork) -> None:
    """Counts what has moved since the last time, so that a look at progress reads no more than that."""
    unit.progress_counts.fold()
