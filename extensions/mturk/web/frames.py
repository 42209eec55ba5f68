"""Sandboxed pages of requesters: their HTML in a frame without an origin, and the form that comes back.

The frame's address holds a ticket in place of a session. The page is sandboxed by its own header too, so that opening
it alone changes nothing: no cookies, no storage, none of our own pages. Its form may go to one address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TypeVar

import orjson
from aiohttp import hdrs, web

from domain.people.accounts import Person
from domain.refusals import Refusal
from extensions.mturk.domain.hits import MAX_BYTES, read_document
from extensions.mturk.formats.pages import IDS, PagePlace, put_in_place
from extensions.mturk.services import frames
from locales import translator
from services.act import Act, House
from services.work import pages
from storage.unit import UnitOfWork
from web.api.endpoint import Pace
from web.miniapp import files
from web.miniapp.files import HEADERS, ROOT, PageFiles
from web.requests import extend_deadline

T = TypeVar("T")
TICKET = ROOT + r"/hit/{ticket:[A-Z0-9]{20,64}}"
SUBMIT = "/mturk/externalSubmit"
MAX_FORM_BYTES = 256 << 10  # bytes of a form
SANDBOX = "sandbox allow-scripts allow-forms allow-popups allow-modals"
POLICY = (
    SANDBOX + "; default-src https: data: blob: 'unsafe-inline' 'unsafe-eval' {own}; connect-src https: {own}; "
    "form-action {submit}; object-src 'none'; frame-ancestors 'self' {frames}"
)
PLAIN_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self' {frames}"
SENSORS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()"


@dataclass(frozen=True, slots=True)
class Frames:
    """The handlers of requesters' pages."""

    house: House
    files: PageFiles
    origins: tuple[str, ...]
    worded: Callable[[Refusal, str], str]
    pace: Pace

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(TICKET, self.page)
        app.router.add_get(TICKET + "/browser", self.browser)
        app.router.add_get(TICKET + SUBMIT, self.submit)
        app.router.add_post(TICKET + SUBMIT, self.submit)
        app.router.add_post(TICKET + "/left", self.receive_lost_form)
        app.router.add_post(TICKET + "/storage", self.store)

    async def page(self, request: web.Request) -> web.Response:
        """Return the requester's HTML with our form and storage put in. Raise HTTPNotFound for tickets that are not
        valid."""
        ticket = request.match_info["ticket"]
        html, frame, stored, language = await self._aside(lambda unit: _read_page(unit, ticket))
        base = f"{self.house.pages}/hit/{ticket}"
        storage = "" if frame.for_admin else f"{base}/storage"
        button = translator(language or self.house.default_language).plain("Send")
        place = PagePlace(base + SUBMIT, f"{self.house.pages}/page/{self.files.version}", storage, stored, button)
        form_action = "'none'" if frame.for_admin else place.submit
        policy = POLICY.format(own=self.house.page_origin, submit=form_action, frames=" ".join(self.origins))
        return _html_response(put_in_place(html, place), policy)

    async def browser(self, request: web.Request) -> web.Response:
        """Return the page by itself, outside Telegram: in a frame of ours, so that a form for Amazon is noticed
        here, too."""
        ticket = request.match_info["ticket"]
        frame, language = await self._aside(
            lambda unit: (frames.frame_by_ticket(unit, ticket), _reader_language(unit, ticket))
        )
        frame_on_page, t = frames.describe_frame(frame, self.house), translator(language or self.house.default_language)
        values = {"src": frame_on_page.src, "walled": int(frame_on_page.walled), "left": frame_on_page.left}
        return self.files.browser(values, {"language": t.language, **files.browser_texts(t)})

    async def submit(self, request: web.Request) -> web.Response:
        """Hand in the form; return a plain page that says what came of it. The page around it checks whether the
        answer is there."""
        ticket = request.match_info["ticket"]
        worker = await self._aside(lambda unit: frames.worker_of(unit, ticket))
        extend_deadline(request)
        answer = await _read_answer(request)
        status, text = await self._hand_in(worker, lambda act: _hand_in(act, ticket, answer))
        return self._result_page(text, status)

    async def receive_lost_form(self, request: web.Request) -> web.Response:
        """Hand in an answer whose form went to Amazon's address; return as JSON the text for the worker."""
        ticket = request.match_info["ticket"]
        worker = await self._aside(lambda unit: frames.worker_of(unit, ticket))
        status, text = await self._hand_in(worker, lambda act: _hand_in_without_fields(act, ticket))
        return web.json_response({"said": text}, status=status, headers=HEADERS)

    async def store(self, request: web.Request) -> web.Response:
        """Store the page's storage document, replacing the former one. A page without an origin sends this without
        a preflight. Raise HTTPBadRequest for what is no document."""
        ticket = request.match_info["ticket"]
        await self._aside(lambda unit: frames.worker_of(unit, ticket))
        extend_deadline(request)
        try:
            document = read_document((await _read_body(request, MAX_BYTES)).decode())
        except ValueError:
            raise web.HTTPBadRequest from None
        try:
            await self.house.database.transact(lambda unit: frames.store(unit, ticket, document), self.house.clock())
        except Refusal:
            raise web.HTTPNotFound from None
        return web.Response(status=204, headers={**HEADERS, "Access-Control-Allow-Origin": "*"})

    async def _aside(self, question: Callable[[UnitOfWork], T]) -> T:
        """Return the answer to a question that only reads. Raise HTTPNotFound if it is refused."""
        try:
            async with self.pace.reading:
                return await self.house.database.aside(question, self.house.clock())
        except Refusal:
            raise web.HTTPNotFound from None

    async def _hand_in(self, worker: Person, service: Callable[[Act], object]) -> tuple[int, str]:
        """Run the service for the worker; return a status and the text for them."""

        def run(unit: UnitOfWork) -> None:
            unit.outbox.answers = worker.id
            service(Act(unit, unit.people.get(worker.id), self.house))

        try:
            await self.house.database.transact(run, self.house.clock())
        except Refusal as refusal:
            return 409, self.worded(refusal, worker.language)
        return 200, translator(worker.language).plain("Received. You can close this page.")

    def _result_page(self, text: str, status: int = 200) -> web.Response:
        body = f"<!doctype html><meta charset=utf-8><body style={STYLE}><p>{escape(text)}</p>"
        return _html_response(body, PLAIN_POLICY.format(frames=" ".join(self.origins)), status)


