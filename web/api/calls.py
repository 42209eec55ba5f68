"""One call of a program: whose key it is, what it may do, and what it did, in the transaction of the service itself."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson

from domain.money.ledger import requester_account
from domain.people.accounts import REQUESTER, KeyInUse
from services.act import Act, House, Reply
from services.people import api_keys, team_spending
from storage.unit import UnitOfWork
from web.api.endpoint import Endpoint, Problem, unauthorized

Service = Callable[[Act], object]


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON as it goes out; `again`: it is that of an earlier request of the same name."""

    status: int
    body: bytes
    again: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """`key` is as it was sent, `name` the request's Idempotency-Key, empty without one; `fingerprint` is of all that
    was asked under that name."""

    house: House
    endpoint: Endpoint
    key: str
    name: str = ""
    fingerprint: str = ""

    def admitted(self, unit: UnitOfWork) -> Act:
        """Raises Problem and the refusals of whom the chat would refuse, too."""
        used = self.used(unit)
        person = unit.people.get(used.owner)
        key = f"api:{person.id}:{self.name or uuid4().hex}"
        act = team_spending.act_by_key(
            Act(unit, person, self.house, None, key, program=used.key.number), used, self.endpoint.scope
        )
        act.require(REQUESTER, self.endpoint.stays)
        return act

    def used(self, unit: UnitOfWork) -> KeyInUse:
        """The row authorises: a key that was revoked just now is none."""
        used = api_keys.in_use(unit, self.key)
        if used is None:
            raise unauthorized()
        if not used.key.scope.covers(self.endpoint.scope):
            detail = f"This key may {used.key.scope.value}; this needs one that may {self.endpoint.scope.value}."
            raise Problem(403, "scope", detail, facts={"scope": used.key.scope, "needed": self.endpoint.scope})
        return used

    def known(self, unit: UnitOfWork) -> Answer | None:
        """That of an earlier request of this name."""
        return self._found(unit, self.used(unit))

    def read(self, unit: UnitOfWork, service: Service) -> Answer:
        return Answer(self.endpoint.status, written(service(self.admitted(unit))))

    def done(self, unit: UnitOfWork, service: Service) -> Answer:
        """Does it once for its name, and within the key's budget; or nothing."""
        used = self.used(unit)
        found = self._found(unit, used)
        if found is not None:
            return found
        act = self.admitted(unit)
        before = _funds(act)
        result = team_spending.run_charged(act, lambda: service(act))
        _count(act, used, before - _funds(act) + unit.api_keys.awaited)
        unit.api_keys.note_use(used.owner, used.key.number)
        body = written(result)
        if self.name:
            unit.api_keys.note_done(used.owner, self.name, self.fingerprint, self.endpoint.status, body.decode())
        return Answer(self.endpoint.status, body)

    def _found(self, unit: UnitOfWork, used: KeyInUse) -> Answer | None:
        known = unit.api_keys.done(used.owner, self.name) if self.name else None
        if known is None:
            return None
        fingerprint, status, body = known
        if fingerprint != self.fingerprint:
            raise Problem(422, "idempotency_key_reused", "This Idempotency-Key was used for another request.")
        return Answer(status, body.encode(), again=True)


def fingerprint_of(method: str, path: str, *parts: bytes) -> str:
    """Of a request: equal for the same one alone."""
    digest = hashlib.sha256(f"{method} {path}".encode())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def written(result: object) -> bytes:
    """The answer of a service as JSON: that of the request, without what only a chat shows next."""
    if isinstance(result, Reply):
        result = result.done if result.done is not None else result.message
    return orjson.dumps(result, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value).__name__)


def _funds(act: Act) -> int:
    """What the person has free, in millionths, whatever the currency."""
    account = requester_account(act.person)
    currencies = act.unit.ledger.currencies(account) or [act.house.terms.currency]
    return sum(act.unit.ledger.balance(account, currency) for currency in currencies)


def _count(act: Act, used: KeyInUse, amount: int) -> None:
    """What left the owner's account counts against the key's budget."""
    if amount <= 0 or act.unit.api_keys.spend(used.owner, used.key.number, amount):
        return
    budget, spent = used.key.budget or 0, used.key.spent
    detail = f"This key may spend {budget} millionths in all; {spent} are spent, and this takes {amount}."
    facts = {"budget": budget, "spent": spent, "needed": amount, "missing": spent + amount - budget}
    raise Problem(403, "budget", detail, facts=facts)
