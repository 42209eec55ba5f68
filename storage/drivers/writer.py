"""The writer: one thread, one connection, whole transactions; those that wait together share one commit."""

import asyncio
import queue
import threading
import time
from collections.abc import (
    Callable,
    Container,
    Iterable,
    Iterator,
)
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from random import random
from typing import Any

from domain.moments import Moment
from storage.drivers.connection import (
    Connection,
    NeedsSavepoint,
    NeedsWholeTurn,
    Scope,
    StaleRow,
    Unavailable,
    to_unavailable,
)
from storage.drivers.dialects import Dialect
from storage.drivers.postgresql import FailedElsewhere, own
from storage.drivers.rows import Handed
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


GAP = 30.0  # seconds without a failure that end an outage; leases are asked for every few seconds, failing or not


class Outage:
    """Of a process: its writers tell it how what they did ended."""

    def __init__(self) -> None:
        self.since = self.last = -inf

    def see(self, errors: Iterable[BaseException | None]) -> None:
        if any(isinstance(error, Unavailable) for error in errors):
            self.add()

    def add(self, at: float | None = None) -> None:
        """A failure, on the monotonic clock."""
        at = time.monotonic() if at is None else at
        if at - self.last > GAP:
            self.since = at
        self.last = at

    def seconds(self, now: float | None = None) -> float:
        """0 where none goes on."""
        now = time.monotonic() if now is None else now
        return now - self.since if now - self.last <= GAP else 0.0


TOGETHER = 65  # so many transactions share a commit at most: updates are stored, and 64 of them handled
AT_A_TIME = 24  # of them are written while the next ones run
MANY = 3  # from so many on it pays to read at once what they need
TRIES = 20  # of a transaction that the database set back for another one
TRIES_OF_LOST = 4  # of one whose rows are not what it read: another process's doing, or a fault of ours that stays
REST, LONGEST = 0.01, 0.3  # seconds before it tries again, at most; doubled each time, and a part of it by chance


