"""Calls of the API that nobody may make: keys, scopes, ids and bodies, drawn by a seed."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

from domain.people.accounts import Scope
from services.act import House
from services.people import api_keys
from storage.unit import UnitOfWork
from tests.house import furnish
from tests.invariants.flows import turn
from tests.web.asker import key_of
from web.api.endpoint import ROOT, Endpoint
from web.api.table import ENDPOINTS

CANARY = "canary-of-anna"  # in all that Anna's project is made of
REFUSED = frozenset({400, 401, 402, 403, 404, 405, 409, 413, 415, 422})
NUMBERED_BY_PERSON = frozenset({"/keys/{number}"})  # Bob's key 1 is not Anna's
STRANGE_IDS = ("0", "-1", "1.5", "1e3", "%31%00", "١", "999999999999999", "9" * 40, "..", "1/../2", "1;2", "null", "")
STRANGE_CURSORS = ("0", "1", "-1", "9" * 30, "1 OR 1=1", "null", "\u0661", "1e3", "")
STRANGE_KEYS = (
    *("", "Bearer", "Bearer x", "Basic YTpi", "bearer  ", "Bearer pouce_", "Bearer pouce_" + "A" * 44),
    "Bearer cl\u00e9",
)
BODIES: dict[str, Any] = {
    "pay": "9.99",
    "amount": "1",
    "worker": "w-000000",
    "reason": "Because I can, and because I want to.",
    "line": 1,
    "task": "t1",
    "answers": ["positive"],
    "stands": True,
    "answer": "It is what it is.",
    "what": "all",
    "title": "Forged",
    "instructions": "Read it.",
    "options": ["a", "b"],
    "tasks": [{"text": "forged"}],
    "project": 1,
    "input": {"text": "forged"},
    "prediction": "positive",
    "overlap": 2,
    "extra": 1,
    "last": 99,
    "who": ["country=FR"],
    "name": "anna/reviews",
    "token": "hf_0123456789",
    "url": "https://93.184.215.14/hook",
    "lines": ["name: Forged"],
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Anna's that reads, and one she revoked; Bob's that may do all that is his."""

    anna: str
    reads: str
    revoked: str
    bob: str


@dataclass(frozen=True, slots=True)
class ForgedCall:
    method: str
    path: str
    key: str
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def settle(unit: UnitOfWork, house: House) -> Keys:
    """Anna's running project with answers, and Bob, who has none."""
    found = furnish(unit, 2, 6, 1, title=CANARY, instructions=(CANARY,), purpose=CANARY, accept="review", overlap=2)
    for worker in found.workers:
        turn(unit, worker)
    bob = unit.people.upsert(77, "bob", "Bob", "en", unit.now)
    unit.people.make_requester(bob.id, True)
    revoked = key_of(unit, house, found.requester)
    used = api_keys.find_key_in_use(unit, revoked)
    assert used is not None
    unit.api_keys.revoke(used.owner, used.key.number)
    reads, anna = key_of(unit, house, found.requester, "read"), key_of(unit, house, found.requester)
    return Keys(anna, reads, revoked, key_of(unit, house, bob.id))


def calls(keys: Keys, random: Random) -> Iterator[ForgedCall]:
    """Without end: each must be refused."""
    while True:
        endpoint = random.choice(ENDPOINTS)
        yield random.choice((_with_no_key, _of_another, _beyond_its_scope))(keys, endpoint, random)


def _with_no_key(keys: Keys, endpoint: Endpoint, random: Random) -> ForgedCall:
    place = random.randrange(6, len(keys.anna))
    letter = random.choice([each for each in "abcdefABCDEF012345" if each != keys.anna[place]])
    near = keys.anna[:place] + letter + keys.anna[place + 1 :]
    told = random.choice(
        [*STRANGE_KEYS, *[f"Bearer {key}" for key in (near, keys.revoked, _unknown(), keys.anna[:-1])]]
    )
    return _call(endpoint, told, random, _path(endpoint, random, strange=random.random() < 0.2))


def _of_another(keys: Keys, endpoint: Endpoint, random: Random) -> ForgedCall:
    """Bob asks for what is Anna's; what has no number, or one that counts each person's own, is asked with no key."""
    is_own = "{" not in endpoint.path and not _names_a_project(endpoint)
    if is_own or endpoint.path in NUMBERED_BY_PERSON:
        return _with_no_key(keys, endpoint, random)
    return _call(endpoint, f"Bearer {keys.bob}", random, _path(endpoint, random, strange=random.random() < 0.3))


def _names_a_project(endpoint: Endpoint) -> bool:
    return endpoint.body is not None and "project" in endpoint.body.model_fields


def _beyond_its_scope(keys: Keys, endpoint: Endpoint, random: Random) -> ForgedCall:
    if endpoint.scope is Scope.READ:
        return _of_another(keys, endpoint, random)
    return _call(endpoint, f"Bearer {keys.reads}", random, _path(endpoint, random, strange=False))


def _unknown() -> str:
    return f"pouce_{secrets.token_urlsafe(32)}"


def _path(endpoint: Endpoint, random: Random, strange: bool) -> str:
    path = endpoint.path
    while "{" in path:
        before, _, rest = path.partition("{")
        number = quote(random.choice(STRANGE_IDS), safe="%/") if strange else str(random.randrange(1, 8))
        path = before + number + rest.partition("}")[2]
    return path


def _call(endpoint: Endpoint, told: str, random: Random, path: str) -> ForgedCall:
    body, headers = None, {"Authorization": told} if told else {}
    if endpoint.body is not None:
        fields = {name: BODIES[name] for name in endpoint.body.model_fields if name in BODIES}
        garbage = (b"", b"{", b"[]", b"null", b'{"pay": "1", "pay": 2}', random.randbytes(200), b"[" * 5_000)
        body = json.dumps(fields).encode() if random.random() < 0.7 else random.choice(garbage)
        headers["Content-Type"] = random.choice(("application/json", "application/json", "text/plain", "x"))
    if endpoint.method == "POST" and random.random() < 0.5:
        headers["Idempotency-Key"] = f"forged {random.randrange(9)}"
    return ForgedCall(endpoint.method, ROOT + path + _query(endpoint, random), told, body, headers)


def _query(endpoint: Endpoint, random: Random) -> str:
    """Cursors of all sorts."""
    if endpoint.query is None or random.random() < 0.5:
        return ""
    return f"?{random.choice(('after', 'limit'))}={quote(random.choice(STRANGE_CURSORS))}"
