"""The requester's money: funds by project, movements, costs by month; and the files of a project."""

from typing import TYPE_CHECKING, Annotated

from aiohttp import web
from pydantic import Field

from domain.projects.projects import ProjectId
from formats.writing import FIGURES, WRITERS
from jobs import figures, table_pages
from jobs.table_pages import RESULTS, SUBMISSIONS
from services.act import Act
from services.money import funds, statements
from services.projects import progress, projects, results
from web.api import exports
from web.api.bodies import MonthQuery
from web.api.endpoint import Body
from web.dashboard.endpoint import Endpoint

if TYPE_CHECKING:
    from web.dashboard.door import Dashboard


IN_CHAT = "chat"


class FileQuery(Body):
    format: Annotated[str, Field(max_length=20)] = "csv"


def list_files(act: Act, number: ProjectId) -> dict[str, list[str]]:
    """Return the formats in which a project's results and submissions come, and of files that come in the chat."""
    project = projects.mine(act.unit, act.person, number)
    names = {what: exports.list_formats(project, what) for what in (RESULTS, SUBMISSIONS)}
    extra_formats = results.list_extra_formats(project)
    in_chat = [name for name in extra_formats if name != FIGURES]
    return {**names, **({FIGURES: [FIGURES]} if FIGURES in extra_formats else {}), IN_CHAT: in_chat}


def order_in_chat(act: Act, number: ProjectId, format: str) -> dict[str, str]:
    """Order a file that comes in the chat, as `/results N FORMAT` does."""
    order = results.order_file(act, number, RESULTS, format)
    act.unit.outbox.tell(act.chat.id, order)
    return {"format": order.format}


def order_results(act: Act, number: ProjectId, format: str) -> tuple[int, str, str]:
    return _order_file(act, number, RESULTS, format)


def order_submissions(act: Act, number: ProjectId, format: str) -> tuple[int, str, str]:
    return _order_file(act, number, SUBMISSIONS, format)


def order_figures(act: Act, number: ProjectId) -> tuple[int, str, str]:
    return projects.mine(act.unit, act.person, number).id, FIGURES, FIGURES


def _order_file(act: Act, number: ProjectId, what: str, name: str) -> tuple[int, str, str]:
    """Return the project, the table and its format. Raise NotFound and BadInput as the API does."""
    exports.require_table(act, number, name, after=0, limit=None, what=what)
    return number, what, name


async def send_file(dashboard: "Dashboard", request: web.Request, ordered: tuple[int, str, str]) -> web.StreamResponse:
    """Make the file and stream it; it is deleted afterwards."""
    (number, what, name), house = ordered, dashboard.house
    async with dashboard.pace.making:
        if name in WRITERS:
            file = await table_pages.create_whole_file(house.database, number, what, name, house.clock())
        else:
            file = await figures.make_figures_file(house.database, {"number": number}, house.clock())
    try:
        return await exports.stream_file(request, file, {})
    finally:
        file.path.unlink(missing_ok=True)


ENDPOINTS = (
    Endpoint("GET", "/funds", funds.read_funds),
    Endpoint("GET", "/ledger", progress.list_ledger_lines),
    Endpoint("GET", "/costs", statements.list_costs, query=MonthQuery),
    Endpoint("GET", "/projects/{number}/funds", funds.read_project_funds),
    Endpoint("GET", "/projects/{number}/ledger", progress.list_project_lines),
    Endpoint("GET", "/projects/{number}/files", list_files),
    Endpoint("GET", "/projects/{number}/files/results", order_results, query=FileQuery, answer=send_file),
    Endpoint("GET", "/projects/{number}/files/submissions", order_submissions, query=FileQuery, answer=send_file),
    Endpoint("POST", "/projects/{number}/files/chat", order_in_chat, body=FileQuery),
    Endpoint("GET", "/projects/{number}/files/figures", order_figures, answer=send_file),
)
