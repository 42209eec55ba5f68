"""How long an answer waits while a project of 100,000 answers is relearnt: the same people with and without refits."""

import argparse
import asyncio
import time
from dataclasses import dataclass
from random import Random

from benchmarks.databases import NAMES
from benchmarks.pipeline.ground import TASKS, ground
from benchmarks.tables import WRITE, keep
from bot.clock import wall_clock
from bot.running import settle_memory
from domain.people.accounts import PersonId
from jobs import refits as refitting
from services.work import submit
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.house import OWN_TASKS, House, settle_worker

HEAD = (
    "| database | | answers/s | p50 ms | p99 ms | worst ms | refits, s each |",
    "| --- | --- | --: | --: | --: | --: | --: |",
)
PEOPLE, REST = 16, 0.1  # at once, and the seconds each takes between two answers
BEFORE, EACH = 200, 500  # workers who had answered before, and how many answers each
ASSIGNED = """
INSERT INTO assignments (project, task, worker, state, offered_at, deadline)
VALUES (:project, :task, :worker, 'submitted', 1, 2)"""
ANSWERED = """
INSERT INTO submissions (assignment, project, task, worker, answer, milliseconds, state, submitted_at)
SELECT id, project, task, worker, :answer, 5000, 'accepted', 2 FROM assignments
WHERE task = :task AND worker = :worker"""


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds of each answer, and of each refit meanwhile."""

    answers: tuple[float, ...]
    refits: tuple[float, ...]

    def at(self, share: float) -> float:
        """Milliseconds."""
        return 1000 * sorted(self.answers)[min(len(self.answers) - 1, int(share * len(self.answers)))]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks refit", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each round")
    parser.add_argument("--database", choices=[*NAMES], help="only this one")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    settle_memory()
    rows = [
        row
        for database in ([options.database] if options.database else NAMES)
        for row in asyncio.run(_measure(database, options.seconds))
    ]
    table = "\n".join([*HEAD, *rows])
    print(table)
    if options.write:
        about = f"{BEFORE * EACH:,} answers in the project, {PEOPLE} people."
        keep("refit", "Answers beside a refit", f"refit --seconds {options.seconds:g}", f"{about}\n\n{table}")
    return 0


async def _measure(name: str, seconds: float) -> list[str]:
    rows = []
    with ground(name, PEOPLE) as (url, house):
        with one_transaction(url, wall_clock()) as unit:
            _fill(unit, house)
        for what, refits in (("no refit", False), ("refits", True)):
            waited = await _round(url, house, seconds, refits)
            took = sum(waited.refits) / max(1, len(waited.refits))
            figures = f"{len(waited.answers) / seconds:.0f} | {waited.at(0.5):.1f} | {waited.at(0.99):.1f}"
            rows.append(f"| {NAMES[name]} | {what} | {figures} | {waited.at(1):.1f} | {took:.1f} |")
    return rows


def _fill(unit: UnitOfWork, house: House) -> None:
    """What others had answered, right four times in five."""
    dice = Random(0)
    tasks = [row[0] for row in unit.connection.all(OWN_TASKS, project=house.project)]
    crowd = [settle_worker(unit, 1_000 + number).id for number in range(BEFORE)]
    rows = []
    for at, worker in enumerate(crowd):
        for place in range(EACH):
            task = tasks[(at * EACH + place) * 7 % TASKS]
            answer = "positive" if (task % 2 == 0) == (dice.random() < 0.8) else "negative"
            rows.append({"project": house.project, "task": task, "worker": worker, "answer": answer})
    unit.connection.many(ASSIGNED, [{key: row[key] for key in ("project", "task", "worker")} for row in rows])
    unit.connection.many(ANSWERED, [{key: row[key] for key in ("answer", "task", "worker")} for row in rows])
    for worker in crowd:
        unit.enrolments.enrol(worker, house.project)


def _begin(unit: UnitOfWork, worker: PersonId) -> None:
    submit.show_work(unit, unit.people.get(worker))


def _answer(unit: UnitOfWork, worker: PersonId) -> None:
    in_hand = unit.assignments.active_for(worker)
    if in_hand is None:
        raise RuntimeError("the tasks have run out: measure for fewer seconds")
    submit.submit_answer(unit, unit.people.get(worker), in_hand.id, str(in_hand.task % 2), 1)


async def _round(url: str, house: House, seconds: float, refits: bool) -> Waited:
    database, end = Database(url), time.perf_counter() + seconds
    waits: list[float] = []
    took: list[float] = []

    async def answering(worker: PersonId) -> None:
        await database.transact(_begin, wall_clock(), worker)
        while time.perf_counter() < end:
            began = time.perf_counter()
            await database.transact(_answer, wall_clock(), worker)
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(REST)

    async def relearning() -> None:
        project = await database.transact(lambda unit: unit.projects.get(house.project), wall_clock())
        while refits and time.perf_counter() < end:
            began = time.perf_counter()
            await refitting.refit(database, project, wall_clock)
            took.append(time.perf_counter() - began)

    await asyncio.gather(relearning(), *(answering(worker) for worker in house.workers))
    await database.close()
    return Waited(tuple(waits), tuple(took))
