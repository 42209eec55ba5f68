"""Relearning the workers of a project from all its answers and gold, off the answer path.

A refit reads on a reading connection, computes in a thread, and writes back a few tasks at a time; answers that came
meanwhile are added to what it found. It starts cold, so a restart, or another order of the answers, changes nothing.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from domain.answers import kind_of
from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import TaskId
from domain.quality import live
from domain.quality.averaging import average
from domain.quality.crowd import Crowd, gather
from domain.quality.fraud.collusion import heard, unvoiced, voices
from domain.quality.live import ProjectModel, Refit, TaskState, WorkerModel
from jobs import relearning
from services.quality import comparisons, consensus
from services.work import task_selection
from storage.database import Database
from storage.drivers.records import words
from storage.quality.models import ANSWERS, GOLD, Fitted
from storage.unit import UnitOfWork

TOGETHER = 20  # tasks, or workers, written in one transaction: answers go in between
CALIBRATING = 10  # answered gold tasks from which they say how far the crowd's certainty can be trusted
CERTAIN_ENOUGH = 1e-12
UNFINISHED = Fitted(0, 0)


async def refit_due_projects(database: Database, clock: Callable[[], Moment]) -> None:
    """Refits each running project that has enough new answers."""
    for project in await database.transact(lambda unit: unit.projects.running(), clock()):
        if kind_of(project.kind).is_aggregated and await database.transact(_is_due, clock(), project):
            await refit(database, project, clock)


async def refresh(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
    """Refits a project that has any answer its last refit did not see: before results are given out."""
    fitted, given = await database.transact(
        lambda unit: (unit.models.fitted(project.id), unit.submissions.last_of(project.id)), clock()
    )
    ended_since = project.ended_at is not None and fitted.at < project.ended_at
    if kind_of(project.kind).is_aggregated and (given > fitted.last_submission or ended_since):
        await refit(database, project, clock)


async def refit(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
    """Relearns a project from all its answers and gold."""
    if not kind_of(project.kind).models_classes:
        await relearning.relearn(database, project, clock)
        return
    began = clock()
    answers = [tuple(row) async for row in database.rows(ANSWERS, project=project.id)]
    gold = {row[0]: words(row[1])[0] async for row in database.rows(GOLD, project=project.id)}
    if not answers:
        return
    tasks = sorted({task for _, task, _, _ in answers} | gold.keys())
    workers = sorted({worker for _, _, worker, _ in answers})
    crowd = await asyncio.to_thread(crowd_of, project, answers, gold, tasks, workers)
    found = await asyncio.to_thread(relearnt, crowd, whole=project.ended_at is not None)
    if project.kind == "compare":
        found = await comparisons.with_strengths(database, project, tasks, found)
    fitted = Fitted(len(answers), max(row[0] for row in answers), began)
    pairs = list(zip(map(PersonId, workers), found.workers, strict=True))
    for at in range(0, len(pairs), TOGETHER):
        some = pairs[at : at + TOGETHER]
        await database.transact(partial(_learn, project=project.id, model=found.project, some=some), clock())
    answered = [place for place, state in enumerate(found.tasks) if state.answers and tasks[place] not in gold]
    for at in range(0, len(answered), TOGETHER):
        chunk = [(TaskId(tasks[place]), found.tasks[place]) for place in answered[at : at + TOGETHER]]
        await database.transact(partial(_rewrite, project=project, found=found, fitted=fitted, chunk=chunk), clock())
    await database.transact(lambda unit: unit.models.keep(project.id, found.project, fitted, ()), clock())


def relearnt(crowd: Crowd, whole: bool) -> Refit:
    """The crowd's models and every task's state. `whole`: the project has ended, so its tasks are drawn once more by
    several models together, which takes longer and is right more often (docs/quality.md). Workers who answer by one
    key are heard as one, each of them has the model of their common voice, and in the end they have said nothing."""
    voice = voices(crowd)
    found = live.refit(heard(crowd, voice))
    crowd = unvoiced(crowd, voice)
    found = replace(found, workers=tuple([found.workers[each] for each in voice.tolist()]))
    if whole:
        together = average(crowd, np.random.default_rng(0))
        scores = np.log(np.maximum(together.posterior, CERTAIN_ENOUGH)).tolist()
        states = [replace(state, scores=tuple(row)) for state, row in zip(found.tasks, scores, strict=True)]
        found = replace(found, tasks=tuple(states), project=replace(found.project, calibration=together.calibration))
    if len(np.intersect1d(crowd.task, crowd.gold_task)) < CALIBRATING:
        found = replace(found, project=replace(found.project, calibration=consensus.UNCHECKED))
    return found


def _learn(unit: UnitOfWork, project: ProjectId, model: ProjectModel, some: list[tuple[PersonId, WorkerModel]]) -> None:
    """A few workers, and whose turn comes later. Until all is written the refit is not done: a kill repeats it."""
    unit.models.keep(project, model, UNFINISHED, some)
    task_selection.stand(unit, project, model, some)


def _rewrite(
    unit: UnitOfWork, project: Project, found: Refit, fitted: Fitted, chunk: list[tuple[TaskId, TaskState]]
) -> None:
    """A few tasks as the refit sees them, plus the answers that came meanwhile, without those that were changed."""
    project = unit.projects.get(project.id)
    locked = [(unit.tasks.lock(task_id), state) for task_id, state in chunk]
    since = unit.models.since(project.id, fitted.last_submission)
    touched = set(unit.corrections.touched(project.id, fitted.at))
    for task, state in locked:
        if task.gold is not None:  # became gold meanwhile
            continue
        if task.id in touched:
            consensus.settle(unit, project, task, consensus.redraw(unit, project, task))
            continue
        for worker, answer in since.get(task.id, ()):
            _, model = unit.models.for_answer(project.id, worker) or consensus.opened(len(project.options))
            state = live.update(state, model, project.options.index(answer))
        consensus.settle(unit, project, task, consensus.drawn(project, task, state, found.project))


def crowd_of(
    project: Project,
    answers: list[tuple[Any, ...]],
    gold: dict[int, str],
    tasks: list[int],
    workers: list[int],
) -> Crowd:
    """The project's answers as index arrays; options are classes in their order."""
    place = {task: at for at, task in enumerate(tasks)}
    seat = {worker: at for at, worker in enumerate(workers)}
    label = {option: at for at, option in enumerate(project.options)}
    triples = [(place[task], seat[worker], label[answer]) for _, task, worker, answer in answers if answer in label]
    known = {place[task]: label[answer] for task, answer in gold.items() if answer in label}
    return gather(triples, len(tasks), len(workers), len(label), known)


def _is_due(unit: UnitOfWork, project: Project) -> bool:
    answers, workers = unit.models.given(project.id)
    tasks = unit.tasks.last_position(project.id)
    return live.refit_due(answers, unit.models.fitted(project.id).answers, tasks, workers)
