"""One call: whose key it is, what the key may do, the service, and what it cost, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson

from domain.money.ledger import requester_account
from domain.mturk.errors import FUNDS, RequestError
from domain.mturk.money import written
from domain.people.api_keys import KeyInUse
from domain.people.people import REQUESTER
from services.act import Act, House
from services.people import api_keys
from services.people.teams import acting, spending
from storage.unit import UnitOfWork
from web.mturk import faults
from web.mturk.operation import Operation, Writer


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
        body = spending.measured(act, lambda: self._served(act))
        _count(act, used, before - _free(act) + unit.api_keys.awaited)
        unit.api_keys.note_use(used.owner, used.key.number)
        return body

    def note(self, unit: UnitOfWork) -> None:
        """The key is in use."""
        if (found := api_keys.pair_in_use(unit, self.access_id)) is not None:
            unit.api_keys.note_use(found[0].owner, found[0].key.number)

    def _served(self, act: Act) -> bytes:
        return orjson.dumps(self.operation.writes(Writer.of(act), self.operation.service(act, **self.members)))

    def _admitted(self, unit: UnitOfWork) -> tuple[KeyInUse, Act]:
        """The row authorises: a key that was revoked just now is none."""
        found = api_keys.pair_in_use(unit, self.access_id)
        if found is None:
            raise faults.unknown_key()
        used = found[0]
        if not used.key.scope.covers(self.operation.scope):
            needed = f"{self.operation.name} needs one that may {self.operation.scope}."
            raise faults.denied(f"This key may {used.key.scope}; {needed}")
        act = Act(unit, unit.people.get(used.owner), self.house, None, f"mturk:{used.owner}:{uuid4().hex}", found[1])
        act = acting.by_key(act, used, self.operation.scope)
        act.require(REQUESTER, self.operation.stays)
        return used, act


def _free(act: Act) -> int:
    return act.unit.ledger.balance(requester_account(act.person), act.house.terms.currency)


def _count(act: Act, used: KeyInUse, amount: int) -> None:
    """What left the owner's account counts against the key's budget."""
    if amount <= 0 or act.unit.api_keys.spend(used.owner, used.key.number, amount):
        return
    left = (used.key.budget or 0) - used.key.spent
    raise RequestError(FUNDS, f"This key may spend {written(left)} more in all; this takes {written(amount)}.")
