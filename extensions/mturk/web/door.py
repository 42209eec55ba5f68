"""The door itself: who signed, which operation, what it answers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import orjson
from aiohttp import web

from domain.money.ledger import requester_account
from domain.people.accounts import REQUESTER, KeyInUse, is_access_id
from domain.refusals import FundsMissing, JudgesPayMissing, MoreThanThere, NotAllowed, Refusal, Suspended
from extensions.mturk.domain.hits import DENIED, FUNDS, INVALID, RequestError, format_amount
from extensions.mturk.web import faults, signature
from extensions.mturk.web.faults import Fault
from extensions.mturk.web.operations import OPERATIONS, Operation, Writer
from services.act import Act, House, Undecipherable
from services.people import api_keys, team_spending
from storage.unit import UnitOfWork
from web.api.endpoint import Pace, Words


@dataclass(frozen=True, slots=True)
class OperationCall:
    """A signed call of an operation; `access_id` is that of the pair that signed it."""

    house: House
    operation: Operation
    access_id: str
    members: Mapping[str, Any]

    def run(self, unit: UnitOfWork) -> bytes:
        """Run the operation in one transaction and return its answer as JSON. Raise Fault, RequestError or a Refusal,
        without any effect then."""
        key_in_use, act = self._authorize(unit)
        if self.operation.reads:
            return self._run_service(act)
        before = _get_balance(act)
        body = team_spending.run_charged(act, lambda: self._run_service(act))
        _charge_key(act, key_in_use, before - _get_balance(act) + unit.api_keys.awaited)
        unit.api_keys.note_use(key_in_use.owner, key_in_use.key.number)
        return body

    def note_key_use(self, unit: UnitOfWork) -> None:
        """Note that the key was used, if it is still in use."""
        if (pair := api_keys.find_pair_in_use(unit, self.access_id)) is not None:
            unit.api_keys.note_use(pair[0].owner, pair[0].key.number)

    def _run_service(self, act: Act) -> bytes:
        return orjson.dumps(self.operation.writes(Writer.for_act(act), self.operation.service(act, **self.members)))

    def _authorize(self, unit: UnitOfWork) -> tuple[KeyInUse, Act]:
        """Return the key and an act of its owner. Raise Fault if the key was revoked or its scope does not cover the
        operation."""
        pair = api_keys.find_pair_in_use(unit, self.access_id)
        if pair is None:
            raise faults.unknown_key()
        key_in_use = pair[0]
        if not key_in_use.key.scope.covers(self.operation.scope):
            needed = f"{self.operation.name} needs one that may {self.operation.scope}."
            raise faults.denied(f"This key may {key_in_use.key.scope}; {needed}")
        act = Act(
            unit,
            person=unit.people.get(key_in_use.owner),
            house=self.house,
            message=None,
            key=f"mturk:{key_in_use.owner}:{uuid4().hex}",
            secret=pair[1],
        )
        act = team_spending.act_by_key(act, key_in_use, self.operation.scope)
        act.require(REQUESTER, self.operation.stays)
        return key_in_use, act


def _get_balance(act: Act) -> int:
    return act.unit.ledger.balance(requester_account(act.person), act.house.terms.currency)


def _charge_key(act: Act, key_in_use: KeyInUse, amount: int) -> None:
    """Count what left the owner's account against the key's budget. Raise RequestError if the budget is exceeded."""
    if amount <= 0 or act.unit.api_keys.spend_budget(key_in_use.owner, key_in_use.key.number, amount):
        return
    remaining = (key_in_use.key.budget or 0) - key_in_use.key.spent
    raise RequestError(
        FUNDS, f"This key may spend {format_amount(remaining)} more in all; this takes {format_amount(amount)}."
    )


MAX_REQUESTS_PER_SECOND, BURST = 800.0, 1600.0  # requests of a key
MAX_REQUESTS_AT_ONCE, MAX_RUNNING_OPERATIONS = 64, 16  # of a key; of all keys together
REFUSAL_COST = 10.0  # requests that one which is refused counts for


def build_turk_pace() -> Pace:
    return Pace(
        per_second=MAX_REQUESTS_PER_SECOND,
        burst=BURST,
        at_once=MAX_REQUESTS_AT_ONCE,
        writing=asyncio.Semaphore(MAX_RUNNING_OPERATIONS),
        refusal=lambda seconds: faults.throttled(),
    )


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
NO_FUNDS_TEXT = "This Requester has insufficient funds in their account to complete this transaction."
MAX_REMEMBERED_SECRETS = 1_000  # secrets

log = logging.getLogger(__name__)


@dataclass(slots=True)
class TurkDoor:
    """State of the API: `words` turns a refusal into a sentence, `secrets` caches the secrets of pairs by access id,
    `fallback` handles requests to the same address that name no operation."""

    house: House
    words: Words
    pace: Pace
    fallback: Handler | None = None
    secrets: dict[str, str] = field(default_factory=dict)


TURK = web.AppKey("mturk", TurkDoor)


def add_operations(
    app: web.Application, house: House, words: Words, pace: Pace, fallback: Handler | None = None
) -> None:
    app[TURK] = TurkDoor(house, words, pace, fallback)
    app.router.add_post("/", answer_request)


async def answer_request(request: web.Request) -> web.StreamResponse:
    door, number = request.app[TURK], str(uuid4())
    if door.fallback is not None and "X-Amz-Target" not in request.headers:
        return await door.fallback(request)
    try:
        return faults.build_response(await _run_operation(door, request), number)
    except Fault as error:
        fault = error
    except RequestError as error:
        fault = faults.to_fault(error)
    except Refusal as refusal:
        fault = faults.to_fault(to_request_error(refusal, door.words))
    except web.HTTPRequestEntityTooLarge:
        fault = faults.too_large()
    except web.RequestPayloadError:
        fault = faults.unreadable("The body is not what its Content-Encoding says.")
    except (web.HTTPException, ConnectionError):
        raise
    except Exception as error:
        log.error(
            "An operation failed", extra={"operation": signature.get_operation_name(request.headers)}, exc_info=error
        )
        fault = faults.failed()
    return faults.build_response(fault.body, number, fault.status)


def to_request_error(refusal: Refusal, words: Words) -> RequestError:
    """Return the error for what the chat would refuse; for missing money in Amazon's words."""
    if isinstance(refusal, FundsMissing | JudgesPayMissing | MoreThanThere):
        needed = refusal.asked if isinstance(refusal, MoreThanThere) else refusal.needed
        figures = (
            f"{format_amount(needed)} {refusal.currency} are needed, {format_amount(refusal.available)} are available."
        )
        return RequestError(FUNDS, f"{NO_FUNDS_TEXT} {figures}")
    return RequestError(DENIED if isinstance(refusal, NotAllowed | Suspended) else INVALID, words(refusal))


