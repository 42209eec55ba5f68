"""Strangers' pages behind walls: HTML of a requester in a frame without an origin, and the form that comes back.

The frame's address holds a ticket in place of a session. The page is sandboxed by its own header too, so that opening
it alone changes nothing: no cookies, no storage, none of this house's pages. Its form may go to one address.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

import orjson
from aiohttp import hdrs, web

from domain.refusals import Refusal
from domain.work.page_task import HitFrame
from formats.addresses import origin_of
from formats.mturk.pages import IDS, housed
from locales import translator
from services.act import Act, House
from services.mturk import pages
from services.work.pages import page_answers
from storage.unit import UnitOfWork
from web.api.pace import Pace
from web.miniapp.files import HEADERS, Files
from web.miniapp.root import ROOT
from web.requests import give_time

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
    """What the worker's page shows: `walled` where it has no origin of its own."""
    asked = {"assignmentId": frame.assignment_id, "hitId": frame.hit_id, "workerId": frame.worker_id}
    query = urlencode({**asked, "turkSubmitTo": _submit_to(house, frame.ticket)})
    if not frame.url:
        return {"src": f"{house.pages}/hit/{frame.ticket}?{query}", "walled": True}
    try:
        walled = origin_of(frame.url) == origin_of(house.page_origin)
    except ValueError:  # from before such addresses were refused
        return {"src": f"{house.pages}/hit/{frame.ticket}?{query}", "walled": True}
    parts = urlsplit(frame.url)
    src = urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, query)))))
    return {"src": src, "walled": walled}


def _submit_to(house: House, ticket: str) -> str:
    return f"{house.pages}/hit/{ticket}"


@dataclass(frozen=True, slots=True)
class Frames:
    house: House
    files: Files
    frames: tuple[str, ...]
    worded: Callable[[Refusal, str], str]
    pace: Pace

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(TICKET, self.page)
        app.router.add_get(TICKET + SUBMIT, self.submit)
        app.router.add_post(TICKET + SUBMIT, self.submit)

    async def page(self, request: web.Request) -> web.Response:
        ticket = request.match_info["ticket"]
        try:
            async with self.pace.reading:
                html = await self.house.database.aside(lambda unit: pages.html_of(unit, ticket), self.house.clock())
        except Refusal:
            raise web.HTTPNotFound from None
        submit = _submit_to(self.house, ticket) + SUBMIT
        body = housed(html, submit, f"{self.house.pages}/page/{self.files.version}")
        policy = POLICY.format(own=self.house.page_origin, submit=submit, frames=" ".join(self.frames))
        return _html(body, policy)

    async def submit(self, request: web.Request) -> web.Response:
        """Says in a plain page what came of it; the page around looks whether the answer is there."""
        ticket, house, now = request.match_info["ticket"], self.house, self.house.clock()
        try:
            async with self.pace.reading:
                worker = await house.database.aside(lambda unit: pages.worker_of(unit, ticket), now)
        except Refusal:
            raise web.HTTPNotFound from None
        give_time(request)
        answer = await _answer(request)
        try:
            await house.database.transact(lambda unit: self._taken(unit, ticket, answer), now)
        except Refusal as refusal:
            return self._said(self.worded(refusal, worker.language), 409)
        return self._said(translator(worker.language).plain("Received. You can close this page."))

    def _taken(self, unit: UnitOfWork, ticket: str, answer: str) -> None:
        worker = pages.worker_of(unit, ticket)
        unit.outbox.answers = worker.id
        page_answers.hand_in(Act(unit, worker, self.house), pages.assignment_of(unit, ticket), None, answer)

    def _said(self, words: str, status: int = 200) -> web.Response:
        body = f"<!doctype html><meta charset=utf-8><body style={STYLE}><p>{escape(words)}</p>"
        return _html(body, PLAIN.format(frames=" ".join(self.frames)), status)


STYLE = "'font:18px/1.4 sans-serif;text-align:center;padding:30vh 24px;color:#555'"


async def _answer(request: web.Request) -> str:
    """Its fields as JSON text. A body that is no form is what was sent, not a failure here."""
    try:
        return orjson.dumps(await _fields(request)).decode()
    except (ValueError, TypeError, LookupError, RuntimeError):  # boundaries, encodings, surrogates
        raise web.HTTPBadRequest from None


async def _fields(request: web.Request) -> Mapping[str, str]:
    """Fields of the same name are joined as Mechanical Turk does; files are left out."""
    if (request.content_length or 0) > MOST:
        raise web.HTTPRequestEntityTooLarge(MOST, request.content_length or 0)
    sent = request.query if request.method == hdrs.METH_GET else await request.post()
    found: dict[str, str] = {}
    for name, value in sent.items():
        if isinstance(value, str) and name not in IDS:
            found[name] = f"{found[name]}|{value}" if name in found else value
    if not found:
        raise web.HTTPBadRequest
    return found


def _html(body: str, policy: str, status: int = 200) -> web.Response:
    headers = {
        **HEADERS,
        "Content-Security-Policy": policy,
        "Permissions-Policy": SENSORS,
    }
    return web.Response(body=body.encode(), status=status, content_type="text/html", charset="utf-8", headers=headers)
