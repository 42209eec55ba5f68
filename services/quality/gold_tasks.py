"""A task becomes gold, or stops being gold: its openings, and the judgement of its answers."""

from domain.answers import kind_of
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import TaskId
from services.projects.lifecycle import end_if_done
from services.work import qualification
from storage.unit import UnitOfWork


def make(unit: UnitOfWork, project: Project, task_id: TaskId, gold: tuple[str, ...]) -> bool:
    """Moves the task to the openings of gold with its remaining places. Workers who answered it keep their pay and
    are judged by it. False when it is gold already."""
    task = unit.tasks.lock(task_id)
    running = project.state is ProjectState.RUNNING
    if not unit.gold_tasks.make(task_id, gold, project.largest(task.overlap), running):
        return False
    if task.state == "draft":
        unit.batches.gold_made(task_id)
    task = unit.tasks.get(task_id)
    unit.openings.close(task_id)
    unit.tasks.conclude(task_id, kind_of(project.kind).known(gold), 1.0, task.state)
    offer(unit, project, task_id)
    judge(unit, project, task_id, gold)
    unit.gold_tasks.changed(project.id)
    if running and task.state != "draft":
        end_if_done(unit, project)
    return True


def offer(unit: UnitOfWork, project: Project, task_id: TaskId) -> None:
    """Opens the places of a task that answers and live assignments have not taken."""
    task = unit.tasks.get(task_id)
    free = task.overlap - task.received - unit.assignments.live_on(task_id)
    if project.state is ProjectState.RUNNING and task.state == "open" and free > 0:
        unit.openings.give_back(project.id, task.gold is not None, task.id, free)


def judge(unit: UnitOfWork, project: Project, task_id: TaskId, gold: tuple[str, ...] | None) -> None:
    """Mark every answer to the task right or wrong, “can't tell” neither, and recompute the counts; `gold` None: the
    task is no check question any more."""
    kind = kind_of(project.kind)
    for submission, worker, said in unit.gold_tasks.answers(task_id):
        right = kind.judge(said, gold)
        unit.progress_counts.judged(submission, right)
        unit.gold_tasks.judge(submission, right)
        unit.gold_tasks.recount(worker, project.id)
        enrolment = unit.enrolments.enrol(worker, project.id)
        qualification.qualify(unit, unit.people.get(worker), project, enrolment)
