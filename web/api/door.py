"""HTTP handlers of the API: find the endpoint, check the key, read what was sent, and answer in JSON."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import hdrs, web
from pydantic import ValidationError

from domain.people.accounts import hash_key, is_api_key
from domain.projects.tasks import Medium
from domain.refusals import Refusal
from domain.work.assignments import SubmissionId
from formats.writing import FILES
from services.act import Act, House
from services.people import api_keys
from storage.unit import UnitOfWork
from web.api import endpoint, exports, openapi, uploads
from web.api.calls import ApiAnswer, ApiCall, fingerprint_of
from web.api.endpoint import ROOT, AnswerWay, Body, Bucket, Endpoint, Pace, Problem, Words, unauthorized
from web.api.table import ENDPOINTS
from web.requests import extend_deadline

BEARER_PATTERN = re.compile(r"Bearer +(\S{1,200}) *", re.IGNORECASE)
NAME_PATTERN = re.compile(r"[\x20-\x7e]{1,255}")
IDEMPOTENCY_HEADER = "Idempotency-Key"
EMPTY_BODIES = (b"", b"{}")  # in a body
Stream = Callable[[web.Request, Medium], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class ApiDoor:
    """Parts that the API's handlers need; `words` puts a refusal into a sentence; `stream` streams a file of a task,
    None where the process has none of them."""

    house: House
    words: Words
    pace: Pace
    stream: Stream | None = None


API = web.AppKey("api", ApiDoor)


def add_api(app: web.Application, house: House, words: Words, pace: Pace, stream: Stream | None) -> None:
    """Add the API's routes to the application."""
    app[API] = ApiDoor(house, words, pace, stream)
    app.router.add_get(f"{ROOT}/openapi.json", openapi.show_document)
    app.router.add_get(f"{ROOT}/docs", openapi.show_page)
    app.router.add_route("*", ROOT + "/{rest:.*}", answer_request)


async def answer_request(request: web.Request) -> web.StreamResponse:
    """Answer a request to the API; problems and refusals become problem documents."""
    door = request.app[API]
    try:
        return await _respond(door, request)
    except Problem as problem:
        return problem.response
    except ValidationError as error:
        return endpoint.malformed(error).response
    except Refusal as refusal:
        return endpoint.refusal_response(refusal, door.words)
    except web.HTTPRequestEntityTooLarge:
        return Problem(413, "too_large", "At most 1 MB of JSON here.").response


async def _respond(door: ApiDoor, request: web.Request) -> web.StreamResponse:
    """Return the response of the endpoint. Raise Problem for unknown addresses, keys that are missing or wrong, and
    unreadable input."""
    endpoint, numbers = find_endpoint(request.method, request.path)
    bearer = BEARER_PATTERN.fullmatch(request.headers.get(hdrs.AUTHORIZATION, ""))
    if bearer is None or not is_api_key(bearer[1]):
        raise unauthorized()
    query = _read_query(endpoint, request)
    async with door.pace.take_turn(hash_key(bearer[1])) as bucket:
        call = ApiCall(door.house, endpoint, bearer[1], _read_name(endpoint, request))
        if endpoint.way is AnswerWay.UPLOAD:
            return _json_response(await uploads.receive_upload(door.house, door.pace, call, request, numbers))
        body = await _read_body(endpoint, request)
        extend_deadline(request)
        if endpoint.way is AnswerWay.MEDIUM:
            return await _send_medium(door, call, request, bucket, numbers)
        if endpoint.way is AnswerWay.FILE:
            facts = await exports.require_export(door.house, door.pace, call, {**numbers, **query})
            await _note_key_use(door, call, bucket)
            if endpoint.mime:
                return await exports.send_made_file(door.house, door.pace, request, endpoint.makes, facts)
            return await exports.send_table(door.house, door.pace, call, request, numbers["number"], query=query)
        return _json_response(await _run_service(door, call, request, bucket, numbers, query=query, body=body))


async def _run_service(
    door: ApiDoor,
    call: ApiCall,
    request: web.Request,
    bucket: Bucket,
    numbers: dict[str, int],
    query: dict[str, Any],
    body: tuple[dict[str, Any], bytes],
) -> ApiAnswer:
    """Return the service's answer: readings run beside the writer and note the key's use, others run once in a
    transaction."""
    house, endpoint = door.house, call.endpoint
    arguments = {**numbers, **query, **body[0]}
    address = f"{request.path}?{request.query_string}" if request.query_string else request.path
    call = ApiCall(house, endpoint, call.key, call.name, fingerprint_of(request.method, address, body[1]))
    if endpoint.prepare is not None:
        earlier_answer = await house.database.aside(call.find_earlier_answer, house.clock())
        if earlier_answer is not None:
            return earlier_answer

        async def look(question: Callable[[Act], object]) -> object:
            async with door.pace.reading:
                return await house.database.aside(lambda unit: question(call.authorize(unit)), house.clock())

        arguments |= await endpoint.prepare(house, look, **arguments)

    def service(act: Act) -> object:
        return endpoint.service(act, **arguments)

    if endpoint.reads:
        async with door.pace.reading:
            result = await house.database.aside(lambda unit: call.answer_reading(unit, service), house.clock())
        await _note_key_use(door, call, bucket)
        return result
    async with door.pace.writing:
        return await house.database.transact(lambda unit: call.answer_once(unit, service), house.clock())


