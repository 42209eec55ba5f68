"""Projects a job has something to do for: of those that changed, the ones that have enough new answers."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from weakref import WeakKeyDictionary

from domain.moments import HOUR, MINUTE, Moment, later
from domain.projects.projects import Project, ProjectId
from storage.cluster.leases import LeaseLost
from storage.database import Database
from storage.drivers.dialects import Unavailable
from storage.unit import UnitOfWork

TOGETHER = 8  # projects looked at in one transaction
RESTS = -1  # it has enough new answers, and is looked at again a little later

LONGEST = HOUR  # between two tries of a project whose work fails

Missing = Callable[[UnitOfWork, Project], int | None]
Failed = dict[tuple[str, ProjectId], tuple[int, Moment]]  # how often, and until when it rests

log = logging.getLogger(__name__)
_failed: WeakKeyDictionary[Database, Failed] = WeakKeyDictionary()


async def each_due(
    database: Database,
    clock: Callable[[], Moment],
    work: str,
    missing: Missing,
    do: Callable[[Project], Awaitable[None]],
) -> None:
    """`do` for each project that is due. One whose work fails rests for a while, and the others go on."""
    failed = _failed.setdefault(database, {})
    async for project in due(database, clock, work, missing):
        times, until = failed.get((work, project.id), (0, Moment(0)))
        if clock() < until <= later(clock(), LONGEST):  # unless the clock was set back
            continue
        try:
            await do(project)
            failed.pop((work, project.id), None)
        except (Unavailable, LeaseLost):
            raise
        except Exception as error:
            log.error("The work on a project failed", extra={"work": work, "project": project.id}, exc_info=error)
            failed[work, project.id] = times + 1, later(clock(), min(LONGEST, MINUTE * 2 ** min(times, 6)))


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
