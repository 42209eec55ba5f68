"""HTTP handlers of the dashboard: its page and files, sessions of browsers, and the endpoints of its pages."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

import orjson
from aiohttp import hdrs, web
from pydantic import ValidationError

from domain.moments import SECOND
from domain.people.accounts import hash_key
from domain.people.web_sessions import SESSION_LIFETIME
from domain.refusals import PageOutdated, Refusal
from locales.languages import language_for
from services.act import Act, House
from services.people import web_sessions
from storage.unit import UnitOfWork
from web.api import endpoint as api
from web.api.calls import to_json
from web.api.endpoint import Pace, Problem
from web.dashboard.cards import Cards, list_endpoints
from web.dashboard.endpoint import API_ROOT, ROOT, Endpoint, find_endpoints
from web.dashboard.events import Events
from web.dashboard.texts import page_words
from web.miniapp.door import CONCURRENT_READINGS, LANGUAGE, Handler, Pages, find_browser_language, status_of
from web.miniapp.files import HEADERS, PageFiles, require_visitor
from web.requests import extend_deadline

COOKIE = "pouce_dashboard"
REQUESTS_PER_SECOND, BURST = 20.0, 100.0  # of a person
MAX_BODY_BYTES = 64 << 10
SHARED_FILES = ("telegram.js",)  # of the Mini App


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as far as the request says: a Telegram id that Telegram signed, or the token of a session, which is
    looked up in the transaction that answers. `name` is of their pace."""

    name: str = ""
    telegram_id: int = 0
    session: str = ""


