"""Export files, made when they are sent: results, submissions. Streamed, of any size."""

import asyncio
import re
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
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
from domain.work.positions import draw_order, find_label_columns, get_compared_labels, has_shuffled_labels
from formats.media.camera_data import remove_camera_data
from formats.result_columns import Value, media_columns, results_columns, submissions_columns
from formats.tables.columns import placeholders
from formats.writing import FILES, FOR_TRAINING, WRITERS, FormatWriter
from jobs import figures, refits
from jobs.figures import MadeFile, Maker, create_file, temporary_file
from services.projects import results as results_service
from storage.database import Database
from storage.drivers.connection import Row
from storage.projects.results import MEDIA, SUBMISSIONS, SUBMISSIONS_BY_TASK
from storage.unit import UnitOfWork

PROMPT = "prompt"  # a column that is the whole prompt, whatever else is shown


def get_export_type(project: Project, form: str) -> ExportType:
    """Return how the format writes answers of this project: pairs for training formats, else the kind's own answer
    type."""
    if form in FOR_TRAINING:
        return _get_pairs_type(project)
    answer_type = kind_of(project.kind).answer_type(project.options)
    if isinstance(answer_type, ShapesType):
        shown_columns = dict.fromkeys(placeholders(project.template))
        return replace(answer_type, columns=tuple(name for name in shown_columns if name in project.columns))
    return answer_type


def _get_pairs_type(project: Project) -> PairsType:
    """Return the pairs type of a comparison: the prompt is what workers see beside the things that are compared."""
    columns = find_label_columns(project) or ()
    positions = {name: position for position, name in enumerate(project.columns, 1)}
    own = [name for name in project.columns if name.casefold() == PROMPT and name not in columns]
    shown_columns = [name for name in placeholders(project.template) if name in positions and name not in columns]
    questions = questions_in(project.kind, project.options)
    compared_questions = [
        (question.name, question.kind, question.options)
        for question in questions
        if question.answered_by.options_are_columns
    ]
    return PairsType(
        tuple(positions[name] for name in dict.fromkeys(own or shown_columns)),
        {label: positions[name] for label, name in zip(get_compared_labels(project), columns, strict=True)},
        tuple(compared_questions) or (("", project.kind, project.options),),
    )


MAX_FILE_BYTES = 48 << 20  # bytes; Telegram takes 50 MB of a bot, and the call around it needs some
PART_MARGIN = 1.3  # parts are not all alike: each is planned so much smaller
PACKED = ("xlsx", "parquet")  # formats that are compressed by themselves


@dataclass(frozen=True, slots=True)
class FilePart:
    """Part `number` of `total`, of `rows` rows each; the whole file if `total` is 0."""

    number: int = 1
    total: int = 0
    rows: int = 0

    @property
    def name(self) -> str:
        return f".{self.number}-of-{self.total}" if self.total else ""


def get_ordered_part(facts: dict[str, Any]) -> FilePart:
    """Return the part that a file order asks for; the whole file if the order names no part."""
    return FilePart(facts.get("part", 1), facts.get("of", 0), facts.get("rows", 0))


def zip_file(path: Path, name: str) -> Path:
    """Zip the file under its name and delete the plain file. Return the path of the ZIP."""
    with (
        temporary_file(".zip") as small,
        zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as into,
        path.open("rb") as plain,
    ):
        while block := plain.read(1 << 20):
            into.write(block)
    path.unlink()
    return small


