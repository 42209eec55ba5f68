"""The door of the Mini App: its files, the task of a page, the files of a task, the answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import orjson
from aiohttp import hdrs, web

from domain.moments import Moment
from domain.projects.tasks import Medium
from domain.refusals import (
    AlreadyAnswered,
    NotAllowed,
    NotFound,
    NotYours,
    PageOutdated,
    Refusal,
    Suspended,
    TooLate,
)
from domain.shapes.document import LARGEST
from domain.work.positions import PageAnswer, PageTask
from locales.languages import language_for
from services.act import Act, House
from services.work import pages
from storage.unit import UnitOfWork
from web.api.endpoint import Pace, Problem
from web.miniapp import files, frames, media
from web.miniapp.files import (
    HEADERS,
    ROOT,
    Files,
    Visitor,
    visitor_of,
)
from web.miniapp.frames import Frames
from web.requests import give_time

MOST = LARGEST + (4 << 10)  # bytes of a request with an answer
STATUS: dict[type[Refusal], int] = {
    PageOutdated: 401,
    NotAllowed: 403,
    Suspended: 403,
    NotYours: 404,
    NotFound: 404,
    AlreadyAnswered: 409,
    TooLate: 409,
}
UNFIT = 422  # any other
AT_ONCE = 2  # readings beside the writer
LANGUAGE = web.RequestKey("language", str)  # of the person who asks
T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Pages:
    """`token` signs who opened a page; `frames` are the origins that may show pages in a frame; `worded` puts a refusal
    into a person's language; `sources` bring a task's files."""

    token: str
    frames: tuple[str, ...]
    worded: Callable[[Refusal, str], str]
    sources: media.Sources


class What(NamedTuple):
    """What a page is of: how it is shown, its files, and how its answer is taken."""

    shown: Callable[[Act, Any, Moment], PageTask]
    medium: Callable[[Act, Any, int, Moment], Medium]
    hand_in: Callable[[Act, Any, Moment, str], PageAnswer]


WHATS = {
    "task": What(pages.shown, pages.medium, pages.hand_in),
    "gold": What(pages.gold_shown, pages.gold_medium, pages.gold_drawn),
    "look": What(pages.look_shown, pages.look_medium, pages.look_answered),
    "trial": What(pages.trial_shown, pages.trial_medium, pages.trial_drawn),
}


@dataclass(frozen=True, slots=True)
class MiniApp:
    """The handlers. Each visitor has a `pace`; few readings go on at once, so that the chat never waits for pages."""

    house: House
    pages: Pages
    files: Files
    pace: Pace = field(default_factory=lambda: Pace(reading=asyncio.Semaphore(AT_ONCE)))

    def add_to(self, app: web.Application) -> None:
        at = "/{what:task|gold|look|trial}" + r"/{number:\d{1,15}}"
        app.router.add_get(ROOT + at, self.page)
        app.router.add_get(ROOT + "/page/{version}/{name}", self.file)
        app.router.add_get(ROOT + "/api" + at, self.worded(self.task))
        app.router.add_get(ROOT + "/api" + at + r"/media/{at:\d{1,2}}", self.worded(self.medium))
        app.router.add_post(ROOT + "/api" + at, self.worded(self.answer))
        Frames(self.house, self.files, self.pages.frames, self.pages.worded, self.pace).add_to(app)

    async def page(self, request: web.Request) -> web.Response:
        """The same for everybody of a language: what it shows it asks for with the visitor's initData."""
        return self.files.index(self.pages.frames, files.before(_read_in(request, self.house.default_language)))

    async def file(self, request: web.Request) -> web.Response:
        return self.files.answer(request.match_info["version"], request.match_info["name"])

    async def task(self, request: web.Request) -> web.Response:
        what, number, visitor = *_asked(request), self._visitor(request)
        found = await self._aside(request, lambda act: what.shown(act, number, visitor.opened))
        frame = frames.address_of(found.frame, self.house) if found.frame else None
        return _json({"task": found, "frame": frame, "words": files.of(found, request[LANGUAGE])})

    async def medium(self, request: web.Request) -> web.StreamResponse:
        what, number, visitor = *_asked(request), self._visitor(request)
        at = int(request.match_info["at"])
        found = await self._aside(request, lambda act: what.medium(act, number, at, visitor.opened))
        return await self.pages.sources.streamed(request, found)

    async def answer(self, request: web.Request) -> web.Response:
        what, number, visitor = *_asked(request), self._visitor(request)
        handed_in = await _body(request)

        def service(unit: UnitOfWork) -> PageAnswer:
            act = self._act(unit, request, visitor)
            unit.outbox.answers = act.person.id
            return what.hand_in(act, number, visitor.opened, handed_in)

        done = await self.house.database.transact(service, self.house.clock())
        return _json({"done": done, "said": files.said(done, request[LANGUAGE])})

    def worded(self, handler: Handler) -> Handler:
        """Refusals as a status, a code and a sentence."""

        async def handle(request: web.Request) -> web.StreamResponse:
            request[LANGUAGE] = _read_in(request, self.house.default_language)
            try:
                async with self.pace.turn(str(self._visitor(request).telegram_id)):
                    give_time(request)
                    return await handler(request)
            except Problem as often:
                return often.response
            except Refusal as refusal:
                said = self.pages.worded(refusal, request[LANGUAGE])
                return _json({"code": type(refusal).__name__, "said": said}, status_of(refusal))

        return handle

    def _visitor(self, request: web.Request) -> Visitor:
        visitor = visitor_of(request, self.pages.token, self.house.clock())
        request[LANGUAGE] = language_for(visitor.language, self.house.default_language)
        return visitor

    async def _aside(self, request: web.Request, question: Callable[[Act], T]) -> T:
        visitor = self._visitor(request)
        async with self.pace.reading:
            return await self.house.database.aside(
                lambda unit: question(self._act(unit, request, visitor)), self.house.clock()
            )

    def _act(self, unit: UnitOfWork, request: web.Request, visitor: Visitor) -> Act:
        person = unit.people.find_by_telegram_id(visitor.telegram_id)
        if person is None:
            raise NotYours()
        request[LANGUAGE] = person.language
        return Act(unit, person, self.house)


def add(app: web.Application, house: House, pages: Pages) -> None:
    MiniApp(house, pages, Files()).add_to(app)


def status_of(refusal: Refusal) -> int:
    """Of its class, or of the nearest above it that has one."""
    return next((STATUS[each] for each in type(refusal).__mro__ if each in STATUS), UNFIT)


def _read_in(request: web.Request, default: str) -> str:
    """The first language of their browser: who they are is not known yet."""
    return language_for(request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(",")[0].split(";")[0].strip(), default)


def _asked(request: web.Request) -> tuple[What, int]:
    return WHATS[request.match_info["what"]], int(request.match_info["number"])


async def _body(request: web.Request) -> str:
    """The answer, as JSON text. Raises what a browser of another page would be refused with."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > MOST:
        raise web.HTTPRequestEntityTooLarge(MOST, request.content_length or 0)
    body = await request.content.read(MOST + 1)
    while len(body) <= MOST and (more := await request.content.read(MOST + 1 - len(body))):
        body += more
    if len(body) > MOST:
        raise web.HTTPRequestEntityTooLarge(MOST, len(body))
    try:
        return orjson.dumps(orjson.loads(body)["answer"]).decode()
    except (ValueError, KeyError, TypeError):
        raise web.HTTPBadRequest from None


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json", headers=HEADERS)
