"""Reads files of tasks in child processes: few at once, and one a requester at a time."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
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
from domain.projects.tasks import PHOTO, is_strict, kind_of_column, parts_of
from domain.refusals import BadInput, FormRefused, Refusal
from formats.errors import MAX_SHOWN_ERRORS, FileErrors, RowError, row_problem, shortened
from formats.media import archive
from formats.media.archive import HEAD_BYTES, ArchiveMedium, can_be_sent_as, media_type
from formats.tables.columns import placeholders
from formats.tables.reading import TaskFile
from formats.tables.sandbox import MediaFiles, ReadRequest, read_in_sandbox
from formats.tables.table import FileWarning
from formats.tables.tasks import PackedRow
from formats.values import is_address
from jobs.computing import AdaptiveBatch
from jobs.fetching import Fetcher, NotFetched, make_fetcher
from jobs.uploads import progress
from jobs.uploads.progress import Clock, SentFile, UploadDoor, UploadProgress, droppable, showing_progress
from services.projects.drafts import STEP, Sent, comes_along, write_rows
from services.projects.lifecycle import end_if_done
from storage.database import Database
from storage.projects.batches import Batch
from storage.projects.tasks import PIECE
from storage.unit import UnitOfWork

MAX_CHECKED_ADDRESSES = 300  # addresses that are looked at
CHECKS_AT_ONCE = 8
ADDRESS_SECONDS, ALL_ADDRESSES_SECONDS = 5.0, 20.0  # seconds for one address, for all
GONE_STATUSES = (401, 403, 404, 410)
CERTAIN_PROBLEMS = ("address_size", "address_redirects", "address_public")


@dataclass(frozen=True, slots=True)
class MediumAddress:
    """The address of a medium, and the first row and column with it."""

    line: int
    column: str
    address: str


@dataclass(slots=True)
class _Findings:
    errors: list[RowError] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)  # hosts


async def check_media_addresses(file: TaskFile, fetch: Fetcher) -> TaskFile:
    """Return the file, with a warning if addresses of its media did not answer. Raise FileErrors for those that are
    certainly unusable."""
    addresses = await asyncio.to_thread(lambda: list(islice(_list_addresses(file), MAX_CHECKED_ADDRESSES)))
    if not addresses:
        return file
    findings, places = _Findings(), asyncio.Semaphore(CHECKS_AT_ONCE)

    async def look(address: MediumAddress) -> None:
        async with places:
            await _check_address(address, replace(fetch, seconds=ADDRESS_SECONDS), findings)

    tasks = [asyncio.create_task(look(medium)) for medium in addresses]
    try:
        await asyncio.wait(tasks, timeout=ALL_ADDRESSES_SECONDS)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if findings.errors:
        errors = sorted(findings.errors, key=lambda error: error.line)
        raise FileErrors(tuple(errors[:MAX_SHOWN_ERRORS]), len(errors))
    return _add_warning(file, findings.unanswered)


def _add_warning(file: TaskFile, unanswered: list[str]) -> TaskFile:
    if not unanswered:
        return file
    warning = FileWarning("addresses_unanswered", {"count": len(unanswered), "first": unanswered[0]})
    return replace(file, warnings=(*file.warnings, warning))


def _list_addresses(file: TaskFile) -> Iterator[MediumAddress]:
    columns = [name for name in placeholders(file.template) if kind_of_column(name)]
    listed_addresses = set[str]()
    for row in file.rows if columns else ():
        for column, part in _parts(row.content, columns):
            if is_address(part) and part not in listed_addresses:
                listed_addresses.add(part)
                yield MediumAddress(row.line, column, part)


def _parts(content: dict[str, str], columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((column, part) for column in columns for part in parts_of(content.get(column, "")))


async def _check_address(medium: MediumAddress, fetch: Fetcher, findings: _Findings) -> None:
    kind, host = kind_of_column(medium.column) or PHOTO, urlsplit(medium.address).netloc
    if host in findings.silent:
        findings.unanswered.append(medium.address)
        return
    try:
        into = BytesIO()
        await fetch(medium.address, into, archive.MAX_BYTES_BY_KIND[kind], only=HEAD_BYTES)
    except NotFetched as problem_:
        _note_failure(medium, problem_, host, findings)
        return
    if kind == PHOTO and is_strict(medium.column) and not can_be_sent_as(PHOTO, media_type(into.getvalue())):
        findings.errors.append(row_problem(medium.line, medium.column, medium.address, "picture"))


def _note_failure(medium: MediumAddress, problem: NotFetched, host: str, findings: _Findings) -> None:
    """Note an error for an address that is certainly unusable, else a warning; skip the host from then on if it is
    slow."""
    is_gone = problem.expected == "address_found" and problem.facts["status"] in GONE_STATUSES
    if is_gone or problem.expected in CERTAIN_PROBLEMS:
        findings.errors.append(
            row_problem(medium.line, medium.column, medium.address, problem.expected, **problem.facts)
        )
    elif problem.expected != "address_https":  # Telegram may fetch over http
        findings.unanswered.append(medium.address)
        findings.silent |= {host} if problem.expected in ("address_answers", "address_quick") else set()


async def store_media(database: Database, clock: Clock, media: tuple[ArchiveMedium, ...], file: BinaryIO) -> None:
    """Store the media that are not stored yet. The first piece of each comes last, so that a medium that begins is
    whole."""
    for medium in media:
        is_stored = await database.transact(lambda unit: unit.media_files.is_known(medium.content), clock())  # noqa: B023
        if not is_stored:
            await _store_medium(database, clock, medium, file)


async def _store_medium(database: Database, clock: Clock, medium: ArchiveMedium, file: BinaryIO) -> None:
    for part in reversed(range(-(-medium.size // PIECE))):
        piece = await asyncio.to_thread(_read_piece, file, medium, part)

        def put(unit: UnitOfWork) -> None:
            unit.media_files.store_piece(medium.content, part, piece)  # noqa: B023

        await database.transact(put, clock())


def _read_piece(file: BinaryIO, medium: ArchiveMedium, part: int) -> bytes:
    file.seek(medium.start + part * PIECE)
    return file.read(min(PIECE, medium.size - part * PIECE))


READERS_AT_ONCE = 2  # processes that read files: each has memory of its own


class ReadingQueue:
    """Requesters whose file is being read, and those who wait."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(READERS_AT_ONCE)
        self._people: dict[PersonId, asyncio.Lock] = {}

    @asynccontextmanager
    async def place(self, person: PersonId) -> AsyncIterator[None]:
        lock = self._people.setdefault(person, asyncio.Lock())
        async with lock, self._places:
            yield


