"""Export files, made when they are sent: results, submissions. Streamed, of any size."""

import asyncio
import re
import zipfile
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import orjson

from domain.answers import kind_of
from domain.handing_in import ExportType, PairsType, ShapesType
from domain.moments import Moment, as_datetime
from domain.people.accounts import PersonId, pseudonym
from domain.projects.form_questions import questions_in
from domain.projects.projects import Project, ProjectId
from domain.projects.results import ProjectFile
from domain.projects.tasks import TaskId
from domain.work.positions import (
    draw_order,
    find_label_columns,
    get_compared_labels,
    has_shuffled_labels,
)
from formats.media.camera_data import remove_camera_data
from formats.result_columns import (
    Value,
    media_columns,
    results_columns,
    submissions_columns,
)
from formats.tables.columns import placeholders
from formats.writing import (
    FILES,
    FOR_TRAINING,
    WRITERS,
    FormatWriter,
)
from jobs import figures, refits
from jobs.figures import (
    MadeFile,
    Maker,
    making,
    place,
)
from services.projects import results as results_service
from storage.database import Database
from storage.drivers.connection import Row
from storage.projects.results import MEDIA, SUBMISSIONS, SUBMISSIONS_BY_TASK
from storage.unit import UnitOfWork

PROMPT = "prompt"  # a column that is the whole prompt, whatever else is shown


def exported_type(project: Project, form: str) -> ExportType:
    if form in FOR_TRAINING:
        return _pairs(project)
    found = kind_of(project.kind).answer_type(project.options)
    if isinstance(found, ShapesType):
        shown = dict.fromkeys(placeholders(project.template))
        return replace(found, columns=tuple(name for name in shown if name in project.columns))
    return found


def _pairs(project: Project) -> PairsType:
    """The prompt is what workers see beside the things that are compared."""
    columns = find_label_columns(project) or ()
    place = {name: at for at, name in enumerate(project.columns, 1)}
    own = [name for name in project.columns if name.casefold() == PROMPT and name not in columns]
    seen = [name for name in placeholders(project.template) if name in place and name not in columns]
    questions = questions_in(project.kind, project.options)
    asked = [
        (question.name, question.kind, question.options)
        for question in questions
        if question.answered_by.options_are_columns
    ]
    return PairsType(
        tuple(place[name] for name in dict.fromkeys(own or seen)),
        {label: place[name] for label, name in zip(get_compared_labels(project), columns, strict=True)},
        tuple(asked) or (("", project.kind, project.options),),
    )


LARGEST = 48 << 20  # bytes; Telegram takes 50 MB of a bot, and the call around it needs some
ROOM = 1.3  # parts are not all alike: each is planned so much smaller
PACKED = ("xlsx", "parquet")  # formats that are compressed by themselves


@dataclass(frozen=True, slots=True)
class FilePart:
    """Part `number` of `of`, of so many `rows` each; one file of everything where `of` is 0."""

    number: int = 1
    of: int = 0
    rows: int = 0

    @property
    def name(self) -> str:
        return f".{self.number}-of-{self.of}" if self.of else ""


def part_of(facts: dict[str, Any]) -> FilePart:
    """The part a letter asks for; letters without parts ask for the whole file."""
    return FilePart(facts.get("part", 1), facts.get("of", 0), facts.get("rows", 0))


def packed(path: Path, name: str) -> Path:
    """The same file zipped, under its name; the plain one is deleted."""
    with (
        making(".zip") as small,
        zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as into,
        path.open("rb") as plain,
    ):
        while block := plain.read(1 << 20):
            into.write(block)
    path.unlink()
    return small


