"""Export files, made when they are sent: results, submissions. Streamed, of any size."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from domain.answers import ExportType, kind_of
from domain.moments import Moment, as_datetime
from domain.people.pseudonyms import pseudonym
from domain.projects.form_questions import asked_in
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import TaskId
from domain.work.positions import is_shuffled, order_for
from formats.writing import WRITERS, FormatWriter, Value, results_columns, submissions_columns
from jobs import figures, file_parts, refits
from jobs.exported_types import exported_type
from jobs.file_parts import FilePart
from jobs.made_files import MadeFile, Maker, making
from services.projects import votes
from storage.database import Database
from storage.drivers.connection import Row
from storage.projects.results import SUBMISSIONS, SUBMISSIONS_BY_TASK

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
    stream = partial(votes.with_votes, database, project)
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
    questions = [each.name for each in asked_in(project.kind, project.options)]
    columns = results_columns(project.columns, scored, kind.voted(project.options), project.models, questions)
    return columns, len(scored)


def submission_columns(project: Project, content: tuple[str, ...] = ()) -> tuple[str, ...]:
    questions = [each.name for each in asked_in(project.kind, project.options)]
    return submissions_columns(content, questions, is_shuffled(project), project.version > 1)


def order_cells(project: Project, secret: bytes) -> OrderCells:
    """The cell below `order`, of a task and a worker; none where all see the same order."""
    shuffled = is_shuffled(project)
    return lambda task, worker: [", ".join(order_for(project, task, worker, secret))] if shuffled else []


async def project_of(database: Database, facts: dict[str, Any], now: Moment) -> tuple[Project, bytes]:
    return await database.transact(
        lambda unit: (unit.projects.get(ProjectId(facts["number"])), unit.settings.secret), now
    )


def result_cells(project: Project, scored: int) -> Callable[[list[Row]], Iterable[Sequence[Value]]]:
    """Most rows have no scores and no models' answers: their cells are as they were read. Many fell alike."""
    key, received = votes.CELLS, votes.CELLS + 1 + len(project.columns) + 2
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
    return kind_of(project.kind).known(orjson.loads(gold))


def _fell(project: Project, told: str | None, known: str | None) -> tuple[Value, ...]:
    """The columns behind the live ones, of a task of which no model says anything."""
    return (*votes.columns_of(project, votes.fell_of(told), known), *votes.told_by_models(project, None, None))


def _result(project: Project, scored: int, row: Row) -> list[Value]:
    told, gold, packed, ai, key, *cells = row
    scores, fell = orjson.loads(packed) if packed else None, votes.fell_of(told)
    *content, consensus, confidence, received, state, live, sure = cells
    known = _known(project, gold) if gold else None
    answer = (known, 1.0) if known else (consensus, confidence)
    kind = kind_of(project.kind)
    if known and (found := votes.completed(project, fell, known)):
        answer, scores = (found.answer, found.confidence), found.scores
    kept = kind.score_cells(answer[0], scores, project.options) if scored else []
    seen = votes.columns_of(project, fell, known)
    said = (None, None) if gold else (live and kind.cell(live), sure)
    told = (answer[0] and kind.cell(answer[0]), answer[1])
    return [key, *content, *told, received, state, *kept, *said, *seen, *votes.told_by_models(project, ai, answer[0])]


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
    part = file_parts.part_of(facts)
    made, rows = await _made(facts, project, table, part)
    size = made.path.stat().st_size
    if size <= file_parts.LARGEST or part.of or rows < 2:
        return made
    made.path.unlink()
    first = file_parts.parts(size, rows)
    await database.transact(file_parts.order_others, now, project, facts, first)
    return (await _made(facts, project, table, first))[0]


async def _made(facts: dict[str, Any], project: Project, table: ExportTable, part: FilePart) -> tuple[MadeFile, int]:
    """The writer runs in a thread of its own and draws its rows, chunk by chunk, from the stream."""
    writer, answer_type = WRITERS[facts["format"]], exported_type(project, facts["format"])
    drawn = RowStream(table, asyncio.get_running_loop(), part)
    with making(f".{writer.extension}") as path:
        await asyncio.to_thread(write_file, path, writer, table, drawn, answer_type)
        name = f"{table.what}-{project.id}-{titled(project)}{part.name}.{writer.extension}"
        if path.stat().st_size <= file_parts.LARGEST or writer.extension in file_parts.PACKED:
            return MadeFile(path, name, writer.mime, kept=True), drawn.count
        small = await asyncio.to_thread(file_parts.packed, path, name)
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
