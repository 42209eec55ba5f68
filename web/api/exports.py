"""Tables as files: written to disk, then streamed. A page's headers have the cursor of the next one."""

import asyncio
from typing import Annotated, Any
from urllib.parse import urlencode

from aiohttp import hdrs, web
from pydantic import AfterValidator, Field

from domain.answers import kind_of
from domain.projects.projects import Project
from domain.refusals import BadInput
from domain.work.positions import find_label_columns
from formats.writing import PAGED, WRITERS, formats_of
from jobs import table_pages
from jobs.figures import MadeFile
from jobs.file_makers import MAKERS
from jobs.table_pages import RESULTS, TASKS
from services.act import Act, House
from services.projects import projects
from services.projects.results import ALL, ResultsPage, list_extra_formats
from web.api.calls import ApiCall
from web.api.endpoint import DIGITS, Body, Pace


def _check_format(name: str) -> str:
    """Return the name of a format that has a writer. Raise ValueError for any other."""
    if name not in WRITERS:
        raise ValueError(f"one of {', '.join(WRITERS)}")
    return name


MAX_PAGE_ROWS = 10_000  # rows of a page
Format = Annotated[str, AfterValidator(_check_format), Field(json_schema_extra={"enum": [*WRITERS]})]
Facts = dict[str, Any]  # of a file that is made
BLOCK_BYTES = 1 << 18
NEXT_HEADER = "Pouce-Next-After"
FILE_LANGUAGE = "en"  # of files for programs that have words in them


class TableQuery(Body):
    """`after` is the cursor of the last row you have; with `limit` the answer's header Pouce-Next-After, or its Link,
    has the next one."""

    format: Format = "jsonl"
    after: Annotated[int, Field(ge=0, lt=2**53), DIGITS] = 0
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE_ROWS), DIGITS] | None = None


def require_table(act: Act, number: int, format: str, after: int, limit: int | None, *, what: str) -> Facts:
    """Return no facts. Raise NotFound if the project is not this person's, BadInput if the table does not come in this
    format, or not in pages."""
    project = projects.mine(act.unit, act.person, number)
    formats = list_formats(project, what) if what != TASKS and not (after or limit) else list(PAGED)
    if format not in (*PAGED, *formats):
        raise BadInput(what="format", value=format, expected=formats)
    return {}


def order_project_file(act: Act, number: int, *, what: str) -> Facts:
    """Return the facts of one of the project's files beside its tables. Raise NotFound if the project is not this
    person's, BadInput if it has no such file."""
    formats = list_extra_formats(projects.mine(act.unit, act.person, number))
    if what not in formats:
        raise BadInput(what="format", value=what, expected=formats)
    return {"number": number, "language": FILE_LANGUAGE}


def list_formats(project: Project, what: str) -> list[str]:
    """Return the formats in which a project's results or submissions come."""
    is_compared = find_label_columns(project) is not None
    return formats_of(kind_of(project.kind).answer_type(project.options), what == RESULTS, is_compared)


async def require_export(house: House, pace: Pace, call: ApiCall, arguments: dict[str, Any]) -> Facts:
    """Return the facts for the maker of this file, none for a table. Raise Problem or a refusal if the key's owner may
    not have it; `send_table` and `send_made_file` do not check again."""
    async with pace.reading:
        return await house.database.aside(
            lambda unit: call.endpoint.service(call.authorize(unit), **arguments), house.clock()
        )


async def send_table(
    house: House, pace: Pace, call: ApiCall, request: web.Request, number: int, query: dict[str, Any]
) -> web.StreamResponse:
    """Write a project's table to a file and stream it; the file is deleted afterwards."""
    what, format_name, page = call.endpoint.makes, query["format"], _page(query)
    async with pace.making:
        if format_name in PAGED:
            file = await table_pages.create_page_file(
                house.database, number, what, form=format_name, page=page, now=house.clock()
            )
        else:
            file = await table_pages.create_whole_file(house.database, number, what, format_name, house.clock())
    try:
        return await stream_file(request, file, _next_page_headers(request, query, page))
    finally:
        file.path.unlink(missing_ok=True)


async def send_made_file(house: House, pace: Pace, request: web.Request, what: str, facts: Facts) -> web.StreamResponse:
    """Make one of the chat's other files and stream it; it is deleted afterwards."""
    async with pace.making:
        file = await MAKERS[what](house.database, facts, house.clock())
    try:
        return await stream_file(request, file, {})
    finally:
        file.path.unlink(missing_ok=True)


def _page(query: dict[str, Any]) -> ResultsPage:
    return ResultsPage(query["after"], query["limit"] or ALL)


def _next_page_headers(request: web.Request, query: dict[str, Any], page: ResultsPage) -> dict[str, str]:
    """Return the headers that name the next page; {} for the last one."""
    if not query["limit"] or page.rows < page.limit:
        return {}
    next_query = urlencode({**request.query, "after": str(page.last)})
    return {NEXT_HEADER: str(page.last), hdrs.LINK: f'<{request.path}?{next_query}>; rel="next"'}


async def stream_file(request: web.Request, file: MadeFile, page_headers: dict[str, str]) -> web.StreamResponse:
    """Stream a file with its length, and these headers."""
    headers = {hdrs.CACHE_CONTROL: "no-store", hdrs.CONTENT_TYPE: file.mime, **page_headers}
    headers[hdrs.CONTENT_DISPOSITION] = f'attachment; filename="{file.name.encode("ascii", "ignore").decode()}"'
    response = web.StreamResponse(headers=headers)
    response.content_length = file.path.stat().st_size
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        with file.path.open("rb") as content:
            while block := await asyncio.to_thread(content.read, BLOCK_BYTES):
                await response.write(block)
    await response.write_eof()
    return response
