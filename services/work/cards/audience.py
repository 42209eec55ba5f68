"""Whom a project is for."""

from domain.people.people import Person
from domain.projects.projects import Project
from storage.unit import UnitOfWork


def suits(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Whether it is in a language they read, and of a kind they want."""
    if not worker.choosy:
        return project.speaks(worker.language)
    chosen = unit.preferences.of(worker.id)
    if not chosen.wants(project.kind, project.options):
        return False
    if chosen.languages and not project.languages:  # it is in its requester's language
        return unit.people.get(project.requester).language in chosen.languages
    return any(map(project.speaks, chosen.reads(worker.language)))
