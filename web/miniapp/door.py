"""HTTP handlers of the Mini App: its files, the task of a page, the files of a task, the answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import orjson
from aiohttp import hdrs, web

from domain.moments import Moment
from domain.projects.tasks import Medium
from domain.refusals import AlreadyAnswered, NotAllowed, NotFound, NotYours, PageOutdated, Refusal, Suspended, TooLate
from domain.shapes.document import LARGEST
from domain.work.positions import PageAnswer, PageTask
from locales.languages import language_for
from services.act import Act, House
from services.work import pages
from storage.unit import UnitOfWork
from web.api.endpoint import Pace, Problem
from web.miniapp import files, media
from web.miniapp.files import HEADERS, ROOT, PageFiles, Visitor, require_visitor
from web.requests import extend_deadline

MAX_REQUEST_BYTES = LARGEST + (4 << 10)  # bytes of a request with an answer
STATUS_BY_REFUSAL: dict[type[Refusal], int] = {
    PageOutdated: 401,
    NotAllowed: 403,
    Suspended: 403,
    NotYours: 404,
    NotFound: 404,
    AlreadyAnswered: 409,
    TooLate: 409,
}
OTHER_REFUSAL_STATUS = 422  # any other
CONCURRENT_READINGS = 2  # readings beside the writer
LANGUAGE = web.RequestKey("language", str)  # of the person who asks
T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Pages:
    """Parts that the pages need: `token`, or one of `more_tokens`, verifies who opened a page; `frames` are the
    origins that may show pages in a frame; `worded` puts a refusal into a person's language; `sources` fetch a
    task's files."""

    token: str
    frames: tuple[str, ...]
    worded: Callable[[Refusal, str], str]
    sources: media.Sources
    more_tokens: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens of all bots."""
        return (self.token, *self.more_tokens)


class PageKind(NamedTuple):
    """A kind of page: how its task is read, how its files are, and how its answer is handed in."""

    get_task: Callable[[Act, Any, Moment], PageTask]
    medium: Callable[[Act, Any, int, Moment], Medium]
    hand_in: Callable[[Act, Any, Moment, str], PageAnswer]


PAGE_KINDS = {
    "task": PageKind(pages.show_page, pages.get_task_medium, pages.hand_in),
    "gold": PageKind(pages.show_gold, pages.get_gold_medium, pages.take_gold_answer),
    "look": PageKind(pages.show_first_look, pages.refuse_look_medium, pages.refuse_look_answer),
    "trial": PageKind(pages.show_trial, pages.get_trial_medium, pages.take_trial_answer),
}


@dataclass(frozen=True, slots=True)
class MiniApp:
    """The handlers. Each visitor has a `pace`; few readings go on at once, so that the chat never waits for pages."""

    house: House
    pages: Pages
    files: PageFiles
    pace: Pace = field(default_factory=lambda: Pace(reading=asyncio.Semaphore(CONCURRENT_READINGS)))

    def add_to(self, app: web.Application) -> None:
        path = "/{what:task|gold|look|trial}" + r"/{number:\d{1,15}}"
        app.router.add_get(ROOT + path, self.page)
        app.router.add_get(ROOT + "/page/{version}/{name}", self.file)
        app.router.add_get(ROOT + "/api" + path, self.with_refusals(self.task))
        app.router.add_get(ROOT + "/api" + path + r"/media/{at:\d{1,2}}", self.with_refusals(self.medium))
        app.router.add_post(ROOT + "/api" + path, self.with_refusals(self.answer))

    async def page(self, request: web.Request) -> web.Response:
        """Return the page, the same for everybody of a language: it asks for its task with the visitor's initData."""
        return self.files.index(
            self.pages.frames, files.start_texts(find_browser_language(request, self.house.default_language))
        )

    async def file(self, request: web.Request) -> web.Response:
        """Return a file of the page. Raise HTTPNotFound."""
        return self.files.answer(request.match_info["version"], request.match_info["name"])

    async def task(self, request: web.Request) -> web.Response:
        """Return the page's task, its frame's address and the texts of the page."""
        kind, number, visitor = *_requested_page(request), self._visitor(request)
        task = await self._aside(request, lambda act: kind.get_task(act, number, visitor.opened))
        return _json_response({"task": task, "frame": task.frame, "words": files.page_texts(task, request[LANGUAGE])})

    async def medium(self, request: web.Request) -> web.StreamResponse:
        """Stream a file of the task."""
        kind, number, visitor = *_requested_page(request), self._visitor(request)
        position = int(request.match_info["at"])
        medium = await self._aside(request, lambda act: kind.medium(act, number, position, visitor.opened))
        return await self.pages.sources.stream(request, medium)

    async def answer(self, request: web.Request) -> web.Response:
        """Hand in the answer and return what came of it."""
        kind, number, visitor = *_requested_page(request), self._visitor(request)
        content = await _read_answer(request)

        def service(unit: UnitOfWork) -> PageAnswer:
            act = self._act(unit, request, visitor)
            unit.outbox.answers = act.person.id
            return kind.hand_in(act, number, visitor.opened, content)

        result = await self.house.database.transact(service, self.house.clock())
        return _json_response({"done": result, "said": files.result_text(result, request[LANGUAGE])})

    def with_refusals(self, handler: Handler) -> Handler:
        """Return the handler with each visitor's pace, and with refusals as a status, a code and a sentence in the
        visitor's language."""

        async def handle(request: web.Request) -> web.StreamResponse:
            request[LANGUAGE] = find_browser_language(request, self.house.default_language)
            try:
                async with self.pace.take_turn(str(self._visitor(request).telegram_id)):
                    extend_deadline(request)
                    return await handler(request)
            except Problem as problem:
                return problem.response
            except Refusal as refusal:
                text = self.pages.worded(refusal, request[LANGUAGE])
                return _json_response({"code": type(refusal).__name__, "said": text}, status_of(refusal))

        return handle

    def _visitor(self, request: web.Request) -> Visitor:
        """Return the visitor and note their language in the request. Raise PageOutdated if the initData is forged,
        too old or of no user."""
        visitor = require_visitor(request, self.pages.tokens, self.house.clock())
        request[LANGUAGE] = language_for(visitor.language, self.house.default_language)
        return visitor

    async def _aside(self, request: web.Request, question: Callable[[Act], T]) -> T:
        visitor = self._visitor(request)
        async with self.pace.reading:
            return await self.house.database.aside(
                lambda unit: question(self._act(unit, request, visitor)), self.house.clock()
            )

    def _act(self, unit: UnitOfWork, request: web.Request, visitor: Visitor) -> Act:
        """Return the visitor's act. Raise NotYours if the bot does not know them."""
        person = unit.people.find_by_telegram_id(visitor.telegram_id)
        if person is None:
            raise NotYours()
        request[LANGUAGE] = person.language
        return Act(unit, person, self.house)


