"""Jobs of the writer: one transaction each."""

import asyncio
import queue
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain.moments import Moment
from storage.drivers.connection import Connection
from storage.drivers.rows import Handed
from storage.drivers.turns import Scope
from storage.unit import UnitOfWork

OnSignals = Callable[[set[str], list[Handed]], None]
Foresees = tuple[Callable[[UnitOfWork, list[Any]], None], Any]


@dataclass(slots=True)
class WriteJob:
    """One transaction: `call(unit)`; `future` gets its outcome only after it is durable. `first`: it comes before
    those of its batch that are less so. `passing`: so many commits of others are still done without it, where they
    wait. `lazy`: it is durable with the next commit of others. Without a `scope` it needs the turn of the house."""

    call: Callable[[UnitOfWork], Any]
    now: Moment
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    foresees: Foresees | None = None
    first: int = 0
    passing: int = 0
    scope: Scope | None = None
    lazy: bool = False
    result: Any = None
    error: BaseException | None = None
    signals: set[str] = field(default_factory=set)
    handed: list[Handed] = field(default_factory=list)

    def run(self, connection: Connection) -> None:
        unit = UnitOfWork(connection, self.now)
        self.error, self.result = None, None
        self.result = self.call(unit)
        self.signals, self.handed = unit.signals, unit.handed


class JobQueue(queue.SimpleQueue[WriteJob | None]):
    """What the event loop hands in, in that order."""

    def __init__(self) -> None:
        self.behind: list[WriteJob | None] | None = None  # what comes together with one before it

    def put(self, job: WriteJob | None, block: bool = True, timeout: float | None = None) -> None:
        if self.behind is None:
            super().put(job)
        else:
            self.behind.append(job)

    async def put_ahead(self, job: WriteJob) -> None:
        """With those behind it that tasks hand in which were created just now: they begin in the next turn of the loop,
        between whose turns the writer would take this one alone."""
        if self.behind is not None:
            self.behind.append(job)
            return
        self.behind = [job]
        try:
            await asyncio.sleep(0)
        finally:
            together, self.behind = self.behind, None
            for each in together:
                super().put(each)


def fail(jobs: list[WriteJob], error: Exception) -> None:
    for job in jobs:
        job.error = error


def foresee(connection: Connection, batch: list[WriteJob]) -> None:
    """Reads at once what many of them need."""
    about: dict[Callable[[UnitOfWork, list[Any]], None], list[Any]] = {}
    for job in batch:
        if job.foresees is not None:
            about.setdefault(job.foresees[0], []).append(job.foresees[1])
    for foresees, asked in about.items():
        foresees(UnitOfWork(connection, batch[0].now), asked)


def shards_of(connection: Connection, batch: list[WriteJob], scope: Scope) -> frozenset[int]:
    """The shards for which transactions of one scope write."""
    about = [job.foresees[1] for job in batch if job.foresees is not None]
    return frozenset(scope.shards(UnitOfWork(connection, batch[0].now), about))


def tell(jobs: list[WriteJob]) -> tuple[set[str], list[Handed]]:
    """Each who waits gets their outcome; the signals of all that were done, and what they hand over."""
    signals, handed = set[str](), list[Handed]()
    for job in jobs:
        if job.error is None:
            signals |= job.signals
            handed += job.handed
        if job.future.done():
            continue
        if job.error is None:
            job.future.set_result(job.result)
        else:
            job.future.set_exception(job.error)
    return signals, handed
