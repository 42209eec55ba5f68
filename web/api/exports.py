"""Tables as files: made on disk, then streamed. A page tells the cursor of the next one."""

import asyncio
from typing import Annotated, Any
from urllib.parse import urlencode

from aiohttp import hdrs, web
from pydantic import AfterValidator, Field

from domain.answers import kind_of
from domain.refusals import BadInput
from domain.work.positions import columns_of
from formats.writing import PAGED, WRITERS, formats_of
from jobs.made_files import MadeFile
from jobs.programs import table_pages
from jobs.programs.table_pages import RESULTS, TASKS
from services.act import Act, House
from services.projects import ownership
from services.projects.votes import ALL, Page
from web.api.calls import Call
from web.api.endpoint import DIGITS, Body
from web.api.pace import Pace


def _check_format(name: str) -> str:
    """Returns the name of a format that has a writer. Raises ValueError for any other."""
    if name not in WRITERS:
        raise ValueError(f"one of {', '.join(WRITERS)}")
    return name


MOST = 10_000  # rows of a page
Format = Annotated[str, AfterValidator(_check_format), Field(json_schema_extra={"enum": [*WRITERS]})]
BLOCK = 1 << 18
NEXT = "Pouce-Next-After"


class TableQuery(Body):
    """`after` is the cursor of the last row you have; with `limit` the answer's header Pouce-Next-After, or its Link,
    has the next one."""

    format: Format = "jsonl"
    after: Annotated[int, Field(ge=0, lt=2**53), DIGITS] = 0
    limit: Annotated[int, Field(ge=1, le=MOST), DIGITS] | None = None


def ordered(act: Act, number: int, what: str, form: str, paged: bool) -> None:
    """Checks whose project it is, and whether this table comes in this format."""
    project = ownership.mine(act.unit, act.person, number)
    compared = columns_of(project) is not None
    taken = formats_of(kind_of(project.kind).answer_type(project.options), what == RESULTS, compared)
    taken = taken if what != TASKS and not paged else list(PAGED)
    if form not in (*PAGED, *taken):
        raise BadInput(what="format", value=form, expected=taken)


async def check(house: House, pace: Pace, call: Call, numbers: dict[str, int], query: dict[str, Any]) -> None:
    """Raises Problem and refusals: what `sent` does not ask again."""
    what, number = str(call.endpoint.service()), numbers["number"]
    paged = bool(query["after"] or query["limit"])
    async with pace.reading:
        await house.database.aside(
            lambda unit: ordered(call.admitted(unit), number, what, query["format"], paged), house.clock()
        )


async def sent(
    house: House, pace: Pace, call: Call, request: web.Request, numbers: dict[str, int], query: dict[str, Any]
) -> web.StreamResponse:
    what, form, page = str(call.endpoint.service()), query["format"], _page(query)
    number = numbers["number"]
    async with pace.making:
        if form in PAGED:
            file = await table_pages.made(house.database, number, what, form, page, house.clock())
        else:
            file = await table_pages.whole(house.database, number, what, form, house.clock())
    try:
        return await _streamed(request, file, _more(request, query, page))
    finally:
        file.path.unlink(missing_ok=True)


def _page(query: dict[str, Any]) -> Page:
    return Page(query["after"], query["limit"] or ALL)


def _more(request: web.Request, query: dict[str, Any], page: Page) -> dict[str, str]:
    """Where the next page is; nothing behind the last one."""
    if not query["limit"] or page.rows < page.limit:
        return {}
    told = urlencode({**request.query, "after": str(page.last)})
    return {NEXT: str(page.last), hdrs.LINK: f'<{request.path}?{told}>; rel="next"'}


async def _streamed(request: web.Request, file: MadeFile, more: dict[str, str]) -> web.StreamResponse:
    headers = {hdrs.CACHE_CONTROL: "no-store", hdrs.CONTENT_TYPE: file.mime, **more}
    headers[hdrs.CONTENT_DISPOSITION] = f'attachment; filename="{file.name.encode("ascii", "ignore").decode()}"'
    response = web.StreamResponse(headers=headers)
    response.content_length = file.path.stat().st_size
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        with file.path.open("rb") as made:
            while block := await asyncio.to_thread(made.read, BLOCK):
                await response.write(block)
    await response.write_eof()
    return response
