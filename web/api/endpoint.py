"""An endpoint: what is asked, what for, and the service that answers."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import hdrs, web
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
)

from domain.people.accounts import Scope
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

ROOT = "/api/v1"
PART = r"[0-9]{1,15}"


def _check_digits(value: object) -> object:
    """Returns a number of an address. Raises ValueError for a text that is no digits alone, such as 1_000 or +1."""
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,16}", value):
        raise ValueError("digits alone")
    return value


DIGITS = BeforeValidator(_check_digits)


class Body(BaseModel):
    """What a program sends: JSON, or the query of an address. Unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}


class Way(Enum):
    """How an endpoint is answered."""

    SERVICE = "service"  # in one transaction
    UPLOAD = "upload"  # a file is read, in many
    FILE = "file"  # a file is made


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`service(act, **numbers, **body, **query)` answers with an `answers`; numbers are the parts of `path` in braces.

    A key needs this `scope`. `writes`: a GET that notes that something was looked at. `stays`: also for a person whom
    an admin has suspended.
    """

    method: str
    path: str
    scope: Scope
    means: str
    service: Callable[..., Any]
    answers: Any = None
    body: type[Body] | None = None
    query: type[Body] | None = None
    way: Way = Way.SERVICE
    status: int = 200
    stays: bool = False
    writes: bool = False
    tag: str = ""
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.compile(re.sub(r"{(\w+)}", rf"(?P<\1>{PART})", ROOT + self.path))
        object.__setattr__(self, "pattern", pattern)

    @property
    def reads(self) -> bool:
        """Whether it can be answered beside the writer."""
        return self.method == "GET" and not self.writes

    @property
    def name(self) -> str:
        """Of the operation, in OpenAPI."""
        words = [word.strip("{}") for word in self.path.split("/") if word]
        return "_".join([self.method.lower(), *words])


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


PER_SECOND, BURST = 10.0, 40.0  # requests of a key
AT_ONCE = 4  # of a key
READING, WRITING, MAKING = 1, 1, 1  # of all keys: readings beside the writer, transactions that wait for it, files
REMEMBERED = 10_000  # keys
OFTEN = 60.0  # seconds between two notes of a key's use


@dataclass(slots=True)
class Bucket:
    """`tokens` is how many requests are free at `at`, `busy` how many are under way, `noted_at` when its use was last
    written."""

    at: float
    tokens: float
    busy: int = 0
    noted_at: float = float("-inf")


@dataclass(slots=True)
class Pace:
    clock: Callable[[], float] = time.monotonic
    per_second: float = PER_SECOND
    burst: float = BURST
    at_once: int = AT_ONCE
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READING))
    writing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WRITING))
    making: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAKING))
    refusal: Callable[[int], Exception] = field(default=lambda seconds: too_many(seconds))
    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[Bucket]:
        """While a request of this key (its hash) is under way. Raises the `refusal` for the seconds to wait."""
        bucket = self._bucket(key)
        if bucket.busy >= self.at_once:
            raise self.refusal(1)
        if bucket.tokens < 1:
            raise self.refusal(int((1 - bucket.tokens) / self.per_second) + 1)
        bucket.tokens -= 1
        bucket.busy += 1
        try:
            yield bucket
        finally:
            bucket.busy -= 1

    def notes(self, bucket: Bucket) -> bool:
        """Whether the use of its key is to be written now."""
        if self.clock() - bucket.noted_at < OFTEN:
            return False
        bucket.noted_at = self.clock()
        return True

    def _bucket(self, key: str) -> Bucket:
        now = self.clock()
        bucket = self._buckets.setdefault(key, Bucket(now, self.burst))
        self._buckets.move_to_end(key)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self.burst, bucket.tokens + (now - bucket.at) * self.per_second)
        bucket.at = now
        return bucket


def too_many(seconds: int) -> Problem:
    return Problem(429, "too_many_requests", "Too many requests with this key.", {hdrs.RETRY_AFTER: str(seconds)})
