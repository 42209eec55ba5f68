"""The API: what a requester's programs ask, with a key of theirs. JSON; amounts are millionths of the currency.

An endpoint is a line in ENDPOINTS with its service. The services and the rows that authorise are the chat's. Refusals
are problem documents (RFC 9457).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import hdrs, web

from domain.messages import Message
from domain.money.messages.funds import Funds
from domain.people.access import REQUESTER
from domain.projects.messages import ProjectProgress
from domain.projects.projects import ProjectId
from domain.refusals import NotAllowed, NotFound, Refusal
from services.act import Act, House
from services.money import funds
from services.people import api_keys
from services.projects import ownership, progress
from storage.unit import UnitOfWork

ROOT = "/api/v1"
HOUSE = web.AppKey("house", House)
BEARER = re.compile(r"Bearer +(\S{1,200}) *", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`service(act, **numbers)` reads the resource of `path`; its numbers are the parts in braces."""

    path: str
    role: str
    service: Callable[..., Message]

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[0-9]{1,15})", ROOT + self.path))


class Unauthorized(Exception):
    """No key, or none that works."""


def project(act: Act, number: int) -> ProjectProgress:
    return progress.progress_of(act.unit, ownership.mine(act.unit, act.person, ProjectId(number)).id)


def balance(act: Act) -> Funds:
    return funds.read(act)


ENDPOINTS = (
    Endpoint("/projects/{number}", REQUESTER, project),
    Endpoint("/balance", REQUESTER, balance),
)


def add(app: web.Application, house: House) -> None:
    app[HOUSE] = house
    app.router.add_route("*", ROOT + "/{rest:.*}", answer)


async def answer(request: web.Request) -> web.Response:
    for endpoint in ENDPOINTS:
        match = endpoint.pattern.fullmatch(request.path)
        if match is not None:
            if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD):
                return problem(405, f"{request.path} is read with GET.", {hdrs.ALLOW: "GET, HEAD"})
            return await _read(request, endpoint, {name: int(digits) for name, digits in match.groupdict().items()})
    return problem(404, f"There is nothing at {request.path}.")


async def _read(request: web.Request, endpoint: Endpoint, numbers: dict[str, int]) -> web.Response:
    house = request.app[HOUSE]
    key = BEARER.fullmatch(request.headers.get(hdrs.AUTHORIZATION, ""))

    def ask(unit: UnitOfWork) -> Message:
        used = api_keys.in_use(unit, key[1]) if key else None
        if used is None:
            raise Unauthorized
        act = Act(unit, unit.people.get(used.owner), house)
        act.require(endpoint.role)
        return endpoint.service(act, **numbers)

    try:
        found = await house.database.aside(ask, house.clock())
    except Unauthorized:
        return problem(401, "A key is needed: Authorization: Bearer KEY.", {hdrs.WWW_AUTHENTICATE: "Bearer"})
    except Refusal as refusal:
        return _refused(refusal)
    return _json(200, found, "application/json")


def _refused(refusal: Refusal) -> web.Response:
    if isinstance(refusal, NotAllowed):
        return problem(403, f"The owner of this key is no {refusal.role}.")
    if isinstance(refusal, NotFound):
        return problem(404, f"You have no {refusal.what} {refusal.name}.")
    return problem(409, str(refusal))


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> web.Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    response = _json(status, body, "application/problem+json")
    response.headers.update(headers or {})
    return response


def _json(status: int, body: Any, content_type: str) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(status=status, body=orjson.dumps(body), content_type=content_type, headers=headers)