class WriterThread(threading.Thread):
    """`on_signals` is called in the event loop after each commit with its signals, of which those `published` go to
    other processes, too, and what it hands over. `turns`: its transactions are serialised with those of all
    others that take turns. `shares`: other processes write, too, so that transactions of a scope take a share."""

    def __init__(
        self,
        dialect: Dialect,
        on_signals: OnSignals,
        published: Container[str] = (),
        turns: bool = True,
    ) -> None:
        super().__init__(name="writer" if turns else "aside", daemon=True)
        self.dialect, self.on_signals, self.published, self.turns = dialect, on_signals, published, turns
        self.jobs = JobQueue()
        self.connection: Connection | None = None
        self.commits = 0
        self.outage = Outage()
        self._passed: list[WriteJob] = []
        self.shares = False

    def run(self) -> None:
        while batch := self._gather():
            self._settle(batch)
        if self.connection:
            self.connection.close()

    def _gather(self) -> list[WriteJob]:
        """Waits for one job and takes all others that wait; empty when stopped."""
        batch, self._passed = self._passed, []
        while not batch or (len(batch) < TOGETHER and not self.jobs.empty()):
            job = self.jobs.get()
            if job is None:
                if batch:
                    self.jobs.put(None)
                break
            batch.append(job)
        return self._without_passed(batch)

    def _without_passed(self, batch: list[WriteJob]) -> list[WriteJob]:
        """Where others wait, those that let them pass come later."""
        now, passed = list[WriteJob](), list[WriteJob]()
        for job in batch:
            (passed if job.passing else now).append(job)
        if not now:
            return batch
        for job in passed:
            job.passing -= 1
        self._passed = passed
        return now

    def _settle(self, batch: list[WriteJob]) -> None:
        batch.sort(key=lambda job: -job.first)
        self._do(batch)
        self.outage.see(job.error for job in batch)
        by_loop: dict[asyncio.AbstractEventLoop, list[WriteJob]] = {}
        for job in batch:
            by_loop.setdefault(job.loop, []).append(job)
        for loop, jobs in by_loop.items():
            with suppress(RuntimeError):  # the event loop has ended
                loop.call_soon_threadsafe(self._tell, jobs)

    def _do(self, batch: list[WriteJob]) -> None:
        """Those of one scope together, then those that need the house."""
        for jobs in self._by_scope(batch):
            try:
                self._together(jobs)
            except Unavailable as error:
                fail(jobs, error)
            except (Exception, NeedsWholeTurn):  # they are begun again with the turn of the house
                for job in jobs:
                    job.scope = None
        self._whole([job for job in batch if job.scope is None])

    def _by_scope(self, batch: list[WriteJob]) -> Iterator[list[WriteJob]]:
        for job in batch:
            job.scope = job.scope if self.shares else None
        for scope in dict.fromkeys(job.scope for job in batch if job.scope is not None):
            yield [job for job in batch if job.scope is scope]

    def _whole(self, batch: list[WriteJob]) -> None:
        if len(batch) == 1:
            return self._alone(batch[0])
        try:
            if batch:
                self._together(batch)
        except Unavailable as error:  # nothing to be gained by asking 64 times
            fail(batch, error)
        except Exception:  # the shared transaction is lost: each alone, so that one can't fail the others
            for job in batch:
                self._alone(job)

    def _together(self, batch: list[WriteJob]) -> None:
        connection = self._open()
        try:
            self.dialect.begin_writing(connection, all(job.lazy for job in batch))
            self._take_turn(connection, batch)
            connection.together = len(batch)
            self._run_all(connection, batch)
            connection.flush()
            self._tell_others(connection, batch)
            self._commit(connection)
        except BaseException:
            self._give_up(connection)
            raise

    def _take_turn(self, connection: Connection, batch: list[WriteJob]) -> None:
        scope = batch[0].scope
        connection.share.take(None)
        if self.turns and scope is None:
            self.dialect.take_turn(connection)
        elif self.turns and scope is not None:
            shards = shards_of(connection, batch, scope)
            self.dialect.share_turn(connection, shards)
            connection.share.take(scope, shards)

    def _run_all(self, connection: Connection, batch: list[WriteJob]) -> None:
        """Those that come first, each by itself; then those whose rows are written together; then the rest."""
        others = [job for job in batch if not job.first]
        self._one_by_one(connection, [job for job in batch if job.first])
        if len(others) >= MANY and not self.dialect.one_process:
            foresee(connection, others)
        self._one_by_one(connection, [*self._left_by_sets(connection, others)])

    def _left_by_sets(self, connection: Connection, jobs: list[WriteJob]) -> Iterator[WriteJob]:
        """Rows of some are written while the next ones run. Each that needs a savepoint is left for later."""
        for number, job in enumerate(jobs, start=1):
            if not self._is_done(connection, job):
                yield job
            if number % AT_A_TIME == 0:
                connection.hand_over()

    def _one_by_one(self, connection: Connection, jobs: list[WriteJob]) -> None:
        for job in jobs:
            connection.flush()
            self._run(connection, job)

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
                raise to_unavailable(error) from error
            raise
        self.commits += 1

    def _is_done(self, connection: Connection, job: WriteJob) -> bool:
        """Runs one job inside the shared transaction, unless it needs a savepoint: then it comes after those that do
        not, whose rows are written together."""
        try:
            self._run(connection, job)
        except NeedsSavepoint:
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
        except NeedsWholeTurn:
            if not connection.is_undone_alone:
                raise StaleRow("a share of the turn") from None
            job.scope = None
            connection.undo_part()
        except Exception as error:
            if self._concerns_all(error) or not connection.is_undone_alone:
                raise
            job.error = error
            connection.undo_part()

    def _concerns_all(self, error: Exception) -> bool:
        known = isinstance(error, FailedElsewhere | StaleRow)
        return known or self.dialect.may_retry(error) or self.dialect.is_unavailable(error)

    def _alone(self, job: WriteJob) -> None:
        for attempt in range(TRIES):
            try:
                return self._together([job])
            except Exception as error:
                job.error = own(error)
                if attempt + 1 >= self._tries(job.error):
                    break
                time.sleep(min(LONGEST, REST * 2**attempt) * random())  # noqa: S311 (jitter, no secret)
        if job.error and self.dialect.is_unavailable(job.error):
            job.error = to_unavailable(job.error)

    def _tries(self, error: Exception) -> int:
        """How often one is begun that fails like this: once, where it would fail again. After its connection was lost
        it is begun again on another, unless its commit may have been done (`Unavailable`)."""
        if self.dialect.may_retry(error):
            return TRIES
        if isinstance(error, StaleRow):
            return TRIES_OF_LOST
        return 2 if self.connection is None and self.dialect.is_unavailable(error) else 1

    def _open(self) -> Connection:
        if self.connection is None:
            self.connection = self.dialect.open_to_write()
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
        self.on_signals(*tell(jobs))
