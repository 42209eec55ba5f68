"""The requester's table of tasks: pages of it, a task with its answers and files, and what can be done with both."""

from typing import TYPE_CHECKING, Annotated

import orjson
from aiohttp import web
from pydantic import BeforeValidator, Field

from domain.people.teams import Right
from domain.projects.projects import ProjectId
from domain.projects.task_table import (
    MAX_CHOSEN_TASKS,
    MAX_FILTER_CHARS,
    MAX_ROWS,
    ManyDone,
    TaskFilter,
    TaskQuery,
    TaskSort,
)
from domain.projects.tasks import Medium
from jobs import task_table as task_pages
from jobs.task_table import TaskPage
from services.act import Act
from services.fairness import review
from services.projects import pay_raises, task_table
from services.quality import gold
from web.api import bodies
from web.api.endpoint import DIGITS, Body
from web.dashboard.endpoint import Endpoint
from web.miniapp.door import LANGUAGE
from web.miniapp.files import HEADERS

if TYPE_CHECKING:
    from web.dashboard.door import Dashboard

Number = Annotated[int, Field(ge=0, lt=2**53)]
Words = Annotated[str, Field(max_length=MAX_FILTER_CHARS)]


def _split(value: object) -> object:
    return [part for part in value.split(",") if part] if isinstance(value, str) else value


class PageQuery(Body):
    """See TaskQuery; `only` separates filters by commas."""

    sort: TaskSort = TaskSort.POSITION
    descending: bool = False
    only: Annotated[tuple[TaskFilter, ...], Field(max_length=len(TaskFilter)), BeforeValidator(_split)] = ()
    answer: Words = ""
    text: Words = ""
    after: Annotated[Number, DIGITS] | None = None
    value: Annotated[float, Field(ge=-1, le=2**53, allow_inf_nan=False)] = 0.0
    limit: Annotated[int, Field(ge=1, le=MAX_ROWS), DIGITS] = MAX_ROWS


class ChosenTask(Body):
    """A task with the overlap that its row showed."""

    task: Number
    overlap: Annotated[int, Field(ge=1, lt=2**31)]


class MoreAnswers(Body):
    tasks: Annotated[tuple[ChosenTask, ...], Field(min_length=1, max_length=MAX_CHOSEN_TASKS)]
    extra: Annotated[int, Field(ge=1, le=max(pay_raises.STEPS))]


class ChosenTasks(Body):
    tasks: Annotated[tuple[Number, ...], Field(min_length=1, max_length=MAX_CHOSEN_TASKS)]


class ChosenAnswers(ChosenTasks):
    """The answers to these tasks, up to submission `last`."""

    last: Number


class ChosenRejections(ChosenAnswers, bodies.Rejection):
    pass


def list_tasks(act: Act, number: ProjectId, **fields: object) -> TaskPage:
    return task_pages.read_task_page(act, number, TaskQuery(**fields))  # type: ignore[arg-type]  # PageQuery has its fields


def count_tasks(act: Act, number: ProjectId, **fields: object) -> int:
    return task_pages.count_tasks(act, number, TaskQuery(**fields))  # type: ignore[arg-type]  # the same


def ask_for_more(act: Act, number: ProjectId, tasks: tuple[ChosenTask, ...], extra: int) -> object:
    return task_table.ask_for_more_of(act, number, [(chosen.task, chosen.overlap) for chosen in tasks], extra)


async def send_outcome(dashboard: "Dashboard", request: web.Request, outcome: ManyDone) -> web.StreamResponse:
    """Send how many were done, and in the person's language why others were not."""
    said = dashboard.pages.worded(outcome.refusal, request[LANGUAGE]) if outcome.refusal else ""
    body = orjson.dumps({"done": outcome.done, "left": outcome.left, "said": said})
    return web.Response(body=body, content_type="application/json", headers=HEADERS)


async def send_medium(dashboard: "Dashboard", request: web.Request, medium: Medium) -> web.StreamResponse:
    """Stream a file of a task, or one that was sent as an answer."""
    return await dashboard.pages.sources.stream(request, medium)


ENDPOINTS = (
    Endpoint("GET", "/projects/{number}/tasks", list_tasks, query=PageQuery),
    Endpoint("GET", "/projects/{number}/tasks/count", count_tasks, query=PageQuery),
    Endpoint("POST", "/projects/{number}/more", ask_for_more, right=Right.SPEND, body=MoreAnswers),
    Endpoint("POST", "/projects/{number}/gold", gold.make_by_name, right=Right.SPEND, body=bodies.Gold),
    Endpoint(
        "POST",
        "/projects/{number}/gold/chosen",
        task_table.make_gold_of,
        right=Right.SPEND,
        body=ChosenTasks,
        answer=send_outcome,
    ),
    Endpoint(
        "POST",
        "/projects/{number}/accept",
        task_table.accept_answers_of,
        stays=True,
        body=ChosenAnswers,
        answer=send_outcome,
    ),
    Endpoint(
        "POST",
        "/projects/{number}/reject",
        task_table.reject_answers_of,
        right=Right.SPEND,
        body=ChosenRejections,
        answer=send_outcome,
    ),
    Endpoint("GET", "/tasks/{task}", task_table.open_task),
    Endpoint("GET", "/tasks/{task}/media/{place}", task_table.get_task_medium, answer=send_medium),
    Endpoint("GET", "/submissions/{submission}/file", task_table.get_answer_medium, answer=send_medium),
    Endpoint("POST", "/submissions/{submission}/accept", review.accept_answer, stays=True),
    Endpoint(
        "POST", "/submissions/{submission}/reject", review.reject_answer, right=Right.SPEND, body=bodies.Rejection
    ),
)
