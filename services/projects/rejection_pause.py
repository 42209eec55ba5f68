"""A project that rejects too much rests until a human has looked at it."""

from typing import Any

from domain.fairness.review import PAUSE, is_too_many
from domain.people.people import Person
from domain.projects.projects import Project, ProjectState
from domain.refusals import NotFound
from services.projects import bulk_updates
from services.projects.lifecycle import end
from storage.unit import UnitOfWork


def pause_if_too_many(unit: UnitOfWork, project: Project, admins: frozenset[int]) -> None:
    rejected, decided = unit.reviews.counts(project.id)
    if not is_too_many(rejected, decided) or not unit.reviews.pause(project.id):
        return
    unit.projects.pause(project.id, PAUSE)
    facts: dict[str, Any] = {"number": project.id, "title": project.title, "rejected": rejected, "decided": decided}
    unit.outbox.say(project.requester, "review.paused", **facts)
    who = unit.people.get(project.requester).label
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        unit.outbox.say(admin, "review.to_look_at", who=who, **facts)
    unit.audit.note(None, "pause", f"project:{project.id}", rejected=rejected, decided=decided)


def decide(unit: UnitOfWork, admin: Person, number: int, resume: bool) -> None:
    """A human's word. A second press changes nothing."""
    project = unit.projects.find(number)
    if project is None:
        raise NotFound(what="project", name=str(number))
    outcome = "resumed" if resume else "stopped"
    if unit.reviews.end_pause(project.id, outcome, admin.id):
        unit.projects.resume(project.id, PAUSE)
        if not resume and project.state is ProjectState.RUNNING:
            end(unit, unit.people.get(project.requester), unit.projects.get(project.id), ProjectState.STOPPED)
        bulk_updates.wake_workers(unit, project.id)
        unit.audit.note(admin.id, outcome, f"project:{project.id}")
        facts: dict[str, Any] = {"number": project.id, "title": project.title, "resumed": resume}
        for person in {project.requester, admin.id}:
            unit.outbox.say(person, "review.looked_at", **facts)
