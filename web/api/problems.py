"""Problem documents (RFC 9457): each refusal has a status, the code of its kind, its facts and a sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import hdrs, web
from pydantic import ValidationError

from domain.refusals import (
    BadInput,
    BelowFloor,
    CapReached,
    FileRefused,
    FormRefused,
    FundsMissing,
    JudgesPayMissing,
    MoreThanThere,
    NotAllowed,
    NotFound,
    NotInTeam,
    OnlyUp,
    Refusal,
    Suspended,
    TeamHalted,
    TimeUntold,
)

TYPE = "application/problem+json"
STATUS: Mapping[type[Refusal], int] = {
    NotAllowed: 403,
    Suspended: 403,
    **dict.fromkeys((NotInTeam, TeamHalted, CapReached), 403),
    NotFound: 404,
    FundsMissing: 402,
    JudgesPayMissing: 402,
    MoreThanThere: 402,
    **dict.fromkeys((BadInput, FormRefused, FileRefused, BelowFloor, TimeUntold, OnlyUp), 422),
}
SHOWN, SAID = 50, 3  # errors of a body among the facts, and in the sentence
LONGEST = 300  # characters of one in the sentence
Words = Callable[[Refusal], str]


@dataclass(eq=False)
class Problem(Exception):
    """A refusal of the door itself."""

    status: int
    code: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def response(self) -> web.Response:
        return _response(self.status, self.code, self.detail, self.facts, self.headers)

    @property
    def body(self) -> bytes:
        return _body(self.status, self.code, self.detail, self.facts)


def unauthorized() -> Problem:
    detail = "No key was sent, or this one is unknown or revoked. Send Authorization: Bearer KEY; /apikey makes one."
    return Problem(401, "unauthorized", detail, {hdrs.WWW_AUTHENTICATE: "Bearer"})


def malformed(error: ValidationError) -> Problem:
    """Where in what was sent each error is."""
    found = [
        {"where": ".".join(map(str, each["loc"])), "expected": each["msg"]}
        for each in error.errors(include_url=False, include_context=False, include_input=False)[:SHOWN]
    ]
    first = "; ".join(f"{each['where'] or 'the request'}: {each['expected']}"[:LONGEST] for each in found[:SAID])
    return Problem(422, "malformed", f"What was sent cannot be read. {first}", facts={"errors": found})


def refused(refusal: Refusal, words: Words) -> web.Response:
    """`words` is the sentence that the chat would show, in English."""
    return _response(STATUS.get(type(refusal), 409), type(refusal).__name__, words(refusal), refusal.facts, {})


def _response(
    status: int, code: str, detail: str, facts: Mapping[str, Any], headers: Mapping[str, str]
) -> web.Response:
    told = {hdrs.CACHE_CONTROL: "no-store", **headers}
    return web.Response(status=status, body=_body(status, code, detail, facts), content_type=TYPE, headers=told)


def _body(status: int, code: str, detail: str, facts: Mapping[str, Any]) -> bytes:
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": detail, "code": code}
    if facts:
        body["facts"] = dict(facts)
    return orjson.dumps(body)
