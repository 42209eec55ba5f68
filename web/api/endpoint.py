"""Endpoints of the API: path, input, scope and service; problem documents; the pace at which a key's requests are
answered."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import hdrs, web
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

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
from web.api import project_keys

ROOT = "/api/v1"
NUMBER_PATTERN = r"[0-9]{1,15}"


def _check_digits(value: object) -> object:
    """Return a number of an address as it is. Raise ValueError for a text that is no digits alone, such as 1_000 or
    +1."""
    if isinstance(value, str) and not re.fullmatch("[0-9]{1,16}", value):
        raise ValueError("digits alone")
    return value


DIGITS = BeforeValidator(_check_digits)


class Body(BaseModel):
    """Fields that a program sends: JSON, or the query of an address. Unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields}


class AnswerWay(Enum):
    """The way in which an endpoint is answered."""

    SERVICE = "service"  # in one transaction
    UPLOAD = "upload"  # a file is read, in many
    FILE = "file"  # a file is made
    MEDIUM = "medium"  # a file that was sent as an answer is streamed


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of the API. `service(act, **numbers, **body, **query)` returns an `answers`; numbers are the parts
    of `path` in braces.

    A key needs this `scope`. `writes`: a GET that stores that something was looked at. `stays`: also for a person
    whom an admin has suspended. `serves`: further services of the chat's routes that a program reaches by this
    endpoint. `prepare(house, look, **arguments)` looks something up outside before the transaction and returns
    further arguments; `look` asks a question as the key's owner, and raises as the service would. `hides`: fields that
    are answered once and never stored. `makes`: of a FILE the name of its table, or of its maker in
    jobs/file_makers.py, whose file has the type `mime` and whose facts the service returns."""

    method: str
    path: str
    scope: Scope
    means: str
    service: Callable[..., Any]
    answers: Any = None
    body: type[Body] | None = None
    query: type[Body] | None = None
    way: AnswerWay = AnswerWay.SERVICE
    status: int = 200
    stays: bool = False
    writes: bool = False
    tag: str = ""
    serves: tuple[Callable[..., Any], ...] = ()
    prepare: Callable[..., Awaitable[dict[str, Any]]] | None = None
    hides: tuple[str, ...] = ()
    makes: str = ""
    mime: str = ""
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.compile(re.sub(r"{(\w+)}", rf"(?P<\1>{NUMBER_PATTERN})", ROOT + self.path))
        object.__setattr__(self, "pattern", pattern)

    @property
    def reads(self) -> bool:
        """True if the endpoint can be answered beside the writer."""
        return self.method == "GET" and not self.writes

    @property
    def name(self) -> str:
        """The operation's name in OpenAPI."""
        words = [word.strip("{}") for word in self.path.split("/") if word]
        return "_".join([self.method.lower(), *words])


READ, DRAFT, SPEND = Scope.READ, Scope.DRAFT, Scope.SPEND


def with_tag(tag: str, *endpoints: Endpoint) -> tuple[Endpoint, ...]:
    return tuple(replace(endpoint, tag=tag) for endpoint in endpoints)


PROBLEM_TYPE = "application/problem+json"
STATUS_BY_REFUSAL: Mapping[type[Refusal], int] = {
    NotAllowed: 403,
    Suspended: 403,
    **dict.fromkeys((NotInTeam, TeamHalted, CapReached), 403),
    NotFound: 404,
    FundsMissing: 402,
    JudgesPayMissing: 402,
    MoreThanThere: 402,
    **dict.fromkeys((BadInput, FormRefused, FileRefused, BelowFloor, TimeUntold, OnlyUp), 422),
}
MAX_ERROR_FACTS, MAX_ERRORS_IN_DETAIL = 50, 3  # errors of a body among the facts, and in the sentence
MAX_ERROR_CHARS = 300  # characters of one in the sentence
Words = Callable[[Refusal], str]


@dataclass(eq=False)
class Problem(Exception):
    """A refusal of the HTTP interface itself, not of a service."""

    status: int
    code: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def response(self) -> web.Response:
        return _problem_response(self.status, self.code, self.detail, self.facts, self.headers)

    @property
    def body(self) -> bytes:
        return _problem_body(self.status, self.code, self.detail, self.facts)


def unauthorized() -> Problem:
    """Return the problem of a request without a working key."""
    detail = "No key was sent, or this one is unknown or revoked. Send Authorization: Bearer KEY; /apikey makes one."
    return Problem(401, "unauthorized", detail, {hdrs.WWW_AUTHENTICATE: "Bearer"})


