"""The writer: one thread, one connection, whole transactions; those that wait together share one commit."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Container, Iterable, Iterator
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
    StaleRow,
    Unavailable,
    WriteScope,
    to_unavailable,
)
from storage.drivers.dialects import Dialect
from storage.drivers.postgresql import FailedElsewhere, own_error
from storage.drivers.rows import Handed
from storage.unit import UnitOfWork

OnSignals = Callable[[set[str], list[Handed]], None]
Reader = tuple[Callable[[UnitOfWork, list[Any]], None], Any]


@dataclass(slots=True)
class WriteJob:
    """One transaction, `call(unit)`; `future` gets its outcome only after it is durable.

    `priority`: jobs with a higher one come first in their batch. `commits_to_yield`: so many commits of waiting jobs
    are still done before this one. `is_lazy`: it is durable with the next commit of others. Without a `scope` it needs
    the whole turn. `reader`: a function that reads at once what many jobs need, and this job's subject."""

    call: Callable[[UnitOfWork], Any]
    now: Moment
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    reader: Reader | None = None
    priority: int = 0
    commits_to_yield: int = 0
    scope: WriteScope | None = None
    is_lazy: bool = False
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
    """Jobs from the event loop, in the order in which they were put."""

    def __init__(self) -> None:
        self.behind: list[WriteJob | None] | None = None  # what comes together with one before it

    def put(self, job: WriteJob | None, block: bool = True, timeout: float | None = None) -> None:
        if self.behind is None:
            super().put(job)
        else:
            self.behind.append(job)

    async def put_ahead(self, job: WriteJob) -> None:
        """Put the job together with those of tasks that were created just now.

        Those tasks begin in the next turn of the loop; otherwise the writer would take this job alone between the two
        turns."""
        if self.behind is not None:
            self.behind.append(job)
            return
        self.behind = [job]
        try:
            await asyncio.sleep(0)
        finally:
            together, self.behind = self.behind, None
            for waiting_job in together:
                super().put(waiting_job)


def fail(jobs: list[WriteJob], error: Exception) -> None:
    for job in jobs:
        job.error = error


def foresee_batch(connection: Connection, batch: list[WriteJob]) -> None:
    """Call each reader once with the subjects of all its jobs."""
    subjects_by_reader: dict[Callable[[UnitOfWork, list[Any]], None], list[Any]] = {}
    for job in batch:
        if job.reader is not None:
            subjects_by_reader.setdefault(job.reader[0], []).append(job.reader[1])
    for reader, subjects in subjects_by_reader.items():
        reader(UnitOfWork(connection, batch[0].now), subjects)


def shards_of(connection: Connection, batch: list[WriteJob], scope: WriteScope) -> frozenset[int]:
    """Return the shards for which the transactions of one scope write."""
    subjects = [job.reader[1] for job in batch if job.reader is not None]
    return frozenset(scope.shards(UnitOfWork(connection, batch[0].now), subjects))


def set_outcomes(jobs: list[WriteJob]) -> tuple[set[str], list[Handed]]:
    """Set the outcome of each job's future; return the signals of all jobs that succeeded, and the values they hand
    over."""
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


OUTAGE_ENDS_AFTER_SECONDS = (
    30.0  # seconds without a failure that end an outage; leases are asked for every few seconds, failing or not
)


class Outage:
    """The failures of one process's database: all its writers report their outcomes here."""

    def __init__(self) -> None:
        self.since = self.last = -inf

    def see(self, errors: Iterable[BaseException | None]) -> None:
        if any(isinstance(error, Unavailable) for error in errors):
            self.add()

    def add(self, moment: float | None = None) -> None:
        """Note a failure at a moment of the monotonic clock."""
        moment = time.monotonic() if moment is None else moment
        if moment - self.last > OUTAGE_ENDS_AFTER_SECONDS:
            self.since = moment
        self.last = moment

    def seconds(self, now: float | None = None) -> float:
        """Return for how long the outage has gone on; 0 without one."""
        now = time.monotonic() if now is None else now
        return now - self.since if now - self.last <= OUTAGE_ENDS_AFTER_SECONDS else 0.0


MAX_TRANSACTIONS_PER_COMMIT = (
    65  # so many transactions share a commit at most: updates are stored, and 64 of them handled
)
TRANSACTIONS_PER_WRITE = 24  # of them are written while the next ones run
MIN_TRANSACTIONS_TO_FORESEE = 3  # from so many on it pays to read at once what they need
MAX_TRIES = 20  # of a transaction that the database set back for another one
MAX_TRIES_OF_STALE_ROWS = (
    4  # of one whose rows are not what it read: another process's doing, or a fault of ours that stays
)
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = (
    0.01,
    0.3,
)  # seconds before it tries again, at most; doubled each time, and a part of it by chance


