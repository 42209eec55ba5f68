"""What speaks against workers, computed off the answer path from what is stored; first it only asks to look closer."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from domain.moments import Moment
from domain.people import PersonId
from domain.projects import Project, ProjectId
from domain.quality.suspicion import suspicions
from domain.restrictions import Evidence, watch_level
from domain.tasks import fill
from services import quality, refitting, restrictions, trial
from storage.database import Database
from storage.evidence import ANSWERS, CONTENT
from storage.models import GOLD
from storage.records import unpack, words
from storage.unit import UnitOfWork

LEAST, EACH = 60, 40  # answers before the first examination, new ones before the next
TOGETHER = 25  # workers whose rows are written in one transaction

Found = dict[PersonId, list[Evidence]]


async def examine_projects(database: Database, clock: Callable[[], Moment]) -> None:
    """Examines each running project that has enough new answers, or whose gold was taken back."""
    for project in await database.transact(lambda unit: unit.projects.running(), clock()):
        if project.kind in quality.KINDS and await database.transact(_is_due, clock(), project.id):
            await examine(database, project, clock)


async def examine(database: Database, project: Project, clock: Callable[[], Moment]) -> None:
    """Looks at every worker of a project anew."""
    answers = [tuple(row) async for row in database.rows(ANSWERS, project=project.id)]
    if not answers:
        return
    gold = {row[0]: words(row[1])[0] async for row in database.rows(GOLD, project=project.id)}
    lengths = {row[0]: _words(project, row[1]) async for row in database.rows(CONTENT, project=project.id)}
    found = await asyncio.to_thread(evidence_of, project, answers, gold, lengths)
    workers = sorted(found)
    for at in range(0, len(workers), TOGETHER):
        some = {worker: found[worker] for worker in workers[at : at + TOGETHER]}
        await database.transact(partial(_act, project_id=project.id, found=some), clock())
    await database.transact(partial(_end, project_id=project.id, last=max(row[0] for row in answers)), clock())


def evidence_of(
    project: Project, answers: list[tuple[Any, ...]], gold: dict[int, str], lengths: dict[int, int]
) -> Found:
    """By worker, empty for those against whom nothing speaks; answers are (id, task, worker, answer, milliseconds)."""
    tasks = sorted({row[1] for row in answers} | gold.keys())
    workers = sorted({row[2] for row in answers})
    place, seat = {task: at for at, task in enumerate(tasks)}, {worker: at for at, worker in enumerate(workers)}
    crowd = refitting.crowd_of(project, [row[:4] for row in answers], gold, tasks, workers)
    order = {(place[row[1]], seat[row[2]]): row[0] for row in answers}
    seconds = {(place[row[1]], seat[row[2]]): row[4] / 1000 for row in answers}
    found: Found = {PersonId(worker): [] for worker in workers}
    for each in suspicions(crowd, order, seconds, [lengths.get(task, 0) for task in tasks]):
        worker = PersonId(workers[each.worker])
        counts = (each.answers, each.gold, each.expected, each.observed)
        found[worker].append(Evidence(worker, each.suspicion, each.nats, *counts))
    return found


def _act(unit: UnitOfWork, project_id: ProjectId, found: Found) -> None:
    project = unit.projects.get(project_id)
    for worker, evidence in found.items():
        unit.evidence.keep(project_id, worker, evidence)
        unit.evidence.watch(worker, project_id, watch_level(evidence))
        restrictions.weigh(unit, project, worker, evidence)


def _end(unit: UnitOfWork, project_id: ProjectId, last: int) -> None:
    unit.evidence.examined(project_id, last)
    trial.doubt(unit, project_id)


def _is_due(unit: UnitOfWork, project: ProjectId) -> bool:
    fresh, last = unit.evidence.new_answers(project)
    return fresh >= (EACH if last else LEAST)


def _words(project: Project, content: str) -> int:
    return len(fill(project.template, unpack(content)).split())
