"""Validating answers, live: each answer updates its task at once; refits relearn the workers off the answer path.

A refit reads every answer of a project on a reading connection, computes in a thread, and writes back a few tasks at a
time; answers that came meanwhile are added to what it found. It starts cold, so a restart changes nothing.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from domain.aggregation import aggregated
from domain.moments import Moment
from domain.people import PersonId
from domain.projects import Project, ProjectState
from domain.quality import live
from domain.quality.crowd import Crowd, gather
from domain.quality.live import ProjectModel, Refit, TaskState, WorkerModel
from domain.tasks import Task, TaskId
from services.agreeing import agreed
from services.ending import end_if_done
from storage.database import Database
from storage.models import ANSWERS, GOLD, Fitted
from storage.records import words
from storage.unit import UnitOfWork

KINDS = ("choice", "compare")  # an option each: these have models of the crowd, and refits
TOGETHER = 200  # tasks a refit writes in one transaction: answers go in between


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a task's answers say together; `done` when it has been asked enough."""

    answer: str | None
    confidence: float | None
    scores: tuple[float, ...] | None
    done: bool


def draw(unit: UnitOfWork, project: Project, task: Task, worker: PersonId, answer: str | None) -> Drawn:
    """The consensus of a locked task after one more answer; “can't tell” adds nothing to it."""
    if project.kind not in KINDS:
        return _agreed(unit, project, task)
    shared, model = unit.models.for_answer(project.id, worker) or _opened(len(project.options))
    state = _state(task, shared)
    if answer is not None:
        state = live.update(state, model, project.options.index(answer))
    return drawn(project, task, state, shared)


def _agreed(unit: UnitOfWork, project: Project, task: Task) -> Drawn:
    """For kinds without models; a number's or a rating's interval is what is kept of them as scores."""
    found = agreed(unit, project, task)
    if found.answer is None and project.kind in aggregated():
        return Drawn(None, 0.0, None, is_enough(project, task, 0.0))
    return Drawn(found.answer, found.confidence, found.interval, is_enough(project, task, found.confidence))


def drawn(project: Project, task: Task, state: TaskState, shared: ProjectModel) -> Drawn:
    """Reads a task's state: answer, confidence, and whether it has been asked enough."""
    if state.answers == 0:
        return Drawn(None, 1 / max(1, len(project.options)), state.scores, is_enough(project, task, 0.0))
    found = live.consensus(state, shared)
    done = is_enough(project, task, found.posterior)
    return Drawn(project.options[found.choice], found.posterior, state.scores, done)


def is_enough(project: Project, task: Task, confidence: float | None) -> bool:
    """With a wanted confidence a task closes when its consensus is that sure, else (None: it claims none) after its
    overlap."""
    if project.confidence is None or confidence is None:
        return task.received >= task.overlap
    return confidence >= project.confidence or task.received >= max(project.max_overlap, task.overlap)


def settle(unit: UnitOfWork, project: Project, task: Task, found: Drawn) -> None:
    """Writes what was drawn; closes the task, opens it again, or asks one worker more."""
    state = task.state
    if found.done and state == "open":
        state = "closed"
    elif not found.done and state == "closed" and project.state is ProjectState.RUNNING:
        state = "open"
    unit.tasks.conclude(task.id, found.answer, found.confidence, state, found.scores)
    if state == "closed":
        unit.openings.close(task.id)
        if task.state == "open":
            end_if_done(unit, project)
    elif state == "open":
        _ask_one_more(unit, project, task)


UNPARKED = 20  # workers told to look again when one place comes back


def _ask_one_more(unit: UnitOfWork, project: Project, task: Task) -> None:
    """Still unsure although every place is taken: one more, up to the largest overlap."""
    if project.confidence is None:  # every place there is was opened at the launch
        return
    largest = max(project.max_overlap, task.overlap)
    if unit.openings.has(task.id) or task.received + unit.assignments.live_on(task.id) >= largest:
        return
    unit.openings.give_back(project.id, False, task.position, task.id)
    unit.people.unpark(UNPARKED)


async def refit_due_projects(database: Database, clock: Callable[[], Moment]) -> None:
    """Refits each running project that has enough new answers."""
    for project in await database.transact(lambda unit: unit.projects.running(), clock()):
        if project.kind in KINDS and await database.transact(_is_due, clock(), project):
            await refit(database, project, clock)


async def refresh(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
    """Refits a project that has any answer its last refit did not see: before results are given out."""
    fitted, given = await database.transact(
        lambda unit: (unit.models.fitted(project.id), unit.submissions.last_of(project.id)), clock()
    )
    if project.kind in KINDS and given > fitted.last_submission:
        await refit(database, project, clock)


async def refit(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
    """Relearns a project from all its answers and gold."""
    answers = [tuple(row) async for row in database.rows(ANSWERS, project=project.id)]
    gold = {row[0]: words(row[1])[0] async for row in database.rows(GOLD, project=project.id)}
    if not answers:
        return
    tasks = sorted({task for _, task, _, _ in answers} | gold.keys())
    workers = sorted({worker for _, _, worker, _ in answers})
    crowd = await asyncio.to_thread(_crowd, project, answers, gold, tasks, workers)
    found = await asyncio.to_thread(live.refit, crowd)
    fitted = Fitted(len(answers), max(row[0] for row in answers))
    pairs = zip(workers, found.workers, strict=True)
    await database.transact(lambda unit: unit.models.keep(project.id, found.project, fitted, pairs), clock())
    answered = [place for place, state in enumerate(found.tasks) if state.answers and tasks[place] not in gold]
    for at in range(0, len(answered), TOGETHER):
        chunk = [(TaskId(tasks[place]), found.tasks[place]) for place in answered[at : at + TOGETHER]]
        await database.transact(partial(_rewrite, project=project, found=found, fitted=fitted, chunk=chunk), clock())


def _rewrite(
    unit: UnitOfWork, project: Project, found: Refit, fitted: Fitted, chunk: list[tuple[TaskId, TaskState]]
) -> None:
    """A few tasks as the refit sees them, plus the answers that came meanwhile."""
    project = unit.projects.get(project.id)
    for task_id, state in chunk:
        task = unit.tasks.lock(task_id)
        for worker, answer in unit.models.later(task_id, fitted.last_submission):
            _, model = unit.models.for_answer(project.id, worker) or _opened(len(project.options))
            state = live.update(state, model, project.options.index(answer))
        settle(unit, project, task, drawn(project, task, state, found.project))


def _crowd(
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


def _state(task: Task, shared: ProjectModel) -> TaskState:
    if task.scores is None:
        return shared.fresh
    return TaskState(task.scores, max(1, task.received - 1))


@cache
def _opened(classes: int) -> tuple[ProjectModel, WorkerModel]:
    """Before the first refit everybody is a newcomer."""
    shared = live.opened(classes)
    return shared, shared.newcomer
