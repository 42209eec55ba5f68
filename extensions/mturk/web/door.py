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
from domain.refusals import (
    FundsMissing,
    JudgesPayMissing,
    MoreThanThere,
    NotAllowed,
    Refusal,
    Suspended,
)
from extensions.mturk.domain.hits import (
    DENIED,
    FUNDS,
    INVALID,
    RequestError,
    written,
)
from extensions.mturk.web import faults, signature
from extensions.mturk.web.faults import Fault
from extensions.mturk.web.operation import Operation, Writer
from extensions.mturk.web.table import OPERATIONS
from services.act import Act, House, Undecipherable
from services.people import api_keys, team_spending
from storage.unit import UnitOfWork
from web.api.endpoint import Pace, Words


@dataclass(frozen=True, slots=True)
class Call:
    """`access_id` is of the pair that signed."""

    house: House
    operation: Operation
    access_id: str
    members: Mapping[str, Any]

    def done(self, unit: UnitOfWork) -> bytes:
        """The answer's JSON. Raises Fault, RequestError and refusals, and does nothing then."""
        used, act = self._admitted(unit)
        if self.operation.reads:
            return self._served(act)
        before = _free(act)
        body = team_spending.run_charged(act, lambda: self._served(act))
        _count(act, used, before - _free(act) + unit.api_keys.awaited)
        unit.api_keys.note_use(used.owner, used.key.number)
        return body

    def note(self, unit: UnitOfWork) -> None:
        """The key is in use."""
        if (found := api_keys.find_pair_in_use(unit, self.access_id)) is not None:
            unit.api_keys.note_use(found[0].owner, found[0].key.number)

    def _served(self, act: Act) -> bytes:
        return orjson.dumps(self.operation.writes(Writer.of(act), self.operation.service(act, **self.members)))

    def _admitted(self, unit: UnitOfWork) -> tuple[KeyInUse, Act]:
        """The row authorises: a key that was revoked just now is none."""
        found = api_keys.find_pair_in_use(unit, self.access_id)
        if found is None:
            raise faults.unknown_key()
        used = found[0]
        if not used.key.scope.covers(self.operation.scope):
            needed = f"{self.operation.name} needs one that may {self.operation.scope}."
            raise faults.denied(f"This key may {used.key.scope}; {needed}")
        act = Act(
            unit,
            person=unit.people.get(used.owner),
            house=self.house,
            message=None,
            key=f"mturk:{used.owner}:{uuid4().hex}",
            secret=found[1],
        )
        act = team_spending.act_by_key(act, used, self.operation.scope)
        act.require(REQUESTER, self.operation.stays)
        return used, act


def _free(act: Act) -> int:
    return act.unit.ledger.balance(requester_account(act.person), act.house.terms.currency)


def _count(act: Act, used: KeyInUse, amount: int) -> None:
    """What left the owner's account counts against the key's budget."""
    if amount <= 0 or act.unit.api_keys.spend_budget(used.owner, used.key.number, amount):
        return
    left = (used.key.budget or 0) - used.key.spent
    raise RequestError(FUNDS, f"This key may spend {written(left)} more in all; this takes {written(amount)}.")


PER_SECOND, BURST = 800.0, 1600.0  # requests of a key
AT_ONCE, WRITING = 64, 16  # of a key; of all keys together
REFUSAL = 10.0  # requests that one which is refused counts for


def turk_pace() -> Pace:
    return Pace(
        per_second=PER_SECOND,
        burst=BURST,
        at_once=AT_ONCE,
        writing=asyncio.Semaphore(WRITING),
        refusal=lambda seconds: faults.throttled(),
    )


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
    async with door.pace.take_turn(access_id) as bucket:
        try:
            call = Call(door.house, operation, access_id, faults.read(operation.name, _json(body)))
            async with door.pace.writing:
                database = door.house.database
                alone = operation.reads and not operation.looks  # it waits for no turn
                run = database.freely if alone else database.transact
                found = await run(call.done, door.house.clock())
                if operation.reads and door.pace.needs_note(bucket):  # to the minute; others do it themselves
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
                lambda unit: api_keys.find_pair_in_use(unit, access_id), door.house.clock()
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
