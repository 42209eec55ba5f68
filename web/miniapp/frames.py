"""Strangers' pages behind walls: HTML of a requester in a frame without an origin, and the form that comes back.

The frame's address holds a ticket in place of a session. The page is sandboxed by its own header too, so that opening
it alone changes nothing: no cookies, no storage, none of this house's pages. Its form may go to one address.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TypeVar
from urllib.parse import urlencode, urlsplit, urlunsplit

import orjson
from aiohttp import hdrs, web

from domain.mturk.hits import MAX_BYTES, read_document
from domain.people.accounts import Person
from domain.refusals import Refusal
from domain.work.positions import HitFrame
from formats.mturk.pages import IDS, Place, put_in_place
from formats.values import origin_of
from locales import translator
from services.act import Act, House
from services.mturk import places
from services.work import pages
from storage.unit import UnitOfWork
from web.api.endpoint import Pace
from web.miniapp import files
from web.miniapp.files import HEADERS, ROOT, Files
from web.requests import give_time

T = TypeVar("T")
TICKET = ROOT + r"/hit/{ticket:[A-Z0-9]{20,64}}"
SUBMIT = "/mturk/externalSubmit"
MOST = 256 << 10  # bytes of a form
SANDBOX = "sandbox allow-scripts allow-forms allow-popups allow-modals"
POLICY = (
    SANDBOX + "; default-src https: data: blob: 'unsafe-inline' 'unsafe-eval' {own}; connect-src https: {own}; "
    "form-action {submit}; object-src 'none'; frame-ancestors 'self' {frames}"
)
PLAIN = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self' {frames}"
SENSORS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()"


def address_of(frame: HitFrame, house: House) -> dict[str, object]:
    """What the worker's page shows: `walled` where the frame has no origin of its own. `browser` is the address of a
    page of ours with the same frame, for clients in which frames could call the app; `left` takes an answer whose form
    went to Amazon, where the page is on a server of its requester's."""
    base = f"{house.pages}/hit/{frame.ticket}"
    asked = {"assignmentId": frame.assignment_id, "hitId": frame.hit_id, "workerId": frame.worker_id}
    query = urlencode({**{name: value for name, value in asked.items() if value}, "turkSubmitTo": base})
    more = {"browser": f"{base}/browser", "left": f"{base}/left" if frame.url and not frame.for_admin else ""}
    own = {"src": f"{base}?{query}", "walled": True, "preview": frame.for_admin, **more}
    if not frame.url:
        return own
    try:
        walled = origin_of(frame.url) == origin_of(house.page_origin)
    except ValueError:  # from before such addresses were refused
        return own
    parts = urlsplit(frame.url)
    src = urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, query)))))
    return {**own, "src": src, "walled": walled}