MINI_APP = web.AppKey("mini app", MiniApp)


def add_mini_app(app: web.Application, house: House, pages: Pages) -> None:
    app[MINI_APP] = MiniApp(house, pages, PageFiles())
    app[MINI_APP].add_to(app)


def status_of(refusal: Refusal) -> int:
    """Return the status of the refusal's class, or of the nearest class above it that has one, else
    OTHER_REFUSAL_STATUS."""
    return next(
        (STATUS_BY_REFUSAL[cls] for cls in type(refusal).__mro__ if cls in STATUS_BY_REFUSAL), OTHER_REFUSAL_STATUS
    )


def find_browser_language(request: web.Request, default: str) -> str:
    """Return the first language of the browser, for visitors who are not known yet."""
    return language_for(request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(",")[0].split(";")[0].strip(), default)


def _requested_page(request: web.Request) -> tuple[PageKind, int]:
    return PAGE_KINDS[request.match_info["what"]], int(request.match_info["number"])


async def _read_answer(request: web.Request) -> str:
    """Return the answer as JSON text. Raise HTTP 415, 413 or 400 for another type, a body that is too large, or one
    without an answer."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > MAX_REQUEST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_REQUEST_BYTES, request.content_length or 0)
    body = await request.content.read(MAX_REQUEST_BYTES + 1)
    while len(body) <= MAX_REQUEST_BYTES and (part := await request.content.read(MAX_REQUEST_BYTES + 1 - len(body))):
        body += part
    if len(body) > MAX_REQUEST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_REQUEST_BYTES, len(body))
    try:
        return orjson.dumps(orjson.loads(body)["answer"]).decode()
    except (ValueError, KeyError, TypeError):
        raise web.HTTPBadRequest from None


def _json_response(value: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json", headers=HEADERS)