class WriterThread(threading.Thread):
    """A thread that runs transactions on its own connection.

    `on_signals` is called in the event loop after each commit with its signals and the values it hands over; signals in
    `published` go to other processes, too. `turns`: its transactions are serialised with those of all others that take
    turns. `shares`: other processes write, too, so that transactions of a scope take a share of the turn."""

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
        """Wait for one job and return it with all others that wait; an empty list once the thread is stopped."""
        batch, self._passed = self._passed, []
        while not batch or (len(batch) < MAX_TRANSACTIONS_PER_COMMIT and not self.jobs.empty()):
            job = self.jobs.get()
            if job is None:
                if batch:
                    self.jobs.put(None)
                break
            batch.append(job)
        return self._without_passed(batch)

    def _without_passed(self, batch: list[WriteJob]) -> list[WriteJob]:
        """Return the jobs of this commit; jobs that yield to others come later, if there are others."""
        now, passed = list[WriteJob](), list[WriteJob]()
        for job in batch:
            (passed if job.commits_to_yield else now).append(job)
        if not now:
            return batch
        for job in passed:
            job.commits_to_yield -= 1
        self._passed = passed
        return now

    def _settle(self, batch: list[WriteJob]) -> None:
        batch.sort(key=lambda job: -job.priority)
        self._do(batch)
        self.outage.see(job.error for job in batch)
        by_loop: dict[asyncio.AbstractEventLoop, list[WriteJob]] = {}
        for job in batch:
            by_loop.setdefault(job.loop, []).append(job)
        for loop, jobs in by_loop.items():
            with suppress(RuntimeError):  # the event loop has ended
                loop.call_soon_threadsafe(self._report, jobs)

    def _do(self, batch: list[WriteJob]) -> None:
        """Run the jobs of each scope together, then those that need the whole turn."""
        for jobs in self._by_scope(batch):
            try:
                self._do_together(jobs)
            except Unavailable as error:
                fail(jobs, error)
            except (Exception, NeedsWholeTurn):  # they are begun again with the turn of the house
                for job in jobs:
                    job.scope = None
        self._do_with_whole_turn([job for job in batch if job.scope is None])

    def _by_scope(self, batch: list[WriteJob]) -> Iterator[list[WriteJob]]:
        for job in batch:
            job.scope = job.scope if self.shares else None
        for scope in dict.fromkeys(job.scope for job in batch if job.scope is not None):
            yield [job for job in batch if job.scope is scope]

    def _do_with_whole_turn(self, batch: list[WriteJob]) -> None:
        if len(batch) == 1:
            return self._do_alone(batch[0])
        try:
            if batch:
                self._do_together(batch)
        except Unavailable as error:  # nothing to be gained by asking 64 times
            fail(batch, error)
        except Exception:  # the shared transaction is lost: each alone, so that one can't fail the others
            for job in batch:
                self._do_alone(job)

    def _do_together(self, batch: list[WriteJob]) -> None:
        connection = self._open()
        try:
            self.dialect.begin_writing(connection, all(job.is_lazy for job in batch))
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
        """Run the jobs with priority one after the other, then those whose rows are written together, then the rest."""
        without_priority = [job for job in batch if not job.priority]
        self._one_by_one(connection, [job for job in batch if job.priority])
        if len(without_priority) >= MIN_TRANSACTIONS_TO_FORESEE and not self.dialect.one_process:
            foresee_batch(connection, without_priority)
        self._one_by_one(connection, [*self._left_by_sets(connection, without_priority)])

    def _left_by_sets(self, connection: Connection, jobs: list[WriteJob]) -> Iterator[WriteJob]:
        """Run the jobs, write rows of some while the next ones run, and yield those that need a savepoint."""
        for number, job in enumerate(jobs, start=1):
            if not self._is_done(connection, job):
                yield job
            if number % TRANSACTIONS_PER_WRITE == 0:
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
        """Commit. A failed commit fails all jobs and is not retried: after a lost connection its outcome is unknown."""
        try:
            connection.changed("COMMIT")
        except Exception as error:
            if self.dialect.is_unavailable(error) and not self.dialect.may_retry(error):
                raise to_unavailable(error) from error
            raise
        self.commits += 1

    def _is_done(self, connection: Connection, job: WriteJob) -> bool:
        """Run one job inside the shared transaction; return False if it needs a savepoint and has to come after the
        others."""
        try:
            self._run(connection, job)
        except NeedsSavepoint:
            connection.undo_part()
            return False
        return True

    def _run(self, connection: Connection, job: WriteJob) -> None:
        """Run one job; a failure that concerns no other job undoes this one alone. Raise any other failure."""
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
        is_of_others = isinstance(error, FailedElsewhere | StaleRow)
        return is_of_others or self.dialect.may_retry(error) or self.dialect.is_unavailable(error)

    def _do_alone(self, job: WriteJob) -> None:
        for attempt in range(MAX_TRIES):
            try:
                return self._do_together([job])
            except Exception as error:
                job.error = own_error(error)
                if attempt + 1 >= self._max_tries(job.error):
                    break
                time.sleep(min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**attempt) * random())  # noqa: S311 (jitter, no secret)
        if job.error and self.dialect.is_unavailable(job.error):
            job.error = to_unavailable(job.error)

    def _max_tries(self, error: Exception) -> int:
        """Return how often a job that fails with this error is begun: once if it would fail again.

        A job whose connection was lost is begun again on another, unless its commit may have been done (`Unavailable`).
        """
        if self.dialect.may_retry(error):
            return MAX_TRIES
        if isinstance(error, StaleRow):
            return MAX_TRIES_OF_STALE_ROWS
        return 2 if self.connection is None and self.dialect.is_unavailable(error) else 1

    def _open(self) -> Connection:
        if self.connection is None:
            self.connection = self.dialect.open_to_write()
        return self.connection

    def _give_up(self, connection: Connection) -> None:
        """Roll back; replace a connection that cannot do even that."""
        try:
            connection.mark()
            with suppress(FailedElsewhere):
                connection.settle()
            connection.changed("ROLLBACK")
        except Exception:
            with suppress(Exception):
                connection.close()
            self.connection = None

    def _report(self, jobs: list[WriteJob]) -> None:
        self.on_signals(*set_outcomes(jobs))
