"""Relearning the workers of kinds without a model of classes, off the answer path (the others: services/refitting).

What is learnt of a worker is kept as their model: skill, and as information the precision of their numbers.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import TaskId
from domain.quality.calibration import Calibration
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.skill import Skill
from domain.quality.trust import BELIEVED, Said, Trust, calibrated, learnt
from services.quality import consensus, gold_challenges
from services.work import task_selection
from storage.database import Database
from storage.drivers.records import words
from storage.quality.models import ANSWERS, GOLD, Fitted
from storage.unit import UnitOfWork

UNFINISHED = Fitted(0, 0)
TOGETHER = 50  # workers, or tasks, written in one transaction: answers go in between


async def relearn(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
    """Everybody's trust from all answers and gold, then every task as they see it."""
    answers = [tuple(row) async for row in database.rows(ANSWERS, project=project.id)]
    gold = {row[0]: words(row[1]) async for row in database.rows(GOLD, project=project.id)}
    if not answers:
        return
    said = [Said(task, worker, answer) for _, task, worker, answer in answers]
    newcomer, trust = await asyncio.to_thread(learnt, project.kind, project.options, said, gold)
    given = Counter(each.worker for each in said)
    shift = await asyncio.to_thread(calibrated, project.kind, project.options, said, gold) if gold else 0.0
    shared = ProjectModel(TaskState(()), _model(newcomer, 0), 1.0, Calibration(shift, 1.0, 0.0), len(said))
    models = [(PersonId(worker), _model(known, given[worker])) for worker, known in trust.items()]
    for at in range(0, len(models), TOGETHER):
        some = models[at : at + TOGETHER]
        await database.transact(partial(_keep, project=project, shared=shared, fitted=UNFINISHED, some=some), clock())
    tasks = sorted({each.task for each in said} - gold.keys())
    for at in range(0, len(tasks), TOGETHER):
        chunk = [TaskId(task) for task in tasks[at : at + TOGETHER]]
        await database.transact(partial(_draw, project=project, tasks=chunk), clock())
    done = Fitted(len(answers), max(row[0] for row in answers))
    await database.transact(partial(_end, project=project, shared=shared, fitted=done), clock())


def _keep(
    unit: UnitOfWork, project: Project, shared: ProjectModel, fitted: Fitted, some: list[tuple[PersonId, WorkerModel]]
) -> None:
    """A few workers. Until every task is drawn the refit is not done: a kill repeats it."""
    unit.models.keep(project.id, shared, fitted, some)
    task_selection.stand(unit, project.id, shared, some)


def _end(unit: UnitOfWork, project: Project, shared: ProjectModel, fitted: Fitted) -> None:
    """All is written. Whoever is proven now may speak against gold."""
    unit.models.keep(project.id, shared, fitted, ())
    if unit.projects.get(project.id).state is ProjectState.RUNNING:
        gold_challenges.doubt(unit, project.id)


def _model(known: Trust, answers: int) -> WorkerModel:
    return WorkerModel((), known.weight, answers, Skill(known.accuracy, known.judged + BELIEVED, 0.0))


def _draw(unit: UnitOfWork, project: Project, tasks: list[TaskId]) -> None:
    """A few tasks from all their answers, those that came meanwhile too."""
    project = unit.projects.get(project.id)
    for task_id in tasks:
        task = unit.tasks.lock(task_id)
        if task.gold is None:
            consensus.settle(unit, project, task, consensus.redraw(unit, project, task))