@dataclass(frozen=True, slots=True)
class Frames:
    house: House
    files: Files
    frames: tuple[str, ...]
    worded: Callable[[Refusal, str], str]
    pace: Pace

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(TICKET, self.page)
        app.router.add_get(TICKET + "/browser", self.browser)
        app.router.add_get(TICKET + SUBMIT, self.submit)
        app.router.add_post(TICKET + SUBMIT, self.submit)
        app.router.add_post(TICKET + "/left", self.left)
        app.router.add_post(TICKET + "/storage", self.store)

    async def page(self, request: web.Request) -> web.Response:
        ticket = request.match_info["ticket"]
        html, frame, stored, language = await self._aside(lambda unit: _page_of(unit, ticket))
        base = f"{self.house.pages}/hit/{ticket}"
        storage = "" if frame.for_admin else f"{base}/storage"
        button = translator(language or self.house.default_language).plain("Send")
        place = Place(base + SUBMIT, f"{self.house.pages}/page/{self.files.version}", storage, stored, button)
        form_action = "'none'" if frame.for_admin else place.submit
        policy = POLICY.format(own=self.house.page_origin, submit=form_action, frames=" ".join(self.frames))
        return _html(put_in_place(html, place), policy)

    async def browser(self, request: web.Request) -> web.Response:
        """The page by itself, outside Telegram: in a frame of ours, so that a form for Amazon is noticed here, too."""
        ticket = request.match_info["ticket"]
        frame, language = await self._aside(lambda unit: (places.frame_by_ticket(unit, ticket), _reader(unit, ticket)))
        shown, t = address_of(frame, self.house), translator(language or self.house.default_language)
        about = {"src": shown["src"], "walled": int(bool(shown["walled"])), "left": shown["left"]}
        return self.files.browser(about, {"language": t.language, **files.in_browser(t)})

    async def submit(self, request: web.Request) -> web.Response:
        """Says in a plain page what came of it; the page around looks whether the answer is there."""
        ticket = request.match_info["ticket"]
        worker = await self._aside(lambda unit: places.worker_of(unit, ticket))
        give_time(request)
        answer = await _answer(request)
        status, said = await self._hand_in(worker, lambda act: _hand_in(act, ticket, answer))
        return self._said(said, status)

    async def left(self, request: web.Request) -> web.Response:
        """The form went to Amazon's address. Answers in JSON: what is said to the worker."""
        ticket = request.match_info["ticket"]
        worker = await self._aside(lambda unit: places.worker_of(unit, ticket))
        status, said = await self._hand_in(worker, lambda act: _hand_in_without_fields(act, ticket))
        return web.json_response({"said": said}, status=status, headers=HEADERS)

    async def store(self, request: web.Request) -> web.Response:
        """What the page stores from now on, all of it. Its origin is none, so its request has no preflight."""
        ticket = request.match_info["ticket"]
        await self._aside(lambda unit: places.worker_of(unit, ticket))
        give_time(request)
        try:
            document = read_document((await _body_of(request, MAX_BYTES)).decode())
        except ValueError:
            raise web.HTTPBadRequest from None
        try:
            await self.house.database.transact(lambda unit: places.store(unit, ticket, document), self.house.clock())
        except Refusal:
            raise web.HTTPNotFound from None
        return web.Response(status=204, headers={**HEADERS, "Access-Control-Allow-Origin": "*"})

    async def _aside(self, question: Callable[[UnitOfWork], T]) -> T:
        try:
            async with self.pace.reading:
                return await self.house.database.aside(question, self.house.clock())
        except Refusal:
            raise web.HTTPNotFound from None

    async def _hand_in(self, worker: Person, service: Callable[[Act], object]) -> tuple[int, str]:
        """Run the service for the worker; return a status and what is said to them."""

        def run(unit: UnitOfWork) -> None:
            unit.outbox.answers = worker.id
            service(Act(unit, unit.people.get(worker.id), self.house))

        try:
            await self.house.database.transact(run, self.house.clock())
        except Refusal as refusal:
            return 409, self.worded(refusal, worker.language)
        return 200, translator(worker.language).plain("Received. You can close this page.")

    def _said(self, said: str, status: int = 200) -> web.Response:
        body = f"<!doctype html><meta charset=utf-8><body style={STYLE}><p>{escape(said)}</p>"
        return _html(body, PLAIN.format(frames=" ".join(self.frames)), status)


def _page_of(unit: UnitOfWork, ticket: str) -> tuple[str, HitFrame, str, str]:
    """HTML, frame, stored document, and the language of its reader or "" """
    html, frame = places.html_of(unit, ticket), places.frame_by_ticket(unit, ticket)
    return html, frame, places.storage_of(unit, ticket), _reader(unit, ticket)


def _reader(unit: UnitOfWork, ticket: str) -> str:
    """The worker's language, or "" for an admin's ticket."""
    return "" if places.frame_by_ticket(unit, ticket).for_admin else places.worker_of(unit, ticket).language


def _hand_in(act: Act, ticket: str, answer: str) -> None:
    pages.hand_in(act, places.assignment_of(act.unit, ticket), None, answer)


def _hand_in_without_fields(act: Act, ticket: str) -> None:
    pages.hand_in_without_fields(act, places.assignment_of(act.unit, ticket))


STYLE = "'font:18px/1.4 sans-serif;text-align:center;padding:30vh 24px;color:#555'"


async def _answer(request: web.Request) -> str:
    """Its fields as JSON text. A body that is no form is what was sent, not a failure here."""
    try:
        return orjson.dumps(await _fields(request)).decode()
    except (ValueError, TypeError, LookupError, RuntimeError):  # boundaries, encodings, surrogates
        raise web.HTTPBadRequest from None


async def _fields(request: web.Request) -> Mapping[str, str]:
    """Fields of the same name are joined as Mechanical Turk does; files and ids are left out. A form of ids alone is an
    answer without fields; one of nothing is refused."""
    if (request.content_length or 0) > MOST:
        raise web.HTTPRequestEntityTooLarge(MOST, request.content_length or 0)
    sent = request.query if request.method == hdrs.METH_GET else await request.post()
    if not sent:
        raise web.HTTPBadRequest
    found: dict[str, str] = {}
    for name, value in sent.items():
        if isinstance(value, str) and name not in IDS:
            found[name] = f"{found[name]}|{value}" if name in found else value
    return found


async def _body_of(request: web.Request, most: int) -> bytes:
    """Raises what a larger one is refused with."""
    body = b""
    async for part in request.content.iter_any():
        body += part
        if len(body) > most:
            raise web.HTTPRequestEntityTooLarge(most, len(body))
    return body


def _html(body: str, policy: str, status: int = 200) -> web.Response:
    headers = {
        **HEADERS,
        "Content-Security-Policy": policy,
        "Permissions-Policy": SENSORS,
    }
    return web.Response(body=body.encode(), status=status, content_type="text/html", charset="utf-8", headers=headers)
