"""A task as its worker sees it: what is compared stands in an order of their own."""

from domain.people.people import PersonId
from domain.projects.projects import Project
from domain.projects.tasks import Task
from domain.work.positions import SeenTask, is_shuffled, order_for, seen_task
from domain.work.submissions import Submission
from storage.unit import UnitOfWork


def seen_by(unit: UnitOfWork, project: Project, task: Task, worker: PersonId) -> SeenTask:
    order = order_for(project, task.id, worker, unit.settings.secret) if is_shuffled(project) else ()
    return seen_task(project, task, order)


def seen_of(unit: UnitOfWork, submission: Submission) -> SeenTask:
    """The answered one, as whoever answered it saw it."""
    about = unit.projects.get(submission.project), unit.tasks.get(submission.task)
    return seen_by(unit, *about, submission.worker)
