"""Projects a job has something to do for: of those that changed, the ones that have enough new answers."""

from collections.abc import AsyncIterator, Callable
from functools import partial

from domain.moments import Moment
from domain.projects.projects import Project, ProjectId
from storage.database import Database
from storage.unit import UnitOfWork

TOGETHER = 8  # projects looked at in one transaction
RESTS = -1  # it has enough new answers, and is looked at again a little later

Missing = Callable[[UnitOfWork, Project], int | None]


async def due(database: Database, clock: Callable[[], Moment], work: str, missing: Missing) -> AsyncIterator[Project]:
    """`missing`: how many more answers the job waits for, 0 where it is due, RESTS, None where it never is."""
    numbers = await database.transact(lambda unit: unit.changed_projects.due(work), clock())
    for at in range(0, len(numbers), TOGETHER):
        some = partial(_due, work=work, numbers=numbers[at : at + TOGETHER], missing=missing)
        for project in await database.transact_last(some, clock()):
            yield project


def _due(unit: UnitOfWork, work: str, numbers: list[ProjectId], missing: Missing) -> list[Project]:
    """Of the others it is noted when to look again; a paused project is looked at when it goes on."""
    found = []
    unit.foresee(unit.projects.foresee(numbers))
    for project in map(unit.projects.get, numbers):
        if project.paused and project.ended_at is None:
            continue
        answers = missing(unit, project)
        if answers is None:
            unit.changed_projects.done(work, project.id)
        elif answers == RESTS:
            continue
        elif answers:
            unit.changed_projects.wait(work, project.id, answers)
        else:
            found.append(project)
    return found