async def _run_operation(door: TurkDoor, request: web.Request) -> bytes:
    """Check the signature, run the operation and return its answer. Raise Fault, RequestError or a Refusal, which cost
    the key more of its pace than a success."""
    body = await request.read()
    access_id = await _get_signer(door, request, body)
    operation = OPERATIONS.get(signature.get_operation_name(request.headers))
    if operation is None:
        raise faults.unknown_operation(request.headers.get("X-Amz-Target", ""))
    async with door.pace.take_turn(access_id) as bucket:
        try:
            call = OperationCall(door.house, operation, access_id, faults.read_input(operation.name, _parse_json(body)))
            async with door.pace.writing:
                database = door.house.database
                alone = operation.reads and not operation.looks  # it waits for no turn
                run = database.freely if alone else database.transact
                body_json = await run(call.run, door.house.clock())
                if operation.reads and door.pace.needs_note(bucket):  # to the minute; others do it themselves
                    await database.transact(call.note_key_use, door.house.clock())
                return body_json
        except (RequestError, Refusal, Fault):
            bucket.tokens -= REFUSAL_COST
            raise


async def _get_signer(door: TurkDoor, request: web.Request, body: bytes) -> str:
    """Return the access id of the pair that signed the request. Raise Fault."""
    if "Authorization" not in request.headers:
        raise faults.missing_token()
    received = signature.Signed(
        request.method,
        request.path,
        request.query_string,
        signature.decode_headers(request.raw_headers),
        body,
    )
    claim = signature.parse_claim(received.header("authorization"))
    signature.require_valid_signature(received, claim, await _get_secret(door, claim.key), door.house.clock())
    return claim.key


async def _get_secret(door: TurkDoor, access_id: str) -> str:
    """Return the secret of a pair, from the cache if it was used before: the call's own transaction checks whether the
    pair is still in use. Raise Fault for an unknown pair."""
    if access_id in door.secrets:
        return door.secrets[access_id]
    pair = None
    if is_access_id(access_id) and door.house.encryption:
        async with door.pace.reading:
            pair = await door.house.database.freely(
                lambda unit: api_keys.find_pair_in_use(unit, access_id), door.house.clock()
            )
    if pair is None:
        raise faults.unknown_key()
    try:
        secret = door.house.encryption.decrypt(pair[1])
    except Undecipherable:
        log.warning("A secret cannot be decrypted: is its key missing in SECRETS_KEY?")
        raise faults.unknown_key() from None
    if len(door.secrets) >= MAX_REMEMBERED_SECRETS:
        door.secrets.clear()
    door.secrets[access_id] = secret
    return secret


def _parse_json(body: bytes) -> object:
    try:
        return orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise faults.unreadable(f"The body is no JSON: {error}.") from None
