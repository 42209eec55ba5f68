"""Tables for programs: tasks, submissions and results of a project in a file, whole or a page behind a cursor."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any

import orjson

from domain.answers import kind_of
from domain.moments import Moment
from domain.people.accounts import pseudonym
from domain.projects.projects import Project
from formats.result_columns import Value, tasks_columns
from formats.writing import WRITERS
from jobs import exports, refits
from jobs.exports import ExportTable, FilePart, RowStream, get_export_type
from jobs.figures import MadeFile, create_file
from services.projects import results
from services.projects.results import ResultsPage
from storage.database import Database
from storage.drivers.connection import Row
from storage.projects.results import SUBMISSIONS_AFTER, TASKS_AFTER

TASKS, SUBMISSIONS, RESULTS = "tasks", "submissions", "results"


async def create_page_file(
    database: Database, number: int, what: str, form: str, page: ResultsPage, now: Moment
) -> MadeFile:
    """Return a file on disk with a page of rows; `page` then knows its last row. The first page of results is learnt
    anew; later pages are not, because a large project takes minutes and answers come all the time."""
    project, secret = await exports.get_project(database, {"number": number}, now)
    if what == RESULTS and not page.after:
        await refits.refresh(database, project, lambda: now)
    return await _write_table(database, project, TABLES[what](database, project, secret, page), form, now)


async def create_whole_file(database: Database, number: int, what: str, form: str, now: Moment) -> MadeFile:
    """Return a file on disk with all submissions or results, in any of their formats. Unlike a file for the chat it is
    neither packed nor split, whatever its size."""
    project, secret = await exports.get_project(database, {"number": number}, now)
    if what == RESULTS:
        table = await exports.get_results_table(database, project, now, form)
    else:
        table = exports.get_submissions_table(database, project, secret, form)
    return await _write_table(database, project, table, form, now)


async def _write_table(database: Database, project: Project, table: ExportTable, form: str, now: Moment) -> MadeFile:
    """Write a table to a file and note its delivery, except that of tasks. Delete the file on failure."""
    writer, drawn = WRITERS[form], RowStream(table, asyncio.get_running_loop(), FilePart())
    path = create_file(f".{writer.extension}")
    try:
        await asyncio.to_thread(
            exports.write_file, path, writer, table, rows=drawn, answer_type=get_export_type(project, form)
        )
        if table.what != TASKS:
            await database.transact(lambda unit: unit.consents.note_delivery(project.id, table.what, form), now)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return MadeFile(path, exports.get_table_name(project, table.what, form), writer.mime)


def _get_results_table(database: Database, project: Project, _: bytes, page: ResultsPage) -> ExportTable:
    columns, scored = exports.get_result_columns(project)
    rows = partial(results.page_with_votes, database, project, page)
    return ExportTable(RESULTS, columns, rows, exports.make_result_cells(project, scored))


def _get_submissions_table(database: Database, project: Project, secret: bytes, page: ResultsPage) -> ExportTable:
    """Table of submissions; `id` is the cursor of a row: reviews and bonuses name an answer by it."""
    get_pseudonym, order_cells = (
        cache(partial(pseudonym, secret, project.requester)),
        exports.make_order_cells(project, secret),
    )

    def cells(rows: list[Row]) -> Iterable[Sequence[Value]]:
        return [
            [row[0], *exports.get_submission_cells(project, (), get_pseudonym, order_cells, row[1:])] for row in rows
        ]

    rows = partial(_iter_page, database, SUBMISSIONS_AFTER, project, page)
    return ExportTable(SUBMISSIONS, ("id", *exports.get_submission_columns(project)), rows, cells)


def _get_tasks_table(database: Database, project: Project, _: bytes, page: ResultsPage) -> ExportTable:
    """Table of tasks; `position` is the cursor of a row."""

    def cells(rows: list[Row]) -> Iterable[Sequence[Value]]:
        return [_to_task_cells(project, *row) for row in rows]

    rows = partial(_iter_page, database, TASKS_AFTER, project, page)
    return ExportTable(TASKS, tasks_columns(project.columns), rows, cells)


def _to_task_cells(
    project: Project, position: int, key: str, content: str, gold: str | None, overlap: int, state: str, received: int
) -> list[Value]:
    fields = orjson.loads(content)
    gold_cell = kind_of(project.kind).to_gold_cell(orjson.loads(gold), project.options) if gold else None
    return [position, key, *(fields.get(name, "") for name in project.columns), gold_cell, overlap, state, received]


async def _iter_page(database: Database, sql: str, project: Project, page: ResultsPage) -> AsyncIterator[list[Row]]:
    async for chunk in database.chunks(sql, project=project.id, after=page.after, limit=page.limit):
        page.note_rows(chunk)
        yield chunk


TABLES: dict[str, Callable[[Any, Project, bytes, ResultsPage], ExportTable]] = {
    TASKS: _get_tasks_table,
    SUBMISSIONS: _get_submissions_table,
    RESULTS: _get_results_table,
}
