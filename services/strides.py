"""What would hold everybody up is done a little at a time: tasks open after a launch or close, workers are told."""

import asyncio
import time
from collections.abc import Callable

from domain.moments import Moment
from domain.projects import Project, ProjectId, ProjectState
from services.gait import Gait
from storage.database import Database
from storage.strides import Stride
from storage.unit import UnitOfWork

TASKS, FIRST = 2_000, 500  # opened or closed in one transaction, at most, and in the one that begins it
WORKERS = 500  # told in one transaction
REST = 0.002  # seconds between two transactions, for those who wait
TURN = 0.8  # seconds after which a turn ends


def open_tasks(unit: UnitOfWork, project: ProjectId, after: int, last: int) -> None:
    """Launched tasks behind one position, up to another, can be given out: the first at once."""
    unit.strides.begin(project, "open", after, last)
    _first(unit, project, "open")


def close_tasks(unit: UnitOfWork, project: ProjectId) -> None:
    """Nothing of an ended project is given out any more; what is not done is closed or stopped."""
    unit.strides.end(project, "open")
    unit.strides.begin(project, "close", 0, unit.tasks.last_position(project))
    _first(unit, project, "close")


def wake_workers(unit: UnitOfWork, project: ProjectId) -> None:
    """There may be something for those who found nothing: they are pushed to again, least recently served first."""
    unit.strides.begin(project, "wake")
    _first(unit, project, "wake")


async def carry_on(database: Database, clock: Callable[[], Moment], seconds: float = TURN) -> None:
    """Goes on with all of them for a moment; the next turn of the schedule does the rest."""
    end, gait = time.monotonic() + seconds, Gait(TASKS)
    while strides := await database.transact(lambda unit: unit.strides.all(), clock()):
        for stride in strides:
            with gait.step():
                await database.transact(step, clock(), stride, gait.size)
            await asyncio.sleep(REST)
        if time.monotonic() > end:
            return


def step(unit: UnitOfWork, stride: Stride, tasks: int) -> None:
    """So many tasks of it, or some workers; nothing where somebody else has gone on meanwhile."""
    if stride.work == "wake":
        _wake(unit, stride)
        return
    upto = min(stride.last, stride.position + tasks)
    if not unit.strides.advance(stride, upto):
        return
    if stride.work == "open":
        if begun := unit.strides.open(stride.project, stride.position, upto):
            unit.tallies.begun(stride.project, -begun)
    else:
        _close(unit, unit.projects.get(stride.project), stride.position, upto)
    if upto >= stride.last:
        unit.strides.end(stride.project, stride.work)


def _first(unit: UnitOfWork, project: ProjectId, work: str) -> None:
    stride = unit.strides.of(project, work)
    if stride is not None:
        step(unit, stride, FIRST)


def _close(unit: UnitOfWork, project: Project, after: int, upto: int) -> None:
    complete = project.state is ProjectState.COMPLETE
    begun = unit.strides.close(project.id, after, upto, "closed" if complete else "stopped")
    unit.tallies.begun(project.id, 0 if complete else begun)


def _wake(unit: UnitOfWork, stride: Stride) -> None:
    told, served_at, last = unit.strides.wake(stride.served_at, stride.position, WORKERS)
    if told < WORKERS:
        unit.strides.end(stride.project, "wake")
    else:
        unit.strides.advance(stride, last, served_at)