def plan_parts(size: int, rows: int) -> FilePart:
    """Return the first of as many parts as a file of so many bytes and rows needs."""
    total = max(2, -int(-size * PART_MARGIN // MAX_FILE_BYTES))
    return FilePart(1, total, max(1, -(-rows // total)))


def order_further_parts(unit: UnitOfWork, project: Project, facts: dict[str, Any], first_part: FilePart) -> None:
    """Order each part but the first, once, however often the first is made. Nothing is ordered if the reader has left
    the team since."""
    reader = PersonId(facts.get("reader") or project.requester)
    if not unit.teams.is_side(project.requester, reader):
        return
    for number in range(2, first_part.total + 1):
        key = f"part:{project.id}:{facts['what']}:{facts['format']}:{facts.get('ordered', 0)}:{number}"
        part = {"part": number, "of": first_part.total, "rows": first_part.rows}
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


async def make_results_file(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make the file of results, one row a task."""
    project, _ = await get_project(database, facts, now)
    table = await get_results_table(database, project, now, facts["format"])
    return await _make_and_note_delivery(database, what="results", facts=facts, now=now, project=project, table=table)


async def get_results_table(database: Database, project: Project, now: Moment, form: str) -> ExportTable:
    """Return the table of results, after a refit if there are new answers."""
    await refits.refresh(database, project, lambda: now)
    columns, scored = get_result_columns(project)
    stream = partial(results_service.with_votes, database, project)
    measured = await figures.get_figure_rows(database, project, now) if WRITERS[form].write_beside else ()
    return ExportTable("results", columns, stream, make_result_cells(project, scored), measured)


async def make_submissions_file(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make the file of submissions, one row each; workers appear under a pseudonym that differs per requester."""
    project, secret = await get_project(database, facts, now)
    table = get_submissions_table(database, project, secret, facts["format"])
    return await _make_and_note_delivery(
        database, what="submissions", facts=facts, now=now, project=project, table=table
    )


def get_submissions_table(database: Database, project: Project, secret: bytes, form: str) -> ExportTable:
    content = project.columns if form in WITH_CONTENT else ()
    rows = SUBMISSIONS_BY_TASK if form in BY_TASK else SUBMISSIONS
    stream = partial(database.chunks, rows, project=project.id)
    get_pseudonym = cache(partial(pseudonym, secret, project.requester))
    cells = partial(
        map, partial(get_submission_cells, project, content, get_pseudonym, make_order_cells(project, secret))
    )
    return ExportTable("submissions", get_submission_columns(project, content), stream, cells)


MAKERS: Mapping[str, Maker] = {"results": make_results_file, "submissions": make_submissions_file}


def get_result_columns(project: Project) -> tuple[tuple[str, ...], int]:
    """Return the columns of results, and how many of them hold the kind's scores."""
    kind = kind_of(project.kind)
    scored = kind.score_columns(project.options)
    questions = [question.name for question in questions_in(project.kind, project.options)]
    columns = results_columns(
        project.columns, scored, kind.list_voted_options(project.options), project.models, questions
    )
    return columns, len(scored)


def get_submission_columns(project: Project, content: tuple[str, ...] = ()) -> tuple[str, ...]:
    questions = [question.name for question in questions_in(project.kind, project.options)]
    return submissions_columns(content, questions, has_shuffled_labels(project), project.version > 1)


def make_order_cells(project: Project, secret: bytes) -> OrderCells:
    """Return a function of task and worker that gives the cell below `order`; no cells if all workers see the same
    order."""
    shuffled = has_shuffled_labels(project)
    return lambda task, worker: [", ".join(draw_order(project, task, worker, secret))] if shuffled else []


async def get_project(database: Database, facts: dict[str, Any], now: Moment) -> tuple[Project, bytes]:
    """Return the project, and the secret that pseudonyms are made with."""
    return await database.transact(
        lambda unit: (unit.projects.get(ProjectId(facts["number"])), unit.settings.secret), now
    )


def make_result_cells(project: Project, scored: int) -> Callable[[list[Row]], Iterable[Sequence[Value]]]:
    """Return a function that converts rows to cells. Most rows have no scores and no models' answers, and keep their
    cells as read; votes repeat, so their cells are cached."""
    key, received = results_service.CELLS, results_service.CELLS + 1 + len(project.columns) + 2
    get_gold_answer, get_vote_cells = (
        lru_cache(maxsize=4096)(partial(_get_gold_answer, project)),
        lru_cache(maxsize=4096)(partial(_get_vote_cells, project)),
    )

    def shaped(rows: list[Any]) -> Iterator[Sequence[Value]]:
        for row in rows:
            votes, gold, _, ai = row[:key]
            if ai or scored:
                yield _get_result_cells(project, scored, row)
            elif gold and (gold_answer := get_gold_answer(gold)):
                yield (
                    *row[key : received - 2],
                    gold_answer,
                    1.0,
                    *row[received:-2],
                    None,
                    None,
                    *get_vote_cells(votes, gold_answer),
                )
            else:
                yield row[key:] + get_vote_cells(votes, None)

    return shaped


def _get_gold_answer(project: Project, gold: str) -> str | None:
    return kind_of(project.kind).answer_of_gold(orjson.loads(gold))


def _get_vote_cells(project: Project, votes: str | None, gold_answer: str | None) -> tuple[Value, ...]:
    """Return the vote columns and empty model columns of a task that no model answered."""
    return (
        *results_service.vote_columns_of(project, results_service.answer_counts_of(votes), gold_answer),
        *results_service.model_columns_of(project, None, None),
    )


def _get_result_cells(project: Project, scored: int, row: Row) -> list[Value]:
    votes, gold, packed, ai, key, *cells = row
    scores, answer_counts = orjson.loads(packed) if packed else None, results_service.answer_counts_of(votes)
    *content, consensus, confidence, received, state, live, sure = cells
    gold_answer = _get_gold_answer(project, gold) if gold else None
    answer = (gold_answer, 1.0) if gold_answer else (consensus, confidence)
    kind = kind_of(project.kind)
    if gold_answer and (completed := results_service.completed_gold(project, answer_counts, gold_answer)):
        answer, scores = (completed.answer, completed.confidence), completed.scores
    score_cells = kind.score_cells(answer[0], scores, project.options) if scored else []
    vote_cells = results_service.vote_columns_of(project, answer_counts, gold_answer)
    live_cells = (None, None) if gold else (live and kind.to_cell(live), sure)
    votes = (answer[0] and kind.to_cell(answer[0]), answer[1])
    return [
        key,
        *content,
        *votes,
        received,
        state,
        *score_cells,
        *live_cells,
        *vote_cells,
        *results_service.model_columns_of(project, ai, answer[0]),
    ]


def get_submission_cells(
    project: Project, content: tuple[str, ...], get_pseudonym: Callable[[int], str], ordered: OrderCells, row: Row
) -> list[Value]:
    key, task, gold, worker, answer, milliseconds, state, submitted_at, number, version = row
    cells = orjson.loads(task) if content else {}
    content_cells = [cells.get(name, "") for name in content]
    kind, accepted = kind_of(project.kind), orjson.loads(gold) if gold else ()
    gold_cell = kind.to_gold_cell(accepted, project.options) if gold else None
    parts = kind.list_part_cells(answer, accepted, project.options)
    answer_cell = answer and kind.to_cell(answer)
    shared_cells = (answer_cell, gold_cell, milliseconds / 1000, state, as_datetime(submitted_at))
    edited = [version] if project.version > 1 else []
    return [key, *content_cells, get_pseudonym(worker), *shared_cells, *parts, *ordered(number, worker), *edited]


async def _make_and_note_delivery(
    database: Database, what: str, facts: dict[str, Any], now: Moment, project: Project, table: ExportTable
) -> MadeFile:
    """Make the file and note its delivery, so that a worker who withdraws answers is told which files hold them."""
    file = await _make_within_limit(database, facts, now, project, table)
    await database.transact(lambda unit: unit.consents.note_delivery(project.id, what, facts["format"]), now)
    return file


async def _make_within_limit(
    database: Database, facts: dict[str, Any], now: Moment, project: Project, table: ExportTable
) -> MadeFile:
    """Return one file if Telegram takes its size, zipped if need be; else the first part, and order the others."""
    part = get_ordered_part(facts)
    file, rows = await _make_part(facts, project, table, part)
    size = file.path.stat().st_size
    if size <= MAX_FILE_BYTES or part.total or rows < 2:
        return file
    file.path.unlink()
    first_part = plan_parts(size, rows)
    await database.transact(order_further_parts, now, project, facts, first_part)
    return (await _make_part(facts, project, table, first_part))[0]


async def _make_part(
    facts: dict[str, Any], project: Project, table: ExportTable, part: FilePart
) -> tuple[MadeFile, int]:
    """Make one part of the file; return it with its number of rows. The writer runs in a thread and reads rows from the
    stream, chunk by chunk."""
    writer, answer_type = WRITERS[facts["format"]], get_export_type(project, facts["format"])
    drawn = RowStream(table, asyncio.get_running_loop(), part)
    with temporary_file(f".{writer.extension}") as path:
        await asyncio.to_thread(write_file, path, writer, table, rows=drawn, answer_type=answer_type)
        name = get_table_name(project, table.what, facts["format"], part.name)
        if path.stat().st_size <= MAX_FILE_BYTES or writer.extension in PACKED:
            return MadeFile(path, name, writer.mime, is_reusable=True), drawn.count
        small = await asyncio.to_thread(zip_file, path, name)
    return MadeFile(small, f"{name}.zip", "application/zip", is_reusable=True), drawn.count


def get_table_name(project: Project, what: str, form: str, part: str = "") -> str:
    """Return the name of a table's file. Formats with the same ending differ in it, as `….crowdkit.csv` does from
    `….csv`."""
    extension = WRITERS[form].extension
    mark = "" if form == extension else f".{form.replace(' ', '-')}"
    return f"{what}-{project.id}-{get_file_title(project)}{mark}{part}.{extension}"


def get_file_title(project: Project) -> str:
    """Return the project's title as a part of a file's name."""
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
    """Rows of one part, read by a writer in another thread from a stream that lives in the event loop; `count` is the
    number of rows read."""

    def __init__(self, table: ExportTable, loop: asyncio.AbstractEventLoop, part: FilePart) -> None:
        self.chunks, self.cells, self.loop, self.count = table.chunks(), table.cells, loop, 0
        self.begin = (part.number - 1) * part.rows
        self.end = part.number * part.rows if 0 < part.number < part.total else None

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for rows in self._iterate_chunks():
            yield from self.cells(rows)

    def _iterate_chunks(self) -> Iterator[list[Row]]:
        """Yield the chunks of rows of this part alone."""
        while chunk := asyncio.run_coroutine_threadsafe(self._next(), self.loop).result():
            before, self.count = self.count, self.count + len(chunk)
            end = len(chunk) if self.end is None else max(0, self.end - before)
            yield chunk[max(0, self.begin - before) : end]
            if self.end is not None and self.count >= self.end:
                return

    async def _next(self) -> list[Row]:
        return await anext(self.chunks, [])


ANSWERS_PER_PAGE = 100  # answers read together
MAX_ZIP_ANSWERS = 5_000  # answers in one zip
ENTRY_OVERHEAD_BYTES = 400  # bytes an entry takes in a zip besides its content
ANSWERS_FILE = "answers.csv"

Fetch = Callable[[str, BinaryIO], Awaitable[str | None]]
"""Writes the file of this id; its path at Telegram, None where Telegram does not give it any more."""


@dataclass(slots=True)
class Archive:
    """ZIP of answer files that grows on disk: `rows` are the rows of its table, `last` the last answer's id."""

    project: Project
    file: zipfile.ZipFile
    get_pseudonym: Callable[[int], str]
    rows: list[list[Value]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    size: int = 0
    last: int = 0

    def has_room(self, size: int, row: list[Value]) -> bool:
        return not self.rows or (
            len(self.rows) < MAX_ZIP_ANSWERS
            and self.size + size + _estimate_entry_bytes(row) <= MAX_FILE_BYTES - ENTRY_OVERHEAD_BYTES
        )

    def add(self, file: BinaryIO, name: str, row: list[Value]) -> None:
        if name:
            file.seek(0)
            with self.file.open(name, "w") as into:
                while block := file.read(1 << 20):
                    into.write(block)
            self.names.add(name)
        self.rows.append(row)
        self.size += file.tell() + _estimate_entry_bytes(row)

    def choose_name(self, key: str, worker: str, ending: str) -> str:
        """Return a free file name from task and pseudonym that every file system takes."""
        plain = re.sub(r"[^\w-]+", "-", key).strip("-")[:60] or "task"
        name = next(n for n in _iterate_names(f"{plain}-{worker}") if f"{n}{ending}" not in self.names)
        return f"{name}{ending}"

    def close(self) -> None:
        columns = media_columns(self.project.columns)
        with self.file.open(ANSWERS_FILE, "w") as into:
            WRITERS["csv"].write(cast(BinaryIO, into), columns, self.rows)
        self.file.close()


async def make_answer_files_zip(fetch: Fetch, database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make a ZIP with as many answer files as fit, from behind the last one of the part before; order the next part if
    there are more."""
    project, secret = await get_project(database, facts, now)
    path = create_file(f".{FILES}")
    get_pseudonym = cache(partial(pseudonym, secret, project.requester))
    archive = Archive(project, zipfile.ZipFile(path, "w"), get_pseudonym, last=facts.get("after", 0))
    try:
        has_more = await _fill_archive(archive, fetch, database)
        await asyncio.to_thread(archive.close)
    except BaseException:
        path.unlink()
        raise
    await database.transact(lambda unit: unit.consents.note_delivery(project.id, "files", FILES), now)
    part = facts.get("part", 1)
    if has_more:
        await database.transact(order_next_part, now, project, facts, after=archive.last, part=part + 1)
    name = f"files-{project.id}-{get_file_title(project)}{f'.{part}' if has_more or part > 1 else ''}.{FILES}"
    return MadeFile(path, name, "application/zip")


async def _fill_archive(archive: Archive, fetch: Fetch, database: Database) -> bool:
    """Add answers until the archive is full; return whether there are more."""
    async for row in _iterate_answers(archive, database):
        with TemporaryFile() as file:
            cells, name = await _fetch_answer_file(archive, fetch, row, cast(BinaryIO, file))
            if not archive.has_room(file.tell(), cells):
                return True
            await asyncio.to_thread(archive.add, cast(BinaryIO, file), name, cells)
        archive.last = row[0]
    return False


async def _fetch_answer_file(archive: Archive, fetch: Fetch, row: Row, file: BinaryIO) -> tuple[list[Value], str]:
    """Fetch an answer's file without camera data; return its row in the table and its name, which is empty if Telegram
    no longer has the file."""
    _, key, content, worker, answer, milliseconds, state, submitted_at = row
    telegram_path = await fetch(answer.split()[0], file)
    await asyncio.to_thread(remove_camera_data, file)
    file.seek(0, 2)
    usual = kind_of(archive.project.kind).file_ending
    name = (
        ""
        if telegram_path is None
        else archive.choose_name(key, archive.get_pseudonym(worker), Path(telegram_path).suffix.lower() or usual)
    )
    note = "" if name else "not given by Telegram any more"
    cells = orjson.loads(content)
    content_cells = [cells.get(column, "") for column in archive.project.columns]
    when = as_datetime(submitted_at)
    return [key, *content_cells, archive.get_pseudonym(worker), name, note, milliseconds / 1000, state, when], name


async def _iterate_answers(archive: Archive, database: Database) -> AsyncIterator[Row]:
    """Yield answers in pages: downloads hold no reading transaction open, and erasures meanwhile take effect."""
    while True:
        values = {"project": archive.project.id, "after": archive.last, "limit": ANSWERS_PER_PAGE}
        rows = [row async for row in database.rows(MEDIA, **values)]
        for row in rows:
            yield row
        if len(rows) < ANSWERS_PER_PAGE:
            return


def order_next_part(unit: UnitOfWork, project: Project, facts: dict[str, Any], after: int, part: int) -> None:
    """Order the next part once, however often the part before is made. Nothing is ordered if the reader has left the
    team since."""
    key = f"part:{project.id}:{FILES}:{facts.get('ordered', 0)}:{after}"
    reader = PersonId(facts.get("reader") or project.requester)
    if not unit.teams.is_side(project.requester, reader):
        return
    unit.outbox.tell(reader, ProjectFile(**{**facts, "after": after, "part": part}), key=key)


def _iterate_names(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in range(2, MAX_ZIP_ANSWERS + 2))


def _estimate_entry_bytes(row: list[Value]) -> int:
    """Return the bytes of a row of the table at most, plus those of a ZIP entry besides its content."""
    return ENTRY_OVERHEAD_BYTES + sum(2 * len(str(cell).encode()) + 4 for cell in row)
