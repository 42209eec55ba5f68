"""Tasks that models decide alone, where the requester allows it and gold has shown it safe.

They are taken back where it no longer is. A tenth, drawn by a secret of the installation, is asked all the same.
"""

from domain.answers import kind_of
from domain.draws import drawn
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Task, TaskId
from domain.quality.live import ProjectModel
from domain.quality.machine.asking import may_decide
from domain.work.dispatch import UNPARKED
from services.projects.lifecycle import end_if_done
from services.quality import consensus
from services.quality.consensus import ConsensusUpdate
from storage.drivers.secrets import CONTROL
from storage.unit import UnitOfWork

ASKED_ANYWAY = 0.1  # of the tasks that models could decide, by lot


def verdict(project: Project, task: Task, shared: ProjectModel, secret: bytes) -> ConsensusUpdate | None:
    """What models decide of a task that nobody has answered; None where people are asked, as they are of every form."""
    least = consensus.wanted(project, shared)
    if least is None or kind_of(project.kind).asks_questions or is_control(secret, project.id, task.id):
        return None
    found = consensus.begun(project, task, shared)
    sure = found.answer is not None and found.confidence is not None
    if not sure or not may_decide(shared.machines, task.ai, found.confidence or 0.0, least):
        return None
    return found


def is_control(secret: bytes, project: int, task: int) -> bool:
    """Whether people are asked although the models could decide: the tenth that keeps watching them."""
    return drawn(secret, "control", project, task) < ASKED_ANYWAY


def changes(task: Task, found: ConsensusUpdate | None) -> bool:
    """Whether a task has to be closed, or opened again."""
    return (task.state == "open") == (found is not None)


def weigh(unit: UnitOfWork, project: Project, shared: ProjectModel, tasks: list[TaskId]) -> None:
    """Closes these tasks, or opens them again, where nobody has answered them or has them in hand."""
    project, secret = unit.projects.get(project.id), unit.secrets.get(CONTROL)
    if project.state is not ProjectState.RUNNING:
        return
    for number in tasks:
        task = unit.tasks.lock(number)
        found = verdict(project, task, shared, secret)
        untouched = task.gold is None and task.received == 0 and task.state in ("open", "closed")
        if task.state == "closed" and unit.model_reviews.holds(project.id, task.id):
            continue  # its program has been answered
        if untouched and changes(task, found) and not unit.assignments.live_on(task.id):
            _close(unit, task, found) if found else _open(unit, project, task)
    end_if_done(unit, project)


def _close(unit: UnitOfWork, task: Task, found: ConsensusUpdate) -> None:
    unit.tasks.conclude(task.id, found.answer, found.confidence, "closed", found.scores)
    unit.openings.close(task.id)


def _open(unit: UnitOfWork, project: Project, task: Task) -> None:
    unit.tasks.conclude(task.id, None, None, "open", None)
    unit.openings.give_back(project.id, False, task.id)
    unit.people.unpark_for(project.id, task.id, UNPARKED)
