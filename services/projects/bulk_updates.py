"""Bulk updates in steps, so that answers are not held up: opening and closing tasks, notifying workers."""

from domain.projects.projects import Project, ProjectId, ProjectState
from storage.projects.bulk_updates import BulkUpdate
from storage.unit import UnitOfWork

TASKS, FIRST = 2_000, 500  # opened or closed in one transaction, at most, and in the one that begins it
WORKERS = 500  # notified in one transaction


def open_tasks(unit: UnitOfWork, project: ProjectId, after: int, last: int) -> None:
    """Launched tasks behind one position, up to another, can be given out: the first at once."""
    unit.bulk_updates.begin(project, "open", after, last)
    _first(unit, project, "open")


def close_tasks(unit: UnitOfWork, project: ProjectId) -> None:
    """Closes the openings of an ended project; open tasks become closed or stopped."""
    unit.bulk_updates.end(project, "open")
    unit.bulk_updates.begin(project, "close", 0, unit.tasks.last_position(project))
    _first(unit, project, "close")


def finish_closing(unit: UnitOfWork, project: Project) -> None:
    """An ended project goes on: what its end has not come to yet is closed now, so that nothing of before is given
    out."""
    stride = unit.bulk_updates.of(project.id, "close")
    if stride is not None:
        _close(unit, project, stride.position, stride.last)
        unit.bulk_updates.end(project.id, "close")


def wake_workers(unit: UnitOfWork, project: ProjectId) -> None:
    """Wakes workers who had found no task, least recently served first, and calls those who were invited."""
    unit.invitations.call(project)
    unit.bulk_updates.begin(project, "wake")
    _first(unit, project, "wake")


def step(unit: UnitOfWork, stride: BulkUpdate, tasks: int) -> None:
    """One step: so many tasks, or some workers; nothing where another process did it meanwhile."""
    if stride.work == "wake":
        _wake(unit, stride)
        return
    upto = min(stride.last, stride.position + tasks)
    if not unit.bulk_updates.advance(stride, upto):
        return
    if stride.work == "open":
        if begun := unit.bulk_updates.open(stride.project, stride.position, upto):
            unit.progress_counts.begun(stride.project, -begun)
    else:
        _close(unit, unit.projects.get(stride.project), stride.position, upto)
    if upto >= stride.last:
        unit.bulk_updates.end(stride.project, stride.work)


def _first(unit: UnitOfWork, project: ProjectId, work: str) -> None:
    stride = unit.bulk_updates.of(project, work)
    if stride is not None:
        step(unit, stride, FIRST)


def _close(unit: UnitOfWork, project: Project, after: int, upto: int) -> None:
    complete = project.state is ProjectState.COMPLETE
    begun = unit.bulk_updates.close(project.id, after, upto, "closed" if complete else "stopped")
    unit.progress_counts.begun(project.id, 0 if complete else begun)


def _wake(unit: UnitOfWork, stride: BulkUpdate) -> None:
    told, served_at, last = unit.bulk_updates.wake(stride.served_at, stride.position, WORKERS)
    if told < WORKERS:
        unit.bulk_updates.end(stride.project, "wake")
    else:
        unit.bulk_updates.advance(stride, last, served_at)
