"""The door of the API: finds the endpoint, asks whose key it is, reads what was sent, and answers in JSON."""

import re
from dataclasses import dataclass
from typing import Any

from aiohttp import hdrs, web
from pydantic import ValidationError

from domain.people.accounts import hash_key, is_api_key
from domain.refusals import Refusal
from services.act import Act, House
from services.people import api_keys
from storage.unit import UnitOfWork
from web.api import (
    endpoint,
    exports,
    openapi,
    uploads,
)
from web.api.calls import Answer, Call, fingerprint_of
from web.api.endpoint import (
    ROOT,
    Body,
    Bucket,
    Endpoint,
    Pace,
    Problem,
    Way,
    Words,
    unauthorized,
)
from web.api.table import ENDPOINTS
from web.requests import give_time

BEARER = re.compile(r"Bearer +(\S{1,200}) *", re.IGNORECASE)
NAME = re.compile(r"[\x20-\x7e]{1,255}")
IDEMPOTENCY = "Idempotency-Key"
NOTHING = (b"", b"{}")  # in a body


@dataclass(frozen=True, slots=True)
class ApiDoor:
    """`words` is the sentence of a refusal."""

    house: House
    words: Words
    pace: Pace


API = web.AppKey("api", ApiDoor)


def add(app: web.Application, house: House, words: Words, pace: Pace) -> None:
    app[API] = ApiDoor(house, words, pace)
    app.router.add_get(f"{ROOT}/openapi.json", openapi.document)
    app.router.add_get(f"{ROOT}/docs", openapi.page)
    app.router.add_route("*", ROOT + "/{rest:.*}", answer)


async def answer(request: web.Request) -> web.StreamResponse:
    door = request.app[API]
    try:
        return await _answered(door, request)
    except Problem as problem:
        return problem.response
    except ValidationError as error:
        return endpoint.malformed(error).response
    except Refusal as refusal:
        return endpoint.refused(refusal, door.words)
    except web.HTTPRequestEntityTooLarge:
        return Problem(413, "too_large", "At most 1 MB of JSON here.").response


async def _answered(door: ApiDoor, request: web.Request) -> web.StreamResponse:
    endpoint, numbers = found(request.method, request.path)
    bearer = BEARER.fullmatch(request.headers.get(hdrs.AUTHORIZATION, ""))
    if bearer is None or not is_api_key(bearer[1]):
        raise unauthorized()
    query = _query(endpoint, request)
    async with door.pace.turn(hash_key(bearer[1])) as bucket:
        call = Call(door.house, endpoint, bearer[1], _name(endpoint, request))
        if endpoint.way is Way.UPLOAD:
            return _json(await uploads.received(door.house, door.pace, call, request, numbers))
        body = await _body(endpoint, request)
        give_time(request)
        if endpoint.way is Way.FILE:
            await exports.check(door.house, door.pace, call, numbers, query)
            await _note(door, call, bucket)
            return await exports.sent(door.house, door.pace, call, request, numbers, query)
        return _json(await _served(door, call, request, bucket, numbers, query, body))


async def _served(
    door: ApiDoor,
    call: Call,
    request: web.Request,
    bucket: Bucket,
    numbers: dict[str, int],
    query: dict[str, Any],
    body: tuple[dict[str, Any], bytes],
) -> Answer:
    house, endpoint = door.house, call.endpoint
    told = {**numbers, **query, **body[0]}

    def service(act: Act) -> object:
        return endpoint.service(act, **told)

    if endpoint.reads:
        async with door.pace.reading:
            result = await house.database.aside(lambda unit: call.read(unit, service), house.clock())
        await _note(door, call, bucket)
        return result
    asked = f"{request.path}?{request.query_string}" if request.query_string else request.path
    fingerprint = fingerprint_of(request.method, asked, body[1])
    call = Call(house, endpoint, call.key, call.name, fingerprint)
    async with door.pace.writing:
        return await house.database.transact(lambda unit: call.done(unit, service), house.clock())


async def _note(door: ApiDoor, call: Call, bucket: Bucket) -> None:
    """When a key was used is written once a minute."""
    if not door.pace.notes(bucket):
        return

    def note(unit: UnitOfWork) -> None:
        used = api_keys.in_use(unit, call.key)
        if used is not None:
            unit.api_keys.note_use(used.owner, used.key.number)

    await door.house.database.transact(note, door.house.clock())


def found(method: str, path: str) -> tuple[Endpoint, dict[str, int]]:
    """Raises Problem 404, or 405 with the methods of the address."""
    method = hdrs.METH_GET if method == hdrs.METH_HEAD else method
    matches = [(each, each.pattern.fullmatch(path)) for each in ENDPOINTS]
    fitting = [(each, match) for each, match in matches if match]
    if not fitting:
        raise Problem(404, "not_found", "There is nothing at this address.")
    for each, match in fitting:
        if each.method == method:
            return each, {name: int(digits) for name, digits in match.groupdict().items()}
    allowed = sorted(
        {each.method for each, _ in fitting} | ({"HEAD"} if any(e.method == "GET" for e, _ in fitting) else set())
    )
    raise Problem(405, "method_not_allowed", "This address is asked otherwise.", {hdrs.ALLOW: ", ".join(allowed)})


def _query(endpoint: Endpoint, request: web.Request) -> dict[str, Any]:
    if endpoint.query is not None:
        return endpoint.query.model_validate(dict(request.query)).fields()
    if request.query and endpoint.way is not Way.UPLOAD:
        raise Problem(422, "malformed", "This address takes no parameters.")
    return {}


def _name(endpoint: Endpoint, request: web.Request) -> str:
    if endpoint.method != hdrs.METH_POST:
        return ""
    name = request.headers.get(IDEMPOTENCY)
    if name is None:
        return ""
    if not NAME.fullmatch(name):
        raise Problem(422, "idempotency_key", f"{IDEMPOTENCY} is 1 to 255 printable ASCII characters.")
    return name


async def _body(endpoint: Endpoint, request: web.Request) -> tuple[dict[str, Any], bytes]:
    """What was sent, and its bytes."""
    if endpoint.body is None:
        if not endpoint.reads and (await request.read()).strip() not in NOTHING:
            raise Problem(422, "malformed", "This address takes no body.")
        return {}, b""
    if request.content_type != "application/json":
        raise Problem(415, "unsupported_media_type", "Send JSON: Content-Type: application/json.")
    sent = await request.read()
    return parsed(endpoint.body, sent).fields(), sent


def parsed(kind: type[Body], sent: bytes) -> Body:
    return kind.model_validate_json(sent)


def _json(result: Answer) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: "no-store", **({"Idempotent-Replayed": "true"} if result.again else {})}
    return web.Response(status=result.status, body=result.body, content_type="application/json", headers=headers)
