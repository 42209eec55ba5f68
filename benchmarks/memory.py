"""Memory of a project's refit and its search for evidence, each in a process of its own, at a size."""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

from benchmarks.databases import fresh
from benchmarks.pipeline.rounds import memory_of
from benchmarks.scale.alone import Watch
from benchmarks.tables import WRITE, Goal, goals_table, keep
from bot.clock import wall_clock
from bot.running import settle_memory
from domain.money.amounts import Millionths
from domain.projects.projects import Project
from jobs import evidence, refits
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.house import furnish

EACH, PEOPLE = 10, 500  # answers a task, workers
MOST = 400.0  # MiB of the process, all included
ASSIGN = """
INSERT INTO assignments (project, task, worker, state, offered_at, deadline)
SELECT t.project, t.id, w.id, 'submitted', 1, 2 FROM tasks t CROSS JOIN people w
WHERE t.project = :project AND w.consented_at IS NOT NULL AND (t.position + w.id) % :apart = 0"""
SUBMIT = """
INSERT INTO submissions (assignment, project, task, worker, answer, milliseconds, state, submitted_at)
SELECT a.id, a.project, a.task, a.worker,
  CASE WHEN (a.task * 31 + a.worker * 17) % 5 = 0 THEN 'negative' ELSE 'positive' END, 5000 + a.id % 999, 'accepted', 2
FROM assignments a WHERE a.project = :project ORDER BY a.id"""
ENROL = """
INSERT INTO enrolments (worker, project, answered, consented_at)
SELECT worker, project, count(*), 2 FROM submissions WHERE project = :project GROUP BY worker, project"""
ALL = "UPDATE tasks SET received = :each, state = 'closed' WHERE project = :project"

WORKS: dict[str, Callable[..., Awaitable[None]]] = {"refit": refits.refit, "evidence": evidence.examine}
HEAD = (
    "| answers | | MiB at the start | at most | above the start | afterwards | CPU s |",
    "| --: | --- | --: | --: | --: | --: | --: |",
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks memory", description=__doc__)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    found = _found(options.answers)
    rows = [_row(options.answers, what, told) for what, told in found.items()]
    goals = [
        Goal(f"{what} of {options.answers:,} answers", MOST, _highest(told), " MiB", most=True)
        for what, told in found.items()
    ]
    table = "\n".join([*HEAD, *rows, "", goals_table(goals)])
    print(table)
    if options.write:
        keep("memory", "Memory of a refit and of evidence", f"memory --answers {options.answers}", table)
    return 0


def _found(answers: int) -> dict[str, dict[str, float]]:
    """MiB and seconds of each work."""
    found = {}
    with fresh("sqlite") as place:
        with one_transaction(place.url, wall_clock()) as unit:
            number = fill(unit, answers)
        for what in WORKS:
            command = [sys.executable, "-m", "benchmarks.memory", what, place.url, str(number)]
            found[what] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


def _row(answers: int, what: str, told: dict[str, float]) -> str:
    figures = f"{told['before']:.0f} | {_highest(told):.0f} | {told['most']:.0f}"
    return f"| {answers:,} | {what} | {figures} | {told['left']:.0f} | {told['seconds']:.0f} |"


def _highest(told: dict[str, float]) -> float:
    return told["before"] + told["most"]


def fill(unit: UnitOfWork, answers: int) -> int:
    """A project so many answers were given in."""
    pay = {"pay": Millionths(1), "fee": Millionths(0), "overlap": EACH, "max_overlap": EACH}
    house = furnish(unit, workers=PEOPLE, tasks=answers // EACH, **pay)
    unit.connection.changed(ASSIGN, project=house.project, apart=PEOPLE // EACH)
    for statement in (SUBMIT, ENROL):
        unit.connection.changed(statement, project=house.project)
    unit.connection.changed(ALL, project=house.project, each=EACH)
    return house.project


async def _alone(what: str, url: str, number: int) -> dict[str, float]:
    database = Database(url)
    project: Project = await database.transact(lambda unit: unit.projects.get(number), wall_clock())  # type: ignore[arg-type]  # its id
    settle_memory()
    watch, began = Watch(), time.process_time()
    watch.start()
    await WORKS[what](database, project, wall_clock)
    watch.ended.set()
    left = memory_of(watch.process) - watch.before
    await database.close()
    seconds, before = time.process_time() - began, watch.before / 2**20
    return {"before": before, "most": watch.grown / 2**20, "left": left / 2**20, "seconds": seconds}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_alone(sys.argv[1], sys.argv[2], int(sys.argv[3])))))
