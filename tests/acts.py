"""A person's Act, for tests that call a service inside their own transaction."""

from decimal import Decimal
from typing import cast

from domain.fairness.appeals import Verdict
from domain.money.amounts import Millionths
from domain.money.payouts import Payer
from domain.money.pricing import Terms
from domain.people.accounts import PersonId
from handlers.payload import Payload
from handlers.routes import TABLE
from services.act import Act, House
from storage.database import Database
from storage.unit import UnitOfWork

SAYS: dict[Verdict | None, int] = {Verdict.WORKER: 1, Verdict.REQUESTER: 0, None: 2}  # as a judge's button does
TERMS = Terms("EUR", Decimal(10), Millionths(0))


def act_of(
    unit: UnitOfWork,
    person: PersonId,
    admins: frozenset[int] = frozenset(),
    message: int | None = None,
    *,
    key: str = "1",
    payer: Payer | None = None,
    terms: Terms = TERMS,
    approve_first: bool = False,
) -> Act:
    """`admins` are Telegram ids. A service inside a transaction has no use for the house's database."""
    payer, clock = payer or Payer(), lambda: unit.now
    house = House(cast(Database, None), terms, admins, False, "en", clock, payer, approve_first=approve_first)
    return Act(unit, unit.people.get(person), house, message, key)


def press(act: Act, payload: Payload) -> object:
    """As the chat does it: by its route, whose reply is told in the same transaction."""
    route = TABLE.by_payload[type(payload)]
    found = route.beside(act, **payload.fields()) if route.beside else None
    return route.run(act, payload, found)