_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, ReadingQueue] = WeakKeyDictionary()


async def read_checked_file(
    person: PersonId,
    place: BinaryIO,
    rows: BinaryIO,
    question: ReadRequest,
    progress_shown: UploadProgress,
    media: MediaFiles | None = None,
) -> TaskFile:
    """Return the file with every row checked; one file a requester is read at a time. `rows` stays open while they are
    read. Raise FileErrors."""
    queue = _queues.setdefault(asyncio.get_running_loop(), ReadingQueue())
    async with queue.place(person):
        return await read_in_sandbox(place, rows, question, progress_shown.note_checked, media)


MAX_UPLOAD_BYTES = 20 * 1024 * 1024  # bytes a bot may download


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on disk, one for its checked rows, and what its media are appended to, perhaps from a ZIP beside it: all
    for as long as they are read."""

    place: BinaryIO
    rows: BinaryIO
    progress: UploadProgress
    media: MediaFiles


@asynccontextmanager
async def fetch_upload(door: UploadDoor, sent: SentFile, media: str | None = None) -> AsyncIterator[Upload]:
    """Download the file, and a ZIP of media from its address; the sender sees the progress and can drop it. Raise
    FileDropped, FormRefused, and BadInput if the file is too large or too many are on their way."""
    if sent.size > MAX_UPLOAD_BYTES:
        raise BadInput(what="file_size", value=str(sent.size), expected=[str(MAX_UPLOAD_BYTES)])
    progress.leave_place(
        progress.MAX_LONG_UPDATES_TO_FETCH if media or is_address(sent.reference) else progress.MAX_LONG_UPDATES
    )
    database, clock = door.house.database, door.house.clock
    with (
        TemporaryFile() as place,
        TemporaryFile() as rows,
        TemporaryFile() as media_content,
        TemporaryFile() as archive,
    ):
        async with (
            _show_progress(door, sent) as progress_shown,
            droppable(database, clock, progress_shown, sent.is_dropped),
        ):
            media_files = MediaFiles(cast(BinaryIO, media_content), cast(BinaryIO, archive) if media else None)
            upload = Upload(cast(BinaryIO, place), cast(BinaryIO, rows), progress_shown, media_files)
            if media and media_files.archive:
                await _fetch_address(door, "media", media, media_files.archive)
            if is_address(sent.reference):
                await _fetch_address(door, "file", sent.reference, upload.place)
            else:
                await sent.fetch(upload.place)
            yield upload


def _show_progress(door: UploadDoor, sent: SentFile) -> AbstractAsyncContextManager[UploadProgress]:
    if not sent.number:
        return nullcontext(UploadProgress(sent.name))
    return showing_progress(door.house.database, door.house.clock, door.chat.id, sent.number, sent.name)


async def _fetch_address(door: UploadDoor, key: str, address: str, place: BinaryIO) -> None:
    """Download a file to `place`, a few at once and one a requester, because each takes room on the disk. Raise
    FormRefused."""
    queue = _queues.setdefault(asyncio.get_running_loop(), ReadingQueue())
    try:
        async with queue.place(door.person.id):
            await make_fetcher(door.house.private_destinations)(address, place)
    except NotFetched as problem:
        facts = {"key": key, "value": shortened(address), "expected": problem.expected, "facts": dict(problem.facts)}
        raise FormRefused(errors=[facts]) from None


def fingerprint(place: BinaryIO, request: str) -> str:
    """Return two hashes, of the bytes and of the bytes with the request: of the same file, and of it with the same
    caption."""
    place.seek(0)
    digest = hashlib.sha256()
    while block := place.read(1 << 20):
        digest.update(block)
    content = digest.hexdigest()
    digest.update(b"\0" + request.encode())
    return f"{content}:{digest.hexdigest()}"


MAX_STEP_CHARS = 1_000_000  # of content, written in one transaction
SMALLEST_STEP_PART = (
    40  # of a full step, one part in so many is written at least beside others where a server writes it
)
REST_SECONDS = 0.002  # seconds between two steps of taking out, for other writers; reading the next rows takes as long
STALE_AFTER = 1 * HOUR  # after its last step a batch that is not all there is taken out again


async def stage_rows(
    database: Database, clock: Clock, begin: Callable[[UnitOfWork], Batch], sent: Sent, progress_shown: UploadProgress
) -> None:
    """Write the rows of a file, a step a transaction; few rows are left to the transaction that shows them. Raise the
    refusal of a duplicate key after deleting the rows written; rows of a dropped file are deleted, too."""
    if comes_along(sent.file):
        return
    batch = await database.transact(begin, clock())
    if batch.arriving:
        try:
            await _stage_in_steps(database, clock, batch, sent, progress_shown)
        except (Refusal, asyncio.CancelledError) as ended:
            if progress_shown.dropped or isinstance(ended, Refusal):
                await _remove_batch(database, clock, batch)
            raise


async def _stage_in_steps(
    database: Database, clock: Clock, batch: Batch, sent: Sent, progress_shown: UploadProgress
) -> None:
    finest = None if database.dialect.one_process else SMALLEST_STEP_PART
    progress_shown.total, rows, gait = (
        batch.tasks,
        islice(sent.file.rows.packed(), batch.staged, None),
        AdaptiveBatch(STEP, lambda: database.commits, finest=finest),
    )
    while batch.staged < batch.tasks:
        chunk = await asyncio.to_thread(lambda: _take_rows(rows, gait.size))  # noqa: B023 (awaited in its turn)
        staged_batch = await database.transact_lazily(_write_step, clock(), batch, chunk, gait)
        if staged_batch.staged != batch.staged + len(chunk):  # another process stages the same file
            rows = islice(sent.file.rows.packed(), staged_batch.staged, None)
        batch, progress_shown.written = staged_batch, staged_batch.staged


def _take_rows(rows: Iterator[PackedRow], most: int) -> list[PackedRow]:
    """Return the next rows, no more than memory and one transaction should hold."""
    chunk: list[PackedRow] = []
    size = 0
    for row in islice(rows, most):
        chunk.append(row)
        size += len(row[2])
        if size > MAX_STEP_CHARS:
            break
    return chunk


def _write_step(unit: UnitOfWork, batch: Batch, rows: list[PackedRow], gait: AdaptiveBatch) -> Batch:
    with gait.step():
        return write_rows(unit, unit.projects.get(batch.project), batch, rows)


async def drop_stale_batches(database: Database, clock: Clock) -> None:
    """Delete the rows of uploads that were not finished."""
    while batch := await database.transact(lambda unit: unit.batches.stale(later(unit.now, -STALE_AFTER)), clock()):
        await _remove_batch(database, clock, batch)


async def _remove_batch(database: Database, clock: Clock, batch: Batch) -> None:
    remaining_batch: Batch | None = await database.transact(lambda unit: unit.batches.find(batch.id), clock())
    while remaining_batch is not None and remaining_batch.arriving and remaining_batch.staged:
        remaining_batch = await database.transact_lazily(_remove_step, clock(), remaining_batch)
        await asyncio.sleep(REST_SECONDS)
    if remaining_batch is not None:
        await database.transact(_drop_batch, clock(), remaining_batch)


def _remove_step(unit: UnitOfWork, batch: Batch) -> Batch | None:
    return unit.batches.shrink(batch, max(0, batch.staged - STEP))


def _drop_batch(unit: UnitOfWork, batch: Batch) -> None:
    """Delete an upload's batch, and end a project that waited only for its rows."""
    project: Project = unit.projects.get(batch.project)
    if unit.batches.drop(batch) and project.state is ProjectState.RUNNING:
        end_if_done(unit, project)
