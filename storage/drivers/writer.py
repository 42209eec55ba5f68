"""The writer: one thread, one connection, whole transactions; those that wait together share one commit."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Container
from contextlib import suppress
from dataclasses import dataclass, field
from random import random
from typing import Any

from domain.moments import Moment
from storage.drivers.buffer import Apart
from storage.drivers.connection import Connection
from storage.drivers.dialects import Dialect, Unavailable
from storage.drivers.errors import Lost
from storage.drivers.pipeline import FailedElsewhere
from storage.unit import UnitOfWork

TOGETHER = 64  # so many transactions share a commit at most
MANY = 3  # from so many on it pays to read at once what they need
TRIES = 20  # of a transaction that the database set back for another one
TRIES_OF_LOST = 4  # of one whose rows are not what it read: another process's doing, or a fault of ours that stays
REST, LONGEST = 0.01, 0.3  # seconds before it tries again, at most; doubled each time, and a part of it by chance


@dataclass(slots=True)
class WriteJob:
    """One transaction: `call(unit)`; `future` gets its outcome only after it is durable. `first`: it comes before
    those of its batch that are not."""

    call: Callable[[UnitOfWork], Any]
    now: Moment
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    foresees: tuple[Callable[[UnitOfWork, list[Any]], None], Any] | None = None
    first: bool = False
    result: Any = None
    error: BaseException | None = None
    signals: set[str] = field(default_factory=set)

    def run(self, connection: Connection) -> None:
        unit = UnitOfWork(connection, self.now)
        self.error, self.result = None, None
        self.result = self.call(unit)
        self.signals = unit.signals


def unavailable(error: BaseException) -> Unavailable:
    return Unavailable(f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}")


class WriterThread(threading.Thread):
    """`on_signals` is called in the event loop after each commit with the transactions' signals; those in `published`
    go to other processes, too. `turns`: its transactions are serialised with those of all other writers that take
    turns."""

    def __init__(
        self,
        dialect: Dialect,
        on_signals: Callable[[set[str]], None],
        published: Container[str] = (),
        turns: bool = True,
    ) -> None:
        super().__init__(name="writer" if turns else "aside", daemon=True)
        self.dialect, self.on_signals, self.published, self.turns = dialect, on_signals, published, turns
        self.jobs: queue.SimpleQueue[WriteJob | None] = queue.SimpleQueue()
        self.connection: Connection | None = None
        self.commits = 0

    def run(self) -> None:
        while batch := self._gather():
            self._settle(batch)
        if self.connection:
            self.connection.close()

    def _gather(self) -> list[WriteJob]:
        """Waits for one job and takes all others that wait; empty when stopped."""
        batch: list[WriteJob] = []
        job = self.jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == TOGETHER or self.jobs.empty():
                return batch
            job = self.jobs.get()
        if batch:
            self.jobs.put(None)
        return batch

    def _settle(self, batch: list[WriteJob]) -> None:
        batch.sort(key=lambda job: not job.first)
        self._do(batch)
        by_loop: dict[asyncio.AbstractEventLoop, list[WriteJob]] = {}
        for job in batch:
            by_loop.setdefault(job.loop, []).append(job)
        for loop, jobs in by_loop.items():
            with suppress(RuntimeError):  # the event loop has ended
                loop.call_soon_threadsafe(self._tell, jobs)

    def _do(self, batch: list[WriteJob]) -> None:
        if len(batch) == 1:
            return self._alone(batch[0])
        try:
            self._together(batch)
        except Unavailable as error:  # nothing to be gained by asking 64 times
            for job in batch:
                job.error = error
        except Exception:  # the shared transaction is lost: each alone, so that one can't fail the others
            for job in batch:
                self._alone(job)

    def _together(self, batch: list[WriteJob]) -> None:
        connection = self._open()
        try:
            connection.send(self.dialect.begin())
            if self.turns:
                self.dialect.take_turn(connection)
            connection.together = len(batch)
            self._run_all(connection, batch)
            connection.flush()
            self._tell_others(connection, batch)
            self._commit(connection)
        except BaseException:
            self._give_up(connection)
            raise

    def _run_all(self, connection: Connection, batch: list[WriteJob]) -> None:
        """Those that come first, each by itself; then those whose rows are written together; then the rest."""
        others = [job for job in batch if not job.first]
        self._one_by_one(connection, [job for job in batch if job.first])
        if len(others) >= MANY and not self.dialect.one_process:
            self._foresee(connection, others)
        self._one_by_one(connection, [job for job in others if not self._is_done(connection, job)])

    def _one_by_one(self, connection: Connection, jobs: list[WriteJob]) -> None:
        for job in jobs:
            connection.flush()
            self._run(connection, job)

    def _foresee(self, connection: Connection, batch: list[WriteJob]) -> None:
        """Reads at once what many of them need."""
        about: dict[Callable[[UnitOfWork, list[Any]], None], list[Any]] = {}
        for job in batch:
            if job.foresees is not None:
                about.setdefault(job.foresees[0], []).append(job.foresees[1])
        for foresees, asked in about.items():
            foresees(UnitOfWork(connection, batch[0].now), asked)

    def _tell_others(self, connection: Connection, batch: list[WriteJob]) -> None:
        for signal in set[str]().union(*(job.signals for job in batch if job.error is None)):
            if signal in self.published:
                self.dialect.tell(connection, signal)

    def _commit(self, connection: Connection) -> None:
        """A failed commit fails all jobs and is not retried: after a lost connection its outcome is unknown."""
        try:
            connection.changed("COMMIT")
        except Exception as error:
            if self.dialect.is_unavailable(error) and not self.dialect.may_retry(error):
                raise unavailable(error) from error
            raise
        self.commits += 1

    def _is_done(self, connection: Connection, job: WriteJob) -> bool:
        """Runs one job inside the shared transaction, unless it needs a savepoint: then it comes after those that do
        not, whose rows are written together."""
        try:
            self._run(connection, job)
        except Apart:
            connection.undo_part()
            return False
        return True

    def _run(self, connection: Connection, job: WriteJob) -> None:
        """A failure undoes this one alone."""
        connection.mark()
        connection.begin_part()
        try:
            job.run(connection)
            connection.end_part()
        except Exception as error:
            if self._concerns_all(error) or not connection.is_undone_alone:
                raise
            job.error = error
            connection.undo_part()

    def _concerns_all(self, error: Exception) -> bool:
        known = isinstance(error, FailedElsewhere | Lost)
        return known or self.dialect.may_retry(error) or self.dialect.is_unavailable(error)

    def _alone(self, job: WriteJob) -> None:
        for attempt in range(TRIES):
            try:
                return self._together([job])
            except Exception as error:
                job.error = error
                if attempt + 1 >= self._tries(error):
                    break
                time.sleep(min(LONGEST, REST * 2**attempt) * random())  # noqa: S311 (jitter, no secret)
        if job.error and self.dialect.is_unavailable(job.error):
            job.error = unavailable(job.error)

    def _tries(self, error: Exception) -> int:
        """How often one is begun that fails like this: once, where it would fail again. After its connection was lost
        it is begun again on another, unless its commit may have been done (`Unavailable`)."""
        if self.dialect.may_retry(error):
            return TRIES
        if isinstance(error, Lost):
            return TRIES_OF_LOST
        return 2 if self.connection is None and self.dialect.is_unavailable(error) else 1

    def _open(self) -> Connection:
        if self.connection is None:
            self.connection = self.dialect.open()
        return self.connection

    def _give_up(self, connection: Connection) -> None:
        """Rolls back; a connection that can't even do that is replaced."""
        try:
            connection.mark()
            with suppress(FailedElsewhere):
                connection.settle()
            connection.changed("ROLLBACK")
        except Exception:
            with suppress(Exception):
                connection.close()
            self.connection = None

    def _tell(self, jobs: list[WriteJob]) -> None:
        signals: set[str] = set()
        for job in jobs:
            if job.error is None:
                signals |= job.signals
            if job.future.done():
                continue
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)
        self.on_signals(signals)
