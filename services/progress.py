"""How a project stands, and the message that goes on telling it."""

from typing import Any, Literal

from domain.people import PersonId
from domain.projects import ProjectId, ProjectState
from storage.outbox import Lane
from storage.unit import UnitOfWork


def progress_facts(unit: UnitOfWork, number: ProjectId) -> dict[str, Any]:
    project, counted = unit.projects.get(number), unit.tallies.progress(number)
    return {
        "number": project.id,
        "title": project.title,
        "state": "paused" if project.paused and project.state is ProjectState.RUNNING else project.state.value,
        "currency": project.currency,
        "news": unit.projects.news(number),
        "to_review": unit.reviews.count_waiting(number) if project.accept == "review" else 0,
        **{name: getattr(counted, name) for name in counted.__slots__},
    }


def live_name(project: ProjectId | Literal[""]) -> str:
    return f"project:{project}"


def show_progress(unit: UnitOfWork, watcher: PersonId, project: ProjectId) -> None:
    """Edits the progress message of somebody who watches."""
    facts = progress_facts(unit, project)
    unit.outbox.say(watcher, "projects.progress", live=live_name(project), lane=Lane.BROADCAST, klass="nudge", **facts)


def fold(unit: UnitOfWork) -> None:
    """Counts what has moved since the last time, so that a look at progress reads no more than that."""
    unit.tallies.fold()