def _read_page(unit: UnitOfWork, ticket: str) -> tuple[str, frames.HitFrame, str, str]:
    """Return HTML, frame, stored document, and the language of its reader or ""."""
    html, frame = frames.html_of(unit, ticket), frames.frame_by_ticket(unit, ticket)
    return html, frame, frames.storage_of(unit, ticket), _reader_language(unit, ticket)


def _reader_language(unit: UnitOfWork, ticket: str) -> str:
    """Return the worker's language, or "" for an admin's ticket."""
    return "" if frames.frame_by_ticket(unit, ticket).for_admin else frames.worker_of(unit, ticket).language


def _hand_in(act: Act, ticket: str, answer: str) -> None:
    pages.hand_in(act, frames.assignment_of(act.unit, ticket), None, answer)


def _hand_in_without_fields(act: Act, ticket: str) -> None:
    frames.hand_in_without_fields(act, frames.assignment_of(act.unit, ticket))


STYLE = "'font:18px/1.4 sans-serif;text-align:center;padding:30vh 24px;color:#555'"


async def _read_answer(request: web.Request) -> str:
    """Return the form's fields as JSON text. Raise HTTPBadRequest for a body that is no form."""
    try:
        return orjson.dumps(await _read_fields(request)).decode()
    except (ValueError, TypeError, LookupError, RuntimeError):  # boundaries, encodings, surrogates
        raise web.HTTPBadRequest from None


async def _read_fields(request: web.Request) -> Mapping[str, str]:
    """Return the fields; those of the same name are joined as Mechanical Turk does, files and ids are left out. A
    form of ids alone is an answer without fields. Raise HTTPBadRequest for an empty form,
    HTTPRequestEntityTooLarge."""
    if (request.content_length or 0) > MAX_FORM_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_FORM_BYTES, request.content_length or 0)
    form = request.query if request.method == hdrs.METH_GET else await request.post()
    if not form:
        raise web.HTTPBadRequest
    fields: dict[str, str] = {}
    for name, value in form.items():
        if isinstance(value, str) and name not in IDS:
            fields[name] = f"{fields[name]}|{value}" if name in fields else value
    return fields


async def _read_body(request: web.Request, max_bytes: int) -> bytes:
    """Return the body. Raise HTTPRequestEntityTooLarge if it is larger than `max_bytes`."""
    body = b""
    async for part in request.content.iter_any():
        body += part
        if len(body) > max_bytes:
            raise web.HTTPRequestEntityTooLarge(max_bytes, len(body))
    return body


def _html_response(body: str, policy: str, status: int = 200) -> web.Response:
    headers = {
        **HEADERS,
        "Content-Security-Policy": policy,
        "Permissions-Policy": SENSORS,
    }
    return web.Response(body=body.encode(), status=status, content_type="text/html", charset="utf-8", headers=headers)
