"""Reads files of tasks in child processes: few at once, and one a requester at a time."""

import asyncio
import hashlib
from collections.abc import (
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
)
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from domain.moments import HOUR, later
from domain.people.accounts import PersonId
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import (
    PHOTO,
    is_strict,
    kind_of_column,
    parts_of,
)
from domain.refusals import BadInput, FormRefused, Refusal
from formats.errors import (
    MAX_SHOWN_ERRORS,
    FileErrors,
    RowError,
    row_problem,
    shortened,
)
from formats.media import archive
from formats.media.archive import (
    HEAD_BYTES,
    ArchiveMedium,
    can_be_sent_as,
    media_type,
)
from formats.tables.columns import placeholders
from formats.tables.reading import TaskFile
from formats.tables.sandbox import MediaFiles, ReadRequest, read_in_sandbox
from formats.tables.table import FileWarning
from formats.tables.tasks import PackedRow
from formats.values import is_address
from jobs.computing import AdaptiveBatch
from jobs.fetching import Fetcher, NotFetched, make_fetcher
from jobs.uploads import progress
from jobs.uploads.progress import (
    Clock,
    SentFile,
    UploadDoor,
    UploadProgress,
    droppable,
    showing_progress,
)
from services.projects.drafts import (
    STEP,
    Sent,
    comes_along,
    write_rows,
)
from services.projects.lifecycle import end_if_done
from storage.database import Database
from storage.projects.batches import Batch
from storage.projects.tasks import PIECE
from storage.unit import UnitOfWork

MOST = 300  # addresses that are looked at
CHECKS_AT_ONCE = 8
EACH, ALL = 5.0, 20.0  # seconds for one address, for all
GONE = (401, 403, 404, 410)
CERTAIN = ("address_size", "address_redirects", "address_public")


@dataclass(frozen=True, slots=True)
class Named:
    """An address and the first row with it."""

    line: int
    column: str
    address: str


@dataclass(slots=True)
class _Findings:
    errors: list[RowError] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)  # hosts


async def looked_at(file: TaskFile, fetch: Fetcher) -> TaskFile:
    """The file, perhaps with a warning. Raises FileErrors."""
    named = await asyncio.to_thread(lambda: list(islice(_addresses(file), MOST)))
    if not named:
        return file
    found, places = _Findings(), asyncio.Semaphore(CHECKS_AT_ONCE)

    async def look(each: Named) -> None:
        async with places:
            await _look(each, replace(fetch, seconds=EACH), found)

    tasks = [asyncio.create_task(look(medium)) for medium in named]
    try:
        await asyncio.wait(tasks, timeout=ALL)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if found.errors:
        errors = sorted(found.errors, key=lambda error: error.line)
        raise FileErrors(tuple(errors[:MAX_SHOWN_ERRORS]), len(errors))
    return _warned(file, found.unanswered)


def _warned(file: TaskFile, unanswered: list[str]) -> TaskFile:
    if not unanswered:
        return file
    warning = FileWarning("addresses_unanswered", {"count": len(unanswered), "first": unanswered[0]})
    return replace(file, warnings=(*file.warnings, warning))


def _addresses(file: TaskFile) -> Iterator[Named]:
    columns = [name for name in placeholders(file.template) if kind_of_column(name)]
    seen = set[str]()
    for row in file.rows if columns else ():
        for column, part in _parts(row.content, columns):
            if is_address(part) and part not in seen:
                seen.add(part)
                yield Named(row.line, column, part)


