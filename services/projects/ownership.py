"""Whose a project is: the row authorises, whatever a button or a word says."""

from domain.people.people import Person
from domain.projects.projects import Project, ProjectId
from domain.refusals import NotFound
from storage.unit import UnitOfWork


def mine(unit: UnitOfWork, requester: Person, number: int) -> Project:
    """Another requester's project does not exist for this one."""
    project = owned(unit, requester, number)
    if project is None:
        raise NotFound(what="project", name=str(number))
    return project


def owned(unit: UnitOfWork, requester: Person, number: int | None) -> Project | None:
    """None as well: who asks for something in a project is told of that, not of whose project it is in."""
    project = unit.projects.find(ProjectId(number)) if number else None
    return project if project and project.requester == requester.id else None
