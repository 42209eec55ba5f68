"""The database: runs whole transactions and streams rows."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from types import MethodType
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakMethod

from domain.moments import Moment
from storage.drivers import streams
from storage.drivers.connection import SWEEP_SCOPE, Row, WriteScope
from storage.drivers.dialects import dialect_of
from storage.drivers.postgresql import NotificationListener, PostgreSQL
from storage.drivers.rows import WHOLE, Handed
from storage.drivers.sqlite import SQLite
from storage.drivers.writer import Outage, WriteJob, WriterThread
from storage.unit import UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K")
H = TypeVar("H", bound=Handed)
# Commits of others that pass a step of a long work; and one of an import, which waits for no disk.
COMMITS_BEFORE_STEP, COMMITS_BEFORE_LAZY_STEP = 4, 1
ListenerReference = Callable[[], Callable[[], None] | None]


class Database:
    """The database of a process. `await transact(service, …, now=…)` runs `service(unit, …)` durably, or not at all."""

    def __init__(self, url: str) -> None:
        self.dialect: SQLite | PostgreSQL = dialect_of(url)
        self._listeners: dict[str, list[ListenerReference]] = {}
        self._takers: dict[tuple[type[Handed], int], Callable[[], Callable[[list[Any]], None] | None]] = {}
        self._fence: Callable[[UnitOfWork], None] | None = None
        self.published = {"outbox", "elsewhere"}
        self._listening: NotificationListener | None = None
        self._writer = self._free = self._beside = WriterThread(self.dialect, self._dispatch_signals, self.published)
        if not self.dialect.one_process:
            self._free = WriterThread(self.dialect, self._dispatch_signals, self.published, turns=False)
            self._beside = WriterThread(self.dialect, self._dispatch_signals, self.published)
        self._writers = {self._writer, self._free, self._beside}
        self.outage = Outage()
        for writer in self._writers:
            writer.outage = self.outage
            writer.start()

    async def transact(
        self,
        service: Callable[Concatenate[UnitOfWork, P], T],
        now: Moment,
        *args: P.args,
        **facts: P.kwargs,
    ) -> T:
        """Return the service's result once it is durable. Raise the service's exception after rolling back."""
        return await self._run_job(self._writer, self._bind_service(service, *args, **facts), now)

    async def transact_last(
        self,
        service: Callable[Concatenate[UnitOfWork, P], T],
        now: Moment,
        *args: P.args,
        **facts: P.kwargs,
    ) -> T:
        """Run a transaction behind others that wait, unless they go on and on: a step of a long work."""
        return await self._run_job(
            self._writer, self._bind_service(service, *args, **facts), now, commits_to_yield=COMMITS_BEFORE_STEP
        )

    async def transact_lazily(
        self,
        service: Callable[Concatenate[UnitOfWork, P], T],
        now: Moment,
        *args: P.args,
        **facts: P.kwargs,
    ) -> T:
        """Run a transaction behind one commit of others, for a small step that nobody sees and that is begun again if
        it is lost: it is durable with the next commit of others, and answers do not wait until the disk has it."""
        return await self._run_job(
            self._writer,
            self._bind_service(service, *args, **facts),
            now,
            commits_to_yield=COMMITS_BEFORE_LAZY_STEP,
            is_lazy=True,
        )

    async def transact_foreseen(
        self,
        service: Callable[[UnitOfWork], T],
        now: Moment,
        foresees: Callable[[UnitOfWork, list[K]], None],
        key: K,
        scope: WriteScope | None = None,
    ) -> T:
        """Run a transaction. If many wait together, `foresees(unit, [key, …])` reads once what all of them need. Beside
        other processes the transaction writes within its `scope`, at the same time as they do, or alone."""
        assert self._fence is None  # noqa: S101 (what is fenced is a sweep)
        return await self._run_job(self._writer, service, now, reader=(foresees, key), scope=scope)

    async def transact_beside(
        self,
        scope: WriteScope,
        service: Callable[Concatenate[UnitOfWork, P], T],
        now: Moment,
        *args: P.args,
        **facts: P.kwargs,
    ) -> T:
        """Run a transaction before all others that wait: for what happened before them, such as the delivery of a task
        that one of them answers. Beside other processes it runs within its scope, on a connection of its own."""
        writer = self._beside if self._beside.shares else self._writer
        return await self._run_job(writer, self._bind_service(service, *args, **facts), now, priority=2, scope=scope)

    async def look(self, sweep: Callable[[UnitOfWork], T], now: Moment) -> T:
        """Run a sweep that most often finds nothing to do: beside other processes no other transaction waits for it
        then."""
        writer = self._beside if self._beside.shares else self._writer
        return await self._run_job(writer, self._bind_service(sweep), now, scope=SWEEP_SCOPE)

    @property
    def is_shared(self) -> bool:
        """Return whether other processes write, too."""
        return self._writer.shares

    def share(self, with_others: bool) -> None:
        """Let transactions of a scope take a share of the turn from now on, or all of it: both are always safe."""
        for writer in self._writers:
            writer.shares = with_others and not self.dialect.one_process

    def fenced(self, fence: Callable[[UnitOfWork], None]) -> "Database":
        """Return a database each of whose transactions calls `fence(unit)` first, which raises if the transaction may
        not run."""
        fenced_database = copy(self)
        fenced_database._fence = fence
        return fenced_database

    async def freely(self, service: Callable[[UnitOfWork], T], now: Moment, ahead: bool = False) -> T:
        """Run a transaction without waiting for another process's turn: for inbox, outbox and leases, whose statements
        are guarded, and for readings that may be outdated at once. `ahead`: by the writer instead, before all but what
        `transact_beside` does; what is handed in behind it shares its commit as a rule."""
        return await self._run_job(self._writer if ahead else self._free, service, now, ahead, priority=int(ahead))

    def _bind_service(
        self, service: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **facts: P.kwargs
    ) -> Callable[[UnitOfWork], T]:
        fence = self._fence

        def whole(unit: UnitOfWork) -> T:
            if fence is not None:
                fence(unit)
            return service(unit, *args, **facts)

        return whole

    async def _run_job(
        self, writer: WriterThread, call: Callable[[UnitOfWork], T], now: Moment, ahead: bool = False, **how: Any
    ) -> T:
        """Hand a job to the writer and return its result; `how`: fields of the job."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        job = WriteJob(call, now, loop, future, **how)
        if ahead:
            await writer.jobs.put_ahead(job)
        else:
            writer.jobs.put(job)
        return await future

    async def aside(self, question: Callable[[UnitOfWork], T], now: Moment) -> T:
        """Run a reading on its own connection, in one snapshot, beside the writer. Raise Unavailable."""
        return await asyncio.to_thread(_read_beside, self.dialect, question, now)

    def rows(self, sql: str, **values: Any) -> AsyncIterator[Row]:
        """Stream the rows of a reading from a connection of its own: one consistent moment, bounded memory."""
        return streams.rows(self.dialect, sql, values)

    def chunks(self, sql: str, **values: Any) -> AsyncIterator[list[Row]]:
        """Stream the rows of a reading statement like `rows`, some at a time."""
        return streams.chunks(self.dialect, sql, values)

    def on(self, signal: str, listener: Callable[[], None]) -> None:
        """Call `listener` in the event loop after each commit whose transactions sent this signal; a method only as
        long as its object is there: roles end before the database does."""
        self._listeners.setdefault(signal, []).append(_refer_to_listener(listener))

    def on_handed(self, kind: type[H], taker: Callable[[list[H]], None], part: int = WHOLE) -> None:
        """Call `taker` with the rows of this kind, or of a `part` of it, that a commit hands over. If nothing takes
        them, or they are not whole, their signal is sent instead: there is something to read."""
        self._takers[kind, part] = WeakMethod(taker)

    def listen(self) -> None:
        """Pass commits of other processes to the listeners, too, by notification or polling."""
        if isinstance(self.dialect, PostgreSQL) and self._listening is None:
            self._listening = NotificationListener(self.dialect, asyncio.get_running_loop(), self._dispatch_signals)
            self._listening.start()

    @property
    def commits(self) -> int:
        return sum(writer.commits for writer in self._writers)

    async def close(self) -> None:
        """End after the transactions already handed in."""
        if self._listening is not None:
            self._listening.end()
        for writer in self._writers:
            writer.jobs.put(None)
            await asyncio.to_thread(writer.join)

    def _dispatch_signals(self, signals: set[str], handed: Sequence[Handed] = ()) -> None:
        rows_by_kind: dict[tuple[type[Handed], int], list[Handed]] = {}
        for row in handed:
            rows_by_kind.setdefault((type(row), row.part), []).append(row)
        takers = {kind: taker for kind, reference in self._takers.items() if (taker := reference()) is not None}
        for kind, rows in rows_by_kind.items():
            if kind not in takers or not all(row.is_whole for row in rows):
                signals.add(kind[0].signal)
        self._call_listeners(signals)
        for kind, rows in rows_by_kind.items():
            if kind in takers:
                takers[kind]([row for row in rows if row.is_whole])

    def _call_listeners(self, signals: set[str]) -> None:
        for signal in signals:
            listeners = [(reference, reference()) for reference in self._listeners.get(signal, ())]
            self._listeners[signal] = [reference for reference, listener in listeners if listener is not None]
            for _, listener in listeners:
                if listener is not None:
                    listener()


def _refer_to_listener(listener: Callable[[], None]) -> ListenerReference:
    return WeakMethod(listener) if isinstance(listener, MethodType) else lambda: listener


@contextmanager
def one_transaction(url: str, now: Moment, read_only: bool = False) -> Iterator[UnitOfWork]:
    """Yield a unit of work on a connection of its own, from start to end: for the command line."""
    with _open_unit(dialect_of(url), now, read_only) as unit:
        yield unit


def _read_beside(dialect: SQLite | PostgreSQL, question: Callable[[UnitOfWork], T], now: Moment) -> T:
    with streams.raising_unavailable(dialect), _open_unit(dialect, now, read_only=True) as unit:
        return question(unit)


@contextmanager
def _open_unit(dialect: SQLite | PostgreSQL, now: Moment, read_only: bool) -> Iterator[UnitOfWork]:
    connection = dialect.open(read_only)
    try:
        connection.changed(dialect.begin_reading() if read_only else dialect.begin())
        if not read_only:
            dialect.take_turn(connection)
        yield UnitOfWork(connection, now)
        connection.changed("COMMIT")
    finally:
        connection.close()
