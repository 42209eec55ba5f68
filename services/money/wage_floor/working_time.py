"""The working time of an answer as it is stored (domain/work/submissions.py)."""

from domain.projects.expected_time import estimated
from domain.projects.projects import Project
from domain.projects.tasks import Task
from domain.work.assignments import Assignment
from domain.work.submissions import SHORTEST_PAUSE, pushed_time, time_taken, without_pause
from storage.unit import UnitOfWork


def of_answer(unit: UnitOfWork, project: Project, task: Task, assignment: Assignment) -> tuple[int, int]:
    """Return the milliseconds from a task to its answer, which comes now, and how many of them were work."""
    took = worked = time_taken(assignment.offered_at, assignment.deadline, unit.now)
    if assignment.pushed:
        begun = None if assignment.begun_at is None else max(0, unit.now - assignment.begun_at)
        worked = pushed_time(took, _estimate(project, task), begun)
    return took, worked if worked <= SHORTEST_PAUSE else without_pause(worked, _usual(unit, project, task))


def _usual(unit: UnitOfWork, project: Project, task: Task) -> int:
    """The pace that was measured last, or expected at the launch; the estimate of this task where that is longer."""
    promised, last = unit.topups.promised(project.id), unit.topups.last(project.id)
    known = (promised.expected if promised else 0, last.milliseconds if last else 0, 1_000 * (project.seconds or 0))
    return max(*known, _estimate(project, task))


def _estimate(project: Project, task: Task) -> int:
    return round(estimated(project, [task])[0] * 1000)
