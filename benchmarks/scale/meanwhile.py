"""People who answer while something else goes on, and how long each of their answers takes.

On a busy machine most of an answer's time is waiting for a processor that other processes have. Linux counts that for
each thread, so that it can be taken off.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import BinaryIO

from benchmarks.pipeline import rounds
from benchmarks.scale.ground import Ground
from bot.clock import wall_clock
from domain.people.accounts import PersonId
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork


@dataclass(slots=True)
class Answers:
    """Seconds of each answer; `undisturbed` are those without the writer's waits for a processor."""

    times: list[float] = field(default_factory=list)
    undisturbed: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{_three(self.times)} ({_three(self.undisturbed)})" if self.times else "–"


def _three(seconds: list[float]) -> str:
    """The median, the 99th percentile and the worst, in milliseconds."""
    ordered = sorted(seconds)
    places = (min(len(ordered) - 1, int(share * len(ordered))) for share in (0.5, 0.99, 1))
    return " · ".join(f"{1000 * ordered[place]:.0f}" for place in places)


class ProcessorWaits:
    """Of the writer's thread and of the server's process it talks to, which work in turn."""

    def __init__(self, counters: list[BinaryIO]) -> None:
        self._counters = counters

    def seconds(self) -> float:
        """Since they began: the second number the kernel tells of them, in nanoseconds."""
        return sum(int(self._read(each)) for each in self._counters) / 1e9

    def _read(self, counter: BinaryIO) -> bytes:
        counter.seek(0)
        return counter.read().split()[1]

    def close(self) -> None:
        for each in self._counters:
            each.close()


def _waits(unit: UnitOfWork) -> ProcessorWaits:
    """Asked in a transaction, which the writer's thread runs; nothing where the kernel does not count."""
    places = [f"self/task/{threading.get_native_id()}"]
    if unit.connection.dialect == "postgresql":
        places.append(str(unit.connection.all("SELECT pg_backend_pid()")[0][0]))
    files = [Path("/proc", place, "schedstat") for place in places]
    return ProcessorWaits([each.open("rb", buffering=0) for each in files if each.exists()])  # type: ignore[misc]


@asynccontextmanager
async def answering(database: Database, ground: Ground) -> AsyncIterator[Answers]:
    """People of the small project answer all the while, a tenth of a second between two answers on average: by chance,
    or all of them would come at the same moments and wait for each other."""
    answers, end, dice = Answers(), asyncio.Event(), Random(7)
    with one_transaction(ground.url, wall_clock()) as unit:
        in_hand = {worker: rounds.begin(unit, worker) for worker in ground.house.workers}
    waits = await database.transact(_waits, wall_clock())

    async def go_on(worker: PersonId) -> None:
        while not end.is_set():
            await asyncio.sleep(dice.uniform(0, 0.2))
            began, waited = time.perf_counter(), waits.seconds()
            in_hand[worker] = await rounds.answered(database, worker, in_hand[worker])
            took = time.perf_counter() - began
            answers.times.append(took)
            answers.undisturbed.append(max(0.0, took - (waits.seconds() - waited)))

    tasks = [asyncio.create_task(go_on(worker)) for worker in in_hand]
    yield answers
    end.set()
    await asyncio.gather(*tasks)
    waits.close()
