"""The door itself: who signed, which operation, what it answers."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

import orjson
from aiohttp import web

from domain.mturk.errors import DENIED, FUNDS, INVALID, RequestError
from domain.mturk.money import written
from domain.people.api_keys import is_access_id
from domain.refusals import FundsMissing, JudgesPayMissing, MoreThanThere, NotAllowed, Refusal, Suspended
from services.act import House
from services.encryption import Undecipherable
from services.people import api_keys
from web.api.pace import Pace
from web.api.problems import Words
from web.mturk import faults, shapes, signature
from web.mturk.calls import Call
from web.mturk.faults import Fault
from web.mturk.pace import REFUSAL
from web.mturk.table import OPERATIONS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
POOR = "This Requester has insufficient funds in their account to complete this transaction."
REMEMBERED = 1_000  # secrets

log = logging.getLogger(__name__)


@dataclass(slots=True)
class TurkDoor:
    """`words` is the sentence of a refusal; `secrets` are those of pairs that asked; `other` takes what
    comes to the same address and is no operation."""

    house: House
    words: Words
    pace: Pace
    other: Handler | None = None
    secrets: dict[str, str] = field(default_factory=dict)


TURK = web.AppKey("mturk", TurkDoor)


def add(app: web.Application, house: House, words: Words, pace: Pace, other: Handler | None = None) -> None:
    app[TURK] = TurkDoor(house, words, pace, other)
    app.router.add_post("/", answer)


async def answer(request: web.Request) -> web.StreamResponse:
    door, number = request.app[TURK], str(uuid4())
    if door.other is not None and "X-Amz-Target" not in request.headers:
        return await door.other(request)
    try:
        return faults.answered(await _answered(door, request), number)
    except Fault as error:
        fault = error
    except RequestError as error:
        fault = faults.of(error)
    except Refusal as refusal:
        fault = faults.of(refused(refusal, door.words))
    except web.HTTPRequestEntityTooLarge:
        fault = faults.too_large()
    except web.RequestPayloadError:
        fault = faults.unreadable("The body is not what its Content-Encoding says.")
    except (web.HTTPException, ConnectionError):
        raise
    except Exception as error:
        log.error("An operation failed", extra={"operation": signature.target_of(request.headers)}, exc_info=error)
        fault = faults.failed()
    return faults.answered(fault.body, number, fault.status)


def refused(refusal: Refusal, words: Words) -> RequestError:
    """What the chat would refuse; of missing money in Amazon's words."""
    if isinstance(refusal, FundsMissing | JudgesPayMissing | MoreThanThere):
        needed = refusal.asked if isinstance(refusal, MoreThanThere) else refusal.needed
        figures = f"{written(needed)} {refusal.currency} are needed, {written(refusal.available)} are available."
        return RequestError(FUNDS, f"{POOR} {figures}")
    return RequestError(DENIED if isinstance(refusal, NotAllowed | Suspended) else INVALID, words(refusal))


async def _answered(door: TurkDoor, request: web.Request) -> bytes:
    body = await request.read()
    access_id = await _signer(door, request, body)
    operation = OPERATIONS.get(signature.target_of(request.headers))
    if operation is None:
        raise faults.unknown_operation(request.headers.get("X-Amz-Target", ""))
    async with door.pace.turn(access_id) as bucket:
        try:
            call = Call(door.house, operation, access_id, shapes.read(operation.name, _json(body)))
            async with door.pace.writing:
                database = door.house.database
                alone = operation.reads and not operation.looks  # it waits for no turn
                run = database.freely if alone else database.transact
                found = await run(call.done, door.house.clock())
                if operation.reads and door.pace.notes(bucket):  # to the minute; others do it themselves
                    await database.transact(call.note, door.house.clock())
                return found
        except (RequestError, Refusal, Fault):
            bucket.tokens -= REFUSAL
            raise


async def _signer(door: TurkDoor, request: web.Request, body: bytes) -> str:
    """The access id of the pair that signed. Raises Fault."""
    if "Authorization" not in request.headers:
        raise faults.missing_token()
    received = signature.Signed(
        request.method,
        request.path,
        request.query_string,
        signature.headers_of(request.raw_headers),
        body,
    )
    claim = signature.claim_in(received.header("authorization"))
    signature.check(received, claim, await _secret(door, claim.key), door.house.clock())
    return claim.key


async def _secret(door: TurkDoor, access_id: str) -> str:
    """Of a pair; the transaction of the call sees whether it still is in use. Raises Fault."""
    if access_id in door.secrets:
        return door.secrets[access_id]
    found = None
    if is_access_id(access_id) and door.house.encryption:
        async with door.pace.reading:
            found = await door.house.database.freely(
                lambda unit: api_keys.pair_in_use(unit, access_id), door.house.clock()
            )
    if found is None:
        raise faults.unknown_key()
    try:
        secret = door.house.encryption.decrypt(found[1])
    except Undecipherable:
        log.warning("A secret cannot be decrypted: is its key missing in SECRETS_KEY?")
        raise faults.unknown_key() from None
    if len(door.secrets) >= REMEMBERED:
        door.secrets.clear()
    door.secrets[access_id] = secret
    return secret


def _json(body: bytes) -> object:
    try:
        return orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise faults.unreadable(f"The body is no JSON: {error}.") from None
