"""A requester's money as Mechanical Turk counts it, in the house's currency."""

from dataclasses import dataclass

from domain.money.ledger import requester_account
from services.act import Act


@dataclass(frozen=True, slots=True)
class Balance:
    """Millionths: `free`, and `held` for answers that may still come, their top-ups among them."""

    free: int
    held: int


def balance(act: Act) -> Balance:
    unit, currency = act.unit, act.house.terms.currency
    free = unit.ledger.balance(requester_account(act.person), currency)
    return Balance(free, unit.spending.held(act.person.id, currency))