STRANGER = Caller()
CALLER = web.RequestKey("caller", Caller)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The handlers. Each person has a `pace`; few readings go on at once, so that the chat never waits for pages."""

    house: House
    pages: Pages
    files: PageFiles
    endpoints: tuple[Endpoint, ...]
    pace: Pace = field(default_factory=lambda: _make_pace())
    events: Events = field(default_factory=Events)

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(ROOT + "/page/{version}/{name}", self.file)
        app.router.add_post(API_ROOT + "/session", self.with_refusals(self.open_session))
        app.router.add_delete(API_ROOT + "/session", self.with_refusals(self.close_session))
        app.router.add_get(API_ROOT + "/words", self.words)
        app.router.add_get(
            API_ROOT + r"/projects/{number:\d{1,15}}/events", self.with_refusals(self.send_events, lasts=True)
        )
        app.router.add_route("*", API_ROOT + "/{rest:.*}", self.with_refusals(self.answer))
        app.router.add_get(ROOT + "{rest:(/.*)?}", self.page)
        app.on_shutdown.append(self.events.end)

    async def page(self, request: web.Request) -> web.Response:
        """Return the page, the same for everybody: it asks for what it shows with initData or a session."""
        language = find_browser_language(request, self.house.default_language)
        return self.files.index(self.pages.frames, {"language": language, "root": ROOT})

    async def file(self, request: web.Request) -> web.Response:
        """Return a file of the page. Raise HTTPNotFound."""
        accepts_gzip = "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "")
        return self.files.answer(request.match_info["version"], request.match_info["name"], accepts_gzip)

    async def words(self, request: web.Request) -> web.Response:
        """Return the texts of the page in the language of the browser, or in the one that it asks for."""
        asked = request.query.get("language", "")[:8]
        language = language_for(asked, find_browser_language(request, self.house.default_language))
        return json_response(page_words(language))

    async def open_session(self, request: web.Request) -> web.Response:
        """Use up the link of `/web` and set a cookie. Raise LinkOutdated."""
        link_token = (await read_body(request)).get("token")
        if not isinstance(link_token, str):
            raise web.HTTPBadRequest
        token = await self.house.database.transact(
            lambda unit: web_sessions.open_session(unit, link_token), self.house.clock()
        )
        response = json_response({})
        response.set_cookie(
            COOKIE,
            token,
            max_age=SESSION_LIFETIME // SECOND,
            path=ROOT,
            secure=True,
            httponly=True,
            samesite="Strict",
        )
        return response

    async def close_session(self, request: web.Request) -> web.Response:
        """Sign this browser, and all others of the person, out."""
        await self._transact(request, lambda act: web_sessions.end_sessions(act, web_sessions.END))
        response = json_response({})
        response.del_cookie(COOKIE, path=ROOT, secure=True, httponly=True, samesite="Strict")
        return response

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer the endpoint of this address. Raise Problem, HTTPUnsupportedMediaType, and the service's refusals."""
        endpoint, arguments = self._find_endpoint(request)
        if endpoint.query is not None:
            arguments |= endpoint.query.model_validate(dict(request.query)).fields()
        if endpoint.body is not None:
            arguments |= endpoint.body.model_validate(await read_body(request)).fields()
        elif endpoint.writes:
            await read_body(request)
        run = partial(endpoint.run, arguments=arguments)
        result = await (self._transact(request, run) if endpoint.writes else self.look(request, run))
        extend_deadline(request)
        if endpoint.answer is not None:
            response: web.StreamResponse = await endpoint.answer(self, request, result)
            return response
        return web.Response(body=to_json(result), content_type="application/json", headers=HEADERS)

    async def send_events(self, request: web.Request) -> web.StreamResponse:
        """Stream an event whenever the project has changed."""
        number, caller = int(request.match_info["number"]), request[CALLER].name
        return await self.events.stream(request, caller, number, partial(self.look, request))

    def _find_endpoint(self, request: web.Request) -> tuple[Endpoint, dict[str, Any]]:
        """Return the endpoint and the numbers of its address. Raise Problem 404 or 405."""
        matches = [(each, match) for each in self.endpoints if (match := each.pattern.fullmatch(request.path))]
        if not matches:
            raise Problem(404, "not_found", "There is nothing at this address.")
        for endpoint, match in matches:
            if endpoint.method == request.method:
                return endpoint, {name: int(digits) for name, digits in match.groupdict().items()}
        raise Problem(405, "method_not_allowed", "This address is asked otherwise.")

    def with_refusals(self, handler: Handler, lasts: bool = False) -> Handler:
        """Return the handler with each person's pace, and with refusals as a status, a code and a sentence in the
        person's language. One that `lasts` leaves its turn to others when it begins."""

        async def handle(request: web.Request) -> web.StreamResponse:
            request[LANGUAGE] = find_browser_language(request, self.house.default_language)
            try:
                request[CALLER] = self._find_caller(request)
                if request[CALLER] is STRANGER and handler != self.open_session:
                    raise PageOutdated()
                async with self.pace.take_turn(request[CALLER].name):
                    if not lasts:
                        return await handler(request)
                return await handler(request)
            except Problem as problem:
                return problem.response
            except ValidationError as error:
                return api.malformed(error).response
            except Refusal as refusal:
                said = self.pages.worded(refusal, request[LANGUAGE])
                return json_response({"code": type(refusal).__name__, "said": said}, status_of(refusal))

        return handle

    def _find_caller(self, request: web.Request) -> Caller:
        """Return who asks: by the initData of a page in Telegram, else by the session's cookie. Raise PageOutdated for
        initData that is not valid."""
        if hdrs.AUTHORIZATION in request.headers:
            visitor = require_visitor(request, self.pages.tokens, self.house.clock())
            request[LANGUAGE] = language_for(visitor.language, self.house.default_language)
            return Caller(str(visitor.telegram_id), telegram_id=visitor.telegram_id)
        token = request.cookies.get(COOKIE, "")
        return Caller(hash_key(token), session=token) if token else STRANGER

    async def look(self, request: web.Request, question: Callable[[Act], Any]) -> Any:
        """Return the answer of a question that only reads, beside the writer."""
        async with self.pace.reading:
            return await self.house.database.aside(lambda unit: question(self._act(unit, request)), self.house.clock())

    async def _transact(self, request: web.Request, service: Callable[[Act], object]) -> object:
        return await self.house.database.transact(lambda unit: service(self._act(unit, request)), self.house.clock())

    def _act(self, unit: UnitOfWork, request: web.Request) -> Act:
        """Return the act of the person as they are now. Raise PageOutdated if the bot does not know them, or the
        session has ended."""
        caller = request[CALLER]
        person = (
            web_sessions.find_session_person(unit, caller.session)
            if caller.session
            else unit.people.find_by_telegram_id(caller.telegram_id)
        )
        if person is None:
            raise PageOutdated()
        request[LANGUAGE] = person.language
        return Act(unit, person, self.house, None, f"web:{person.id}:{uuid4().hex}")


def _make_pace() -> Pace:
    """Return the pace of persons: a page asks for several things at once."""
    return Pace(per_second=REQUESTS_PER_SECOND, burst=BURST, reading=asyncio.Semaphore(CONCURRENT_READINGS))


DASHBOARD = web.AppKey("dashboard", Dashboard)


def add_dashboard(app: web.Application, house: House, pages: Pages, cards: Cards | None) -> None:
    """Add the dashboard's routes; without the chat's `cards` there is no queue for admins."""
    files = PageFiles("web.dashboard", SHARED_FILES)
    app[DASHBOARD] = Dashboard(house, pages, files, (*find_endpoints(), *(list_endpoints(cards) if cards else ())))
    app[DASHBOARD].add_to(app)


async def read_body(request: web.Request) -> dict[str, Any]:
    """Return a JSON object. Raise HTTPUnsupportedMediaType, HTTPRequestEntityTooLarge or HTTPBadRequest. A form of
    another site cannot send this type, so that no other page acts with the cookie."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    content = await request.read()
    if len(content) > MAX_BODY_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, len(content))
    try:
        body = orjson.loads(content or b"{}")
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest
    return body


def json_response(value: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json", headers=HEADERS)