def _parts(content: dict[str, str], columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((column, part) for column in columns for part in parts_of(content.get(column, "")))


async def _look(named: Named, fetch: Fetcher, found: _Findings) -> None:
    kind, host = kind_of_column(named.column) or PHOTO, urlsplit(named.address).netloc
    if host in found.silent:
        found.unanswered.append(named.address)
        return
    try:
        into = BytesIO()
        await fetch(named.address, into, archive.MAX_BYTES_BY_KIND[kind], only=HEAD_BYTES)
    except NotFetched as problem_:
        _judge(named, problem_, host, found)
        return
    if kind == PHOTO and is_strict(named.column) and not can_be_sent_as(PHOTO, media_type(into.getvalue())):
        found.errors.append(row_problem(named.line, named.column, named.address, "picture"))


def _judge(named: Named, why: NotFetched, host: str, found: _Findings) -> None:
    gone = why.expected == "address_found" and why.facts["status"] in GONE
    if gone or why.expected in CERTAIN:
        found.errors.append(row_problem(named.line, named.column, named.address, why.expected, **why.facts))
    elif why.expected != "address_https":  # Telegram may fetch over http
        found.unanswered.append(named.address)
        found.silent |= {host} if why.expected in ("address_answers", "address_quick") else set()


async def store(database: Database, clock: Clock, media: tuple[ArchiveMedium, ...], file: BinaryIO) -> None:
    """Those that are not there yet. The first piece of each comes last, so that what begins is whole."""
    for medium in media:
        known = await database.transact(lambda unit: unit.media_files.is_known(medium.content), clock())  # noqa: B023
        if not known:
            await _store(database, clock, medium, file)


async def _store(database: Database, clock: Clock, brought: ArchiveMedium, file: BinaryIO) -> None:
    for part in reversed(range(-(-brought.size // PIECE))):
        piece = await asyncio.to_thread(_piece, file, brought, part)

        def put(unit: UnitOfWork) -> None:
            unit.media_files.store_piece(brought.content, part, piece)  # noqa: B023

        await database.transact(put, clock())


def _piece(file: BinaryIO, brought: ArchiveMedium, part: int) -> bytes:
    file.seek(brought.start + part * PIECE)
    return file.read(min(PIECE, brought.size - part * PIECE))


AT_ONCE = 2  # processes that read files: each has memory of its own


class ReadingQueue:
    """Requesters whose file is being read, and those who wait."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._people: dict[PersonId, asyncio.Lock] = {}

    @asynccontextmanager
    async def place(self, person: PersonId) -> AsyncIterator[None]:
        lock = self._people.setdefault(person, asyncio.Lock())
        async with lock, self._places:
            yield


_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, ReadingQueue] = WeakKeyDictionary()


async def checked(
    person: PersonId,
    place: BinaryIO,
    rows: BinaryIO,
    question: ReadRequest,
    told: UploadProgress,
    beside: MediaFiles | None = None,
) -> TaskFile:
    """The file with every row checked. Raises FileErrors. `rows` stays open for as long as they are read."""
    queue = _queues.setdefault(asyncio.get_running_loop(), ReadingQueue())
    async with queue.place(person):
        return await read_in_sandbox(place, rows, question, told.heard, beside)


LARGEST = 20 * 1024 * 1024  # bytes a bot may download


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on disk, one for its checked rows, and what its media are appended to, perhaps from a ZIP beside it: all
    for as long as they are read."""

    place: BinaryIO
    rows: BinaryIO
    told: UploadProgress
    beside: MediaFiles


@asynccontextmanager
async def fetched(door: UploadDoor, sent: SentFile, media: str | None = None) -> AsyncIterator[Upload]:
    """Downloads the file, and a ZIP of media from its address; the sender sees how far it is and can drop it.

    Raises FileDropped, FormRefused, and BadInput where too many are on their way."""
    if sent.size > LARGEST:
        raise BadInput(what="file_size", value=str(sent.size), expected=[str(LARGEST)])
    progress.leave(progress.FETCHED if media or is_address(sent.reference) else progress.MOST)
    database, clock = door.house.database, door.house.clock
    with TemporaryFile() as place, TemporaryFile() as rows, TemporaryFile() as brought, TemporaryFile() as archive:
        async with (
            _shown(door, sent) as told,
            droppable(database, clock, told, sent.is_dropped),
        ):
            beside = MediaFiles(cast(BinaryIO, brought), cast(BinaryIO, archive) if media else None)
            upload = Upload(cast(BinaryIO, place), cast(BinaryIO, rows), told, beside)
            if media and beside.archive:
                await _from_address(door, "media", media, beside.archive)
            if is_address(sent.reference):
                await _from_address(door, "file", sent.reference, upload.place)
            else:
                await sent.fetch(upload.place)
            yield upload


def _shown(door: UploadDoor, sent: SentFile) -> AbstractAsyncContextManager[UploadProgress]:
    if not sent.number:
        return nullcontext(UploadProgress(sent.name))
    return showing_progress(door.house.database, door.house.clock, door.chat.id, sent.number, sent.name)


async def _from_address(door: UploadDoor, key: str, address: str, place: BinaryIO) -> None:
    """A few at once, one a requester: each takes room on the disk."""
    queue = _queues.setdefault(asyncio.get_running_loop(), ReadingQueue())
    try:
        async with queue.place(door.person.id):
            await make_fetcher(door.house.private_destinations)(address, place)
    except NotFetched as problem:
        facts = {"key": key, "value": shortened(address), "expected": problem.expected, "facts": dict(problem.facts)}
        raise FormRefused(errors=[facts]) from None


def fingerprint(place: BinaryIO, asked: str) -> str:
    """A hash of the bytes, and one of them with the request: of the same file, and of it with the same caption."""
    place.seek(0)
    digest = hashlib.sha256()
    while block := place.read(1 << 20):
        digest.update(block)
    content = digest.hexdigest()
    digest.update(b"\0" + asked.encode())
    return f"{content}:{digest.hexdigest()}"


CHARACTERS = 1_000_000  # of content, written in one transaction
FINEST = 40  # of a full step, one part in so many is written at least beside others where a server writes it
REST = 0.002  # seconds between two steps of taking out, for other writers; reading the next rows takes as long
LYING = 1 * HOUR  # after its last step a batch that is not all there is taken out again


async def stage(
    database: Database, clock: Clock, begin: Callable[[UnitOfWork], Batch], sent: Sent, told: UploadProgress
) -> None:
    """Writes the rows of a file, a step a transaction; few are left to the transaction that shows them.
    Raises the refusal of a duplicate key after deleting the rows written; rows of a dropped file are deleted, too."""
    if comes_along(sent.file):
        return
    batch = await database.transact(begin, clock())
    if batch.arriving:
        try:
            await _write(database, clock, batch, sent, told)
        except (Refusal, asyncio.CancelledError) as ended:
            if told.dropped or isinstance(ended, Refusal):
                await _take_out(database, clock, batch)
            raise


async def _write(database: Database, clock: Clock, batch: Batch, sent: Sent, told: UploadProgress) -> None:
    finest = None if database.dialect.one_process else FINEST
    told.of, rows, gait = (
        batch.tasks,
        islice(sent.file.rows.packed(), batch.staged, None),
        AdaptiveBatch(STEP, lambda: database.commits, finest=finest),
    )
    while batch.staged < batch.tasks:
        chunk = await asyncio.to_thread(lambda: _some(rows, gait.size))  # noqa: B023 (awaited in its turn)
        written = await database.transact_lazily(_step, clock(), batch, chunk, gait)
        if written.staged != batch.staged + len(chunk):  # another process stages the same file
            rows = islice(sent.file.rows.packed(), written.staged, None)
        batch, told.written = written, written.staged


def _some(rows: Iterator[PackedRow], most: int) -> list[PackedRow]:
    """The next rows, no more than memory and one transaction should hold."""
    chunk: list[PackedRow] = []
    size = 0
    for row in islice(rows, most):
        chunk.append(row)
        size += len(row[2])
        if size > CHARACTERS:
            break
    return chunk


def _step(unit: UnitOfWork, batch: Batch, rows: list[PackedRow], gait: AdaptiveBatch) -> Batch:
    with gait.step():
        return write_rows(unit, unit.projects.get(batch.project), batch, rows)


async def drop_stale(database: Database, clock: Clock) -> None:
    """Deletes rows of uploads that were not finished."""
    while batch := await database.transact(lambda unit: unit.batches.stale(later(unit.now, -LYING)), clock()):
        await _take_out(database, clock, batch)


async def _take_out(database: Database, clock: Clock, batch: Batch) -> None:
    left: Batch | None = await database.transact(lambda unit: unit.batches.find(batch.id), clock())
    while left is not None and left.arriving and left.staged:
        left = await database.transact_lazily(_shrink, clock(), left)
        await asyncio.sleep(REST)
    if left is not None:
        await database.transact(_drop, clock(), left)


def _shrink(unit: UnitOfWork, batch: Batch) -> Batch | None:
    return unit.batches.shrink(batch, max(0, batch.staged - STEP))


def _drop(unit: UnitOfWork, batch: Batch) -> None:
    """Ends a project that waited only for these rows."""
    project: Project = unit.projects.get(batch.project)
    if unit.batches.drop(batch) and project.state is ProjectState.RUNNING:
        end_if_done(unit, project)
