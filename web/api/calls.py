"""One call of a program: its key, what the key may do, and what the call did, in the transaction of the service
itself."""

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
class ApiAnswer:
    """A JSON answer; `is_repeated`: it is that of an earlier request with the same Idempotency-Key."""

    status: int
    body: bytes
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A call of an endpoint. `key` is the API key as sent, `name` the request's Idempotency-Key, empty without one;
    `fingerprint` is a digest of the whole request, since a name may not be used for another one."""

    house: House
    endpoint: Endpoint
    key: str
    name: str = ""
    fingerprint: str = ""

    def authorize(self, unit: UnitOfWork) -> Act:
        """Return the act of the key's owner. Raise Problem for an unknown key or a missing scope, and the refusals
        that the chat would give its owner, too."""
        key_in_use = self.get_key(unit)
        person = unit.people.get(key_in_use.owner)
        key = f"api:{person.id}:{self.name or uuid4().hex}"
        act = team_spending.act_by_key(
            Act(unit, person, self.house, None, key, program=key_in_use.key.number), key_in_use, self.endpoint.scope
        )
        act.require(REQUESTER, self.endpoint.stays)
        return act

    def get_key(self, unit: UnitOfWork) -> KeyInUse:
        """Return the key in use, read in this transaction, so that a key revoked just now is refused. Raise Problem
        401 if there is none, 403 if its scope does not cover the endpoint's."""
        key_in_use = api_keys.find_key_in_use(unit, self.key)
        if key_in_use is None:
            raise unauthorized()
        if not key_in_use.key.scope.covers(self.endpoint.scope):
            detail = f"This key may {key_in_use.key.scope.value}; this needs one that may {self.endpoint.scope.value}."
            raise Problem(403, "scope", detail, facts={"scope": key_in_use.key.scope, "needed": self.endpoint.scope})
        return key_in_use

    def find_earlier_answer(self, unit: UnitOfWork) -> ApiAnswer | None:
        """Return the answer of an earlier request with this name, or None. Raise Problem 422 if that was another
        request."""
        return self._find_answer(unit, self.get_key(unit))

    def answer_reading(self, unit: UnitOfWork, service: Service) -> ApiAnswer:
        """Return the answer of a service that only reads. Raise as `authorize` does."""
        return ApiAnswer(self.endpoint.status, to_json(service(self.authorize(unit))))

    def answer_once(self, unit: UnitOfWork, service: Service) -> ApiAnswer:
        """Run the service once for its name and return its answer, or the stored answer of an earlier request with
        that name. Money it spends counts against the key's budget. Raise Problem if the name was used for another
        request or the budget is exceeded."""
        key_in_use = self.get_key(unit)
        earlier_answer = self._find_answer(unit, key_in_use)
        if earlier_answer is not None:
            return earlier_answer
        act = self.authorize(unit)
        funds_before = _total_funds(act)
        result = team_spending.run_charged(act, lambda: service(act))
        _charge_budget(act, key_in_use, funds_before - _total_funds(act) + unit.api_keys.awaited)
        unit.api_keys.note_use(key_in_use.owner, key_in_use.key.number)
        body = to_json(result)
        if self.name:
            stored = hide_fields(body, self.endpoint.hides).decode()
            unit.api_keys.add_request(key_in_use.owner, self.name, self.fingerprint, self.endpoint.status, stored)
        return ApiAnswer(self.endpoint.status, body)

    def _find_answer(self, unit: UnitOfWork, key_in_use: KeyInUse) -> ApiAnswer | None:
        stored = unit.api_keys.find_request(key_in_use.owner, self.name) if self.name else None
        if stored is None:
            return None
        fingerprint, status, body = stored
        if fingerprint != self.fingerprint:
            raise Problem(422, "idempotency_key_reused", "This Idempotency-Key was used for another request.")
        return ApiAnswer(status, body.encode(), is_repeated=True)


def fingerprint_of(method: str, path: str, *parts: bytes) -> str:
    """Return a digest of a request; equal only for the same method, path and parts."""
    digest = hashlib.sha256(f"{method} {path}".encode())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def to_json(result: object) -> bytes:
    """Return a service's result as JSON, without what only a chat shows next."""
    if isinstance(result, Reply):
        result = result.done if result.done is not None else result.message
    return orjson.dumps(result, default=_to_json_value)


def hide_fields(body: bytes, names: tuple[str, ...]) -> bytes:
    """Return a JSON object with null in place of these fields, which must not be stored."""
    return orjson.dumps({**orjson.loads(body), **dict.fromkeys(names)}) if names else body


def _to_json_value(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(type(value).__name__)


def _total_funds(act: Act) -> int:
    """Return the person's free money in millionths, all currencies added."""
    account = requester_account(act.person)
    currencies = act.unit.ledger.currencies(account) or [act.house.terms.currency]
    return sum(act.unit.ledger.balance(account, currency) for currency in currencies)


def _charge_budget(act: Act, key_in_use: KeyInUse, amount: int) -> None:
    """Count `amount` against the key's budget. Raise Problem 403 if the budget does not suffice."""
    if amount <= 0 or act.unit.api_keys.spend_budget(key_in_use.owner, key_in_use.key.number, amount):
        return
    budget, spent = key_in_use.key.budget or 0, key_in_use.key.spent
    detail = f"This key may spend {budget} millionths in all; {spent} are spent, and this takes {amount}."
    facts = {"budget": budget, "spent": spent, "needed": amount, "missing": spent + amount - budget}
    raise Problem(403, "budget", detail, facts=facts)
