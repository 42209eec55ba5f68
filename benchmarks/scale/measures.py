"""The measurements on one database."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from random import Random
from statistics import median
from typing import Any

import psutil

from benchmarks.pipeline import rounds
from benchmarks.pipeline.people import People
from benchmarks.pipeline.standin import TOKEN, StandIn, listening
from benchmarks.scale.ground import Ground, requester, wake
from bot import sweeps
from bot.clock import wall_clock
from bot.sweeps import SweepRunner
from domain.draws import SHUFFLE_MASK
from domain.projects.projects import Project, ProjectId
from jobs.bulk_updates import run_bulk_updates
from services.projects import launches, lifecycle
from services.work import task_selection
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of

PICKS, SWEEPS, HOUR = 400, 4, 3_600
HAD = """
INSERT INTO assignments (project, task, worker, state, offered_at, deadline)
SELECT project, task, :worker, 'skipped', 1, 2 FROM openings WHERE project = :project AND gold = 0
ORDER BY shuffle_key LIMIT :limit"""
SENT = "UPDATE outbox SET state = 'dropped', ended_at = 1 WHERE state = 'waiting'"
MOVE = "UPDATE enrolments SET cursor = :cursor WHERE worker = :worker AND project = :project"


async def alone(what: str, url: str, about: object) -> dict[str, float]:
    """In a process of its own (benchmarks/scale/alone.py)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.scale.alone", what, url, str(about), stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    found: dict[str, float] = json.loads(told.decode().splitlines()[-1])
    return found


async def timed(call: Awaitable[Any]) -> float:
    began = time.perf_counter()
    await call
    return time.perf_counter() - began


async def launched(database: Database, project: ProjectId) -> tuple[float, float]:
    """Seconds of the launch's own transaction, and until the last task is open."""
    at_once = await timed(
        database.transact(lambda unit: launches.launch_project(act_of(unit, requester(unit).id), project), wall_clock())
    )
    return at_once, at_once + await timed(run_bulk_updates(database, wall_clock, HOUR))


async def stopped(database: Database, project: ProjectId) -> tuple[float, float]:
    def stop(unit: UnitOfWork) -> None:
        lifecycle.stop_project(act_of(unit, requester(unit).id), project, sure=True)

    at_once = await timed(database.transact(stop, wall_clock()))
    return at_once, at_once + await timed(run_bulk_updates(database, wall_clock, HOUR))


@contextmanager
def undone(url: str) -> Iterator[UnitOfWork]:
    """A transaction that leaves nothing behind."""
    try:
        with one_transaction(url, wall_clock()) as unit:
            yield unit
            raise _Undo
    except _Undo:
        pass


class _Undo(Exception):
    pass


def pick(url: str, number: ProjectId, tasks: int, had: int = 0) -> float:
    """Microseconds of choosing the next task: for workers anywhere in the project, or for one who had so many of its
    open tasks and stands behind none of them."""
    dice = Random(7)
    with undone(url) as unit:
        project = unit.projects.get(number)
        workers = [row[0] for row in unit.connection.all("SELECT id FROM people ORDER BY id DESC LIMIT 20")]
        for worker in workers:
            unit.enrolments.enrol(worker, number)
            cursor = 0 if had else dice.randrange(SHUFFLE_MASK - 100 * SHUFFLE_MASK // max(100, tasks))
            unit.connection.changed(MOVE, cursor=cursor, worker=worker, project=number)
        if had:
            unit.connection.changed(HAD, worker=workers[0], project=number, limit=had)
            task_selection.choose_place(
                unit, unit.enrolments.enrol(workers[0], number), project
            )  # walks past them, once
            last = unit.connection.all(
                "SELECT max(shuffle_key) FROM openings WHERE project = :p AND gold = 0", p=number
            )
            unit.connection.changed(MOVE, cursor=last[0][0], worker=workers[0], project=number)
            workers = workers[:1]
        return _median_pick(unit, project, [unit.enrolments.enrol(worker, number) for worker in workers])


def _median_pick(unit: UnitOfWork, project: Project, enrolments: list[Any]) -> float:
    took = []
    for at in range(PICKS):
        began = time.perf_counter()
        task_selection.choose_place(unit, enrolments[at % len(enrolments)], project)
        took.append(time.perf_counter() - began)
    return 1e6 * median(took)


async def pushed(database: Database, url: str) -> float:
    """Milliseconds of one push sweep while everybody waits."""
    with one_transaction(url, wall_clock()) as unit:
        wake(unit.connection, waits=True)
        unit.connection.changed(SENT)
    took = [await timed(_push(database)) for _ in range(SWEEPS)]
    with one_transaction(url, wall_clock()) as unit:
        wake(unit.connection, waits=False)
    return 1000 * median(took)


async def _push(database: Database) -> None:
    """As the schedule does it, where nobody answers."""
    (sweep,) = (each for each in sweeps.SWEEPS if each.name == "push")
    await SweepRunner(database, (), wall_clock).run_once(sweep)


async def accepted(ground: Ground, seconds: float) -> float:
    return (await rounds.storage_alone(ground.url, ground.house, len(ground.house.workers), seconds)).rate


async def started(url: str) -> tuple[float, float]:
    """Return the seconds from starting the bot to its first answer, over HTTP, and its memory then in MiB."""
    standin = StandIn()
    crowd = People(standin)
    crowd.counting = True
    # Numbers of updates that an earlier start has received would be taken for repetitions.
    standin.update = crowd.query = int(time.time())
    server, address = await listening(standin)
    told = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address, "DATABASE_URL": url}
    async with server:
        began = time.perf_counter()
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.pipeline.whole", env={**os.environ, **told}
        )
        try:
            crowd.begin(1)
            async with asyncio.timeout(60):
                while not crowd.times:  # noqa: ASYNC110 (the crowd tells nobody)
                    await asyncio.sleep(0.005)
            return time.perf_counter() - began, rounds.memory_of(psutil.Process(bot.pid)) / 2**20
        finally:
            bot.terminate()
            await bot.wait()
