"""Eligibility to rate a requester."""

from domain.fairness.ratings import LEAST_TASKS, RateableRequester
from domain.people.people import PersonId
from domain.projects.projects import Project
from storage.unit import UnitOfWork


def offered(
    unit: UnitOfWork, worker: PersonId, project: Project, decided: int | None = None
) -> RateableRequester | None:
    """The requester of a project, where this worker may rate them; `decided` spares counting their answers."""
    if decided is None:
        decided = unit.ratings.decided(worker, project.requester)
    if decided < LEAST_TASKS:
        return None
    rated = unit.ratings.of(project.requester, worker) is not None
    return RateableRequester(project.id, unit.people.get(project.requester).name, rated)


def has_worked(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> bool:
    """Whether enough of their answers for this requester are decided."""
    return unit.ratings.decided(worker, requester) >= LEAST_TASKS