def malformed(error: ValidationError) -> Problem:
    """Return the problem of input that cannot be read, with the place of each error in it."""
    errors = [
        {"where": ".".join(map(str, item["loc"])), "expected": _expected(item)}
        for item in error.errors(include_url=False, include_input=False)[:MAX_ERROR_FACTS]
    ]
    summary = "; ".join(
        f"{item['where'] or 'the request'}: {item['expected']}"[:MAX_ERROR_CHARS]
        for item in errors[:MAX_ERRORS_IN_DETAIL]
    )
    return Problem(422, "malformed", f"What was sent cannot be read. {summary}", facts={"errors": errors})


def _expected(error: ErrorDetails) -> str:
    """Return what was expected: a pattern in words, where it has any."""
    pattern = error.get("ctx", {}).get("pattern")
    return project_keys.MEANINGS.get(str(pattern), error["msg"])


def refusal_response(refusal: Refusal, words: Words) -> web.Response:
    """Return the response to a service's refusal; `words` gives the sentence that the chat would show, in English."""
    return _problem_response(
        STATUS_BY_REFUSAL.get(type(refusal), 409), type(refusal).__name__, words(refusal), refusal.facts, {}
    )


def _problem_response(
    status: int, code: str, detail: str, facts: Mapping[str, Any], headers: Mapping[str, str]
) -> web.Response:
    all_headers = {hdrs.CACHE_CONTROL: "no-store", **headers}
    return web.Response(
        status=status, body=_problem_body(status, code, detail, facts), content_type=PROBLEM_TYPE, headers=all_headers
    )


def _problem_body(status: int, code: str, detail: str, facts: Mapping[str, Any]) -> bytes:
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": detail, "code": code}
    if facts:
        body["facts"] = dict(facts)
    return orjson.dumps(body)


REQUESTS_PER_SECOND, BURST = 10.0, 40.0  # requests of a key
MAX_CONCURRENT = 4  # of a key
CONCURRENT_READINGS, CONCURRENT_WRITINGS, CONCURRENT_FILES = (
    1,
    1,
    1,
)  # of all keys: readings beside the writer, transactions that wait for it, files
MAX_BUCKETS = 10_000  # keys
NOTE_INTERVAL_SECONDS = 60.0  # seconds between two notes of a key's use


@dataclass(slots=True)
class Bucket:
    """Requests of one key: `tokens` are free at `refilled_at`, `running` are under way; `noted_at` is when its use
    was last stored."""

    refilled_at: float
    tokens: float
    running: int = 0
    noted_at: float = float("-inf")


@dataclass(slots=True)
class Pace:
    """Limits of requests, by key, and semaphores that all keys share. `refusal` makes the exception for a key that
    must wait."""

    clock: Callable[[], float] = time.monotonic
    per_second: float = REQUESTS_PER_SECOND
    burst: float = BURST
    at_once: int = MAX_CONCURRENT
    reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENT_READINGS))
    writing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENT_WRITINGS))
    making: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENT_FILES))
    refusal: Callable[[int], Exception] = field(default=lambda seconds: too_many(seconds))
    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    @asynccontextmanager
    async def take_turn(self, key: str) -> AsyncIterator[Bucket]:
        """Count a request of this key (its hash) while it is under way; yield its bucket. Raise the `refusal`, with
        the seconds to wait, if too many are under way or came too fast."""
        bucket = self._bucket(key)
        if bucket.running >= self.at_once:
            raise self.refusal(1)
        if bucket.tokens < 1:
            raise self.refusal(int((1 - bucket.tokens) / self.per_second) + 1)
        bucket.tokens -= 1
        bucket.running += 1
        try:
            yield bucket
        finally:
            bucket.running -= 1

    def needs_note(self, bucket: Bucket) -> bool:
        """Return whether the use of the bucket's key is to be stored now; if so, note that it is."""
        if self.clock() - bucket.noted_at < NOTE_INTERVAL_SECONDS:
            return False
        bucket.noted_at = self.clock()
        return True

    def _bucket(self, key: str) -> Bucket:
        """Return the key's bucket, refilled for the time that has passed. The longest unused one is dropped if
        there are too many."""
        now = self.clock()
        bucket = self._buckets.setdefault(key, Bucket(now, self.burst))
        self._buckets.move_to_end(key)
        if len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self.burst, bucket.tokens + (now - bucket.refilled_at) * self.per_second)
        bucket.refilled_at = now
        return bucket


def too_many(seconds: int) -> Problem:
    return Problem(429, "too_many_requests", "Too many requests with this key.", {hdrs.RETRY_AFTER: str(seconds)})