def parts(size: int, rows: int) -> FilePart:
    """The first of as many parts as so many bytes need."""
    of = max(2, -int(-size * ROOM // LARGEST))
    return FilePart(1, of, max(1, -(-rows // of)))


def order_others(unit: UnitOfWork, project: Project, facts: dict[str, Any], first: FilePart) -> None:
    """A letter for each part but the first, once, however often the first is made; none to who left the team since."""
    reader = PersonId(facts.get("reader") or project.requester)
    if not unit.teams.is_side(project.requester, reader):
        return
    for number in range(2, first.of + 1):
        key = f"part:{project.id}:{facts['what']}:{facts['format']}:{facts.get('ordered', 0)}:{number}"
        part = {"part": number, "of": first.of, "rows": first.rows}
        unit.outbox.tell(reader, ProjectFile(**{**facts, **part}), key=key)


WITH_CONTENT = ("toloka", "labelstudio")  # formats whose rows of submissions carry the task itself
OrderCells = Callable[[TaskId, int], list[Value]]
BY_TASK = ("labelstudio",)  # formats in which a task holds its submissions


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table to be exported: `chunks()` starts the stream of its rows again, `cells` converts rows to the
    file's cells; `figures` are rows of a sheet beside it, in formats that have sheets."""

    what: str
    columns: tuple[str, ...]
    chunks: Callable[[], AsyncIterator[list[Row]]]
    cells: Callable[[list[Row]], Iterable[Sequence[Value]]]
    figures: Sequence[Sequence[Value]] = ()


async def results(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """One row a task."""
    project, _ = await project_of(database, facts, now)
    table = await results_table(database, project, now, facts["format"])
    return await _delivered(database, "results", facts, now, project, table)


async def results_table(database: Database, project: Project, now: Moment, form: str) -> ExportTable:
    await refits.refresh(database, project, lambda: now)
    columns, scored = result_columns(project)
    stream = partial(results_service.with_votes, database, project)
    measured = await figures.sheet(database, project, now) if WRITERS[form].write_beside else ()
    return ExportTable("results", columns, stream, result_cells(project, scored), measured)


async def submissions(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """One row a submission, workers under a pseudonym that differs per requester."""
    project, secret = await project_of(database, facts, now)
    table = submissions_table(database, project, secret, facts["format"])
    return await _delivered(database, "submissions", facts, now, project, table)


def submissions_table(database: Database, project: Project, secret: bytes, form: str) -> ExportTable:
    content = project.columns if form in WITH_CONTENT else ()
    rows = SUBMISSIONS_BY_TASK if form in BY_TASK else SUBMISSIONS
    stream = partial(database.chunks, rows, project=project.id)
    called = cache(partial(pseudonym, secret, project.requester))
    cells = partial(map, partial(submission_cells, project, content, called, order_cells(project, secret)))
    return ExportTable("submissions", submission_columns(project, content), stream, cells)


MAKERS: Mapping[str, Maker] = {"results": results, "submissions": submissions}


def result_columns(project: Project) -> tuple[tuple[str, ...], int]:
    """And how many of them hold the kind's scores."""
    kind = kind_of(project.kind)
    scored = kind.score_columns(project.options)
    questions = [question.name for question in questions_in(project.kind, project.options)]
    columns = results_columns(project.columns, scored, kind.voted(project.options), project.models, questions)
    return columns, len(scored)


def submission_columns(project: Project, content: tuple[str, ...] = ()) -> tuple[str, ...]:
    questions = [question.name for question in questions_in(project.kind, project.options)]
    return submissions_columns(content, questions, has_shuffled_labels(project), project.version > 1)


def order_cells(project: Project, secret: bytes) -> OrderCells:
    """The cell below `order`, of a task and a worker; none where all see the same order."""
    shuffled = has_shuffled_labels(project)
    return lambda task, worker: [", ".join(draw_order(project, task, worker, secret))] if shuffled else []


async def project_of(database: Database, facts: dict[str, Any], now: Moment) -> tuple[Project, bytes]:
    return await database.transact(
        lambda unit: (unit.projects.get(ProjectId(facts["number"])), unit.settings.secret), now
    )


def result_cells(project: Project, scored: int) -> Callable[[list[Row]], Iterable[Sequence[Value]]]:
    """Most rows have no scores and no models' answers: their cells are as they were read. Many fell alike."""
    key, received = results_service.CELLS, results_service.CELLS + 1 + len(project.columns) + 2
    known_of, tail = lru_cache(maxsize=4096)(partial(_known, project)), lru_cache(maxsize=4096)(partial(_fell, project))

    def shaped(rows: list[Any]) -> Iterator[Sequence[Value]]:
        for row in rows:
            told, gold, _, ai = row[:key]
            if ai or scored:
                yield _result(project, scored, row)
            elif gold and (known := known_of(gold)):
                yield (*row[key : received - 2], known, 1.0, *row[received:-2], None, None, *tail(told, known))
            else:
                yield row[key:] + tail(told, None)

    return shaped


def _known(project: Project, gold: str) -> str | None:
    return kind_of(project.kind).answer_of_gold(orjson.loads(gold))


def _fell(project: Project, told: str | None, known: str | None) -> tuple[Value, ...]:
    """The columns behind the live ones, of a task of which no model says anything."""
    return (
        *results_service.vote_columns_of(project, results_service.answer_counts_of(told), known),
        *results_service.model_columns_of(project, None, None),
    )


def _result(project: Project, scored: int, row: Row) -> list[Value]:
    told, gold, packed, ai, key, *cells = row
    scores, fell = orjson.loads(packed) if packed else None, results_service.answer_counts_of(told)
    *content, consensus, confidence, received, state, live, sure = cells
    known = _known(project, gold) if gold else None
    answer = (known, 1.0) if known else (consensus, confidence)
    kind = kind_of(project.kind)
    if known and (found := results_service.completed_gold(project, fell, known)):
        answer, scores = (found.answer, found.confidence), found.scores
    kept = kind.score_cells(answer[0], scores, project.options) if scored else []
    seen = results_service.vote_columns_of(project, fell, known)
    said = (None, None) if gold else (live and kind.cell(live), sure)
    told = (answer[0] and kind.cell(answer[0]), answer[1])
    return [
        key,
        *content,
        *told,
        received,
        state,
        *kept,
        *said,
        *seen,
        *results_service.model_columns_of(project, ai, answer[0]),
    ]


def submission_cells(
    project: Project, content: tuple[str, ...], called: Callable[[int], str], ordered: OrderCells, row: Row
) -> list[Value]:
    key, task, gold, worker, answer, milliseconds, state, at, number, version = row
    cells = orjson.loads(task) if content else {}
    shown = [cells.get(name, "") for name in content]
    kind, accepted = kind_of(project.kind), orjson.loads(gold) if gold else ()
    known = kind.gold_cell(accepted, project.options) if gold else None
    parts = kind.parts(answer, accepted, project.options)
    said = answer and kind.cell(answer)
    told = (said, known, milliseconds / 1000, state, as_datetime(at))
    edited = [version] if project.version > 1 else []
    return [key, *shown, called(worker), *told, *parts, *ordered(number, worker), *edited]


async def _delivered(
    database: Database, what: str, facts: dict[str, Any], now: Moment, project: Project, table: ExportTable
) -> MadeFile:
    """Noted, so that a worker who takes answers back is told which files hold them."""
    made = await _write(database, facts, now, project, table)
    await database.transact(lambda unit: unit.consents.note_delivery(project.id, what, facts["format"]), now)
    return made


async def _write(
    database: Database, facts: dict[str, Any], now: Moment, project: Project, table: ExportTable
) -> MadeFile:
    """One file where Telegram takes it, zipped if need be; else the first part, and letters for the others."""
    part = part_of(facts)
    made, rows = await _made(facts, project, table, part)
    size = made.path.stat().st_size
    if size <= LARGEST or part.of or rows < 2:
        return made
    made.path.unlink()
    first = parts(size, rows)
    await database.transact(order_others, now, project, facts, first)
    return (await _made(facts, project, table, first))[0]


async def _made(facts: dict[str, Any], project: Project, table: ExportTable, part: FilePart) -> tuple[MadeFile, int]:
    """The writer runs in a thread of its own and draws its rows, chunk by chunk, from the stream."""
    writer, answer_type = WRITERS[facts["format"]], exported_type(project, facts["format"])
    drawn = RowStream(table, asyncio.get_running_loop(), part)
    with making(f".{writer.extension}") as path:
        await asyncio.to_thread(write_file, path, writer, table, drawn, answer_type)
        name = f"{table.what}-{project.id}-{titled(project)}{part.name}.{writer.extension}"
        if path.stat().st_size <= LARGEST or writer.extension in PACKED:
            return MadeFile(path, name, writer.mime, kept=True), drawn.count
        small = await asyncio.to_thread(packed, path, name)
    return MadeFile(small, f"{name}.zip", "application/zip", kept=True), drawn.count


def titled(project: Project) -> str:
    """Its title as a part of a file's name."""
    return re.sub(r"\W+", "-", project.title.lower()).strip("-")[:40] or "project"


def write_file(
    path: Path, writer: FormatWriter, table: ExportTable, rows: Iterable[Sequence[Value]], answer_type: ExportType
) -> None:
    with path.open("wb") as file:
        if writer.write_beside:
            writer.write_beside(cast(BinaryIO, file), table.columns, rows, answer_type, table.figures)
        else:
            writer.write(cast(BinaryIO, file), table.columns, rows, answer_type)


class RowStream:
    """Rows of a stream that lives in the event loop, for a writer in another thread; counted, and only of one part."""

    def __init__(self, table: ExportTable, loop: asyncio.AbstractEventLoop, part: FilePart) -> None:
        self.chunks, self.cells, self.loop, self.count = table.chunks(), table.cells, loop, 0
        self.begin = (part.number - 1) * part.rows
        self.end = part.number * part.rows if 0 < part.number < part.of else None

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for rows in self._chunks():
            yield from self.cells(rows)

    def _chunks(self) -> Iterator[list[Row]]:
        """Of this part alone."""
        while chunk := asyncio.run_coroutine_threadsafe(self._next(), self.loop).result():
            before, self.count = self.count, self.count + len(chunk)
            end = len(chunk) if self.end is None else max(0, self.end - before)
            yield chunk[max(0, self.begin - before) : end]
            if self.end is not None and self.count >= self.end:
                return

    async def _next(self) -> list[Row]:
        return await anext(self.chunks, [])


AT_ONCE = 100  # answers read together
MOST = 5_000  # answers in one zip
MEDIA_ROOM = 400  # bytes an entry takes in a zip besides its content
TABLE = "answers.csv"

Fetch = Callable[[str, BinaryIO], Awaitable[str | None]]
"""Writes the file of this id; its path at Telegram, None where Telegram does not give it any more."""


@dataclass(slots=True)
class Archive:
    """A zip that grows on disk: `rows` are the rows of its table."""

    project: Project
    file: zipfile.ZipFile
    called: Callable[[int], str]
    rows: list[list[Value]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    size: int = 0
    last: int = 0

    def has_room(self, size: int, row: list[Value]) -> bool:
        return not self.rows or (len(self.rows) < MOST and self.size + size + _length(row) <= LARGEST - MEDIA_ROOM)

    def add(self, file: BinaryIO, name: str, row: list[Value]) -> None:
        if name:
            file.seek(0)
            with self.file.open(name, "w") as into:
                while block := file.read(1 << 20):
                    into.write(block)
            self.names.add(name)
        self.rows.append(row)
        self.size += file.tell() + _length(row)

    def name(self, key: str, worker: str, ending: str) -> str:
        """By the task and the pseudonym, as every file system takes it; another where it is taken."""
        plain = re.sub(r"[^\w-]+", "-", key).strip("-")[:60] or "task"
        named = next(n for n in _numbered(f"{plain}-{worker}") if f"{n}{ending}" not in self.names)
        return f"{named}{ending}"

    def close(self) -> None:
        columns = media_columns(self.project.columns)
        with self.file.open(TABLE, "w") as into:
            WRITERS["csv"].write(cast(BinaryIO, into), columns, self.rows)
        self.file.close()


async def zipped(fetch: Fetch, database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """As many answers as fit, from behind the last of the part before; a letter for the next part, if there is one."""
    project, secret = await project_of(database, facts, now)
    path = place(f".{FILES}")
    called = cache(partial(pseudonym, secret, project.requester))
    archive = Archive(project, zipfile.ZipFile(path, "w"), called, last=facts.get("after", 0))
    try:
        more = await _fill(archive, fetch, database)
        await asyncio.to_thread(archive.close)
    except BaseException:
        path.unlink()
        raise
    await database.transact(lambda unit: unit.consents.note_delivery(project.id, "files", FILES), now)
    part = facts.get("part", 1)
    if more:
        await database.transact(order_next, now, project, facts, archive.last, part + 1)
    name = f"files-{project.id}-{titled(project)}{f'.{part}' if more or part > 1 else ''}.{FILES}"
    return MadeFile(path, name, "application/zip")


async def _fill(archive: Archive, fetch: Fetch, database: Database) -> bool:
    """Whether there is more than fits."""
    async for row in _answers(archive, database):
        with TemporaryFile() as file:
            told, named = await _named(archive, fetch, row, cast(BinaryIO, file))
            if not archive.has_room(file.tell(), told):
                return True
            await asyncio.to_thread(archive.add, cast(BinaryIO, file), named, told)
        archive.last = row[0]
    return False


async def _named(archive: Archive, fetch: Fetch, row: Row, file: BinaryIO) -> tuple[list[Value], str]:
    """An answer's row in the table, with its file's name; empty where Telegram does not have the file."""
    _, key, content, worker, answer, milliseconds, state, at = row
    found = await fetch(answer.split()[0], file)
    await asyncio.to_thread(remove_camera_data, file)
    file.seek(0, 2)
    usual = kind_of(archive.project.kind).file_ending
    name = "" if found is None else archive.name(key, archive.called(worker), Path(found).suffix.lower() or usual)
    note = "" if name else "not given by Telegram any more"
    cells = orjson.loads(content)
    shown = [cells.get(column, "") for column in archive.project.columns]
    when = as_datetime(at)
    return [key, *shown, archive.called(worker), name, note, milliseconds / 1000, state, when], name


async def _answers(archive: Archive, database: Database) -> AsyncIterator[Row]:
    """Reads answers in pages: downloads hold no reading transaction open, and erasures meanwhile take effect."""
    while True:
        values = {"project": archive.project.id, "after": archive.last, "limit": AT_ONCE}
        rows = [row async for row in database.rows(MEDIA, **values)]
        for row in rows:
            yield row
        if len(rows) < AT_ONCE:
            return


def order_next(unit: UnitOfWork, project: Project, facts: dict[str, Any], after: int, part: int) -> None:
    """Once, however often the part before is made; not to who left the team since."""
    key = f"part:{project.id}:{FILES}:{facts.get('ordered', 0)}:{after}"
    reader = PersonId(facts.get("reader") or project.requester)
    if not unit.teams.is_side(project.requester, reader):
        return
    unit.outbox.tell(reader, ProjectFile(**{**facts, "after": after, "part": part}), key=key)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in range(2, MOST + 2))


def _length(row: list[Value]) -> int:
    """Bytes of a row of the table at most, and of an entry of the zip besides its content."""
    return MEDIA_ROOM + sum(2 * len(str(cell).encode()) + 4 for cell in row)