async def _send_medium(
    door: ApiDoor, call: ApiCall, request: web.Request, bucket: Bucket, numbers: dict[str, int]
) -> web.StreamResponse:
    """Stream the file of an answer, and note its delivery, so that a worker who takes answers back learns where they
    are. Raise Problem 404 if files cannot be fetched here, or not this one."""
    answer = SubmissionId(numbers["submission"])

    def note_delivery(unit: UnitOfWork) -> None:
        unit.consents.note_delivery(unit.submissions.get(answer).project, "files", FILES)

    async with door.pace.reading:
        medium = await door.house.database.aside(
            lambda unit: call.endpoint.service(call.authorize(unit), **numbers), door.house.clock()
        )
    await _note_key_use(door, call, bucket)
    if door.stream is None:
        raise Problem(404, "not_found", "Files are fetched where PUBLIC_URL is set.")
    await door.house.database.transact(note_delivery, door.house.clock())
    try:
        return await door.stream(request, medium)
    except web.HTTPNotFound:
        raise Problem(404, "not_found", "The file could not be fetched.") from None


async def _note_key_use(door: ApiDoor, call: ApiCall, bucket: Bucket) -> None:
    """Store when the key was used, at most once a minute."""
    if not door.pace.needs_note(bucket):
        return

    def note(unit: UnitOfWork) -> None:
        key_in_use = api_keys.find_key_in_use(unit, call.key)
        if key_in_use is not None:
            unit.api_keys.note_use(key_in_use.owner, key_in_use.key.number)

    await door.house.database.transact(note, door.house.clock())


def find_endpoint(method: str, path: str) -> tuple[Endpoint, dict[str, int]]:
    """Return the endpoint of an address and the numbers in it. Raise Problem 404, or 405 with the methods that the
    address has."""
    method = hdrs.METH_GET if method == hdrs.METH_HEAD else method
    matches = [(candidate, candidate.pattern.fullmatch(path)) for candidate in ENDPOINTS]
    path_matches = [(candidate, match) for candidate, match in matches if match]
    if not path_matches:
        raise Problem(404, "not_found", "There is nothing at this address.")
    for candidate, match in path_matches:
        if candidate.method == method:
            return candidate, {name: int(digits) for name, digits in match.groupdict().items()}
    allowed = sorted(
        {candidate.method for candidate, _ in path_matches}
        | ({"HEAD"} if any(readable.method == "GET" for readable, _ in path_matches) else set())
    )
    raise Problem(405, "method_not_allowed", "This address is asked otherwise.", {hdrs.ALLOW: ", ".join(allowed)})


def _read_query(endpoint: Endpoint, request: web.Request) -> dict[str, Any]:
    """Return the query's fields. Raise Problem 422 for parameters of an address that takes none."""
    if endpoint.query is not None:
        return endpoint.query.model_validate(dict(request.query)).fields()
    if request.query and endpoint.way is not AnswerWay.UPLOAD:
        raise Problem(422, "malformed", "This address takes no parameters.")
    return {}


def _read_name(endpoint: Endpoint, request: web.Request) -> str:
    """Return the request's Idempotency-Key, or "" if it has none or is no POST. Raise Problem 422 if it is not
    printable ASCII."""
    if endpoint.method != hdrs.METH_POST:
        return ""
    name = request.headers.get(IDEMPOTENCY_HEADER)
    if name is None:
        return ""
    if not NAME_PATTERN.fullmatch(name):
        raise Problem(422, "idempotency_key", f"{IDEMPOTENCY_HEADER} is 1 to 255 printable ASCII characters.")
    return name


async def _read_body(endpoint: Endpoint, request: web.Request) -> tuple[dict[str, Any], bytes]:
    """Return the body's fields and its bytes. Raise Problem 415 for anything but JSON, 422 for a body where none is
    taken."""
    if endpoint.body is None:
        if not endpoint.reads and (await request.read()).strip() not in EMPTY_BODIES:
            raise Problem(422, "malformed", "This address takes no body.")
        return {}, b""
    if request.content_type != "application/json":
        raise Problem(415, "unsupported_media_type", "Send JSON: Content-Type: application/json.")
    content = await request.read()
    return parse_body(endpoint.body, content).fields(), content


def parse_body(kind: type[Body], content: bytes) -> Body:
    return kind.model_validate_json(content)


def _json_response(result: ApiAnswer) -> web.Response:
    headers = {hdrs.CACHE_CONTROL: "no-store", **({"Idempotent-Replayed": "true"} if result.is_repeated else {})}
    return web.Response(status=result.status, body=result.body, content_type="application/json", headers=headers)
