"""Pay that its worker gives up because they leave: it goes back to the requesters who paid it, the latest pay first.

What came from requesters who are gone themselves goes to the platform's fees, and that is said before it is given up.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache, partial

from domain.money.amounts import Millionths
from domain.money.ledger import FEES, Transfer, available_account, fees_account, requester_account
from domain.money.messages.funds import PayGivenBack
from domain.people.people import Person, PersonId
from domain.projects.projects import ProjectId
from storage.unit import UnitOfWork

Whose = tuple[Person | None, ProjectId | None]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of what a worker has: `payer` is None where who paid it is gone."""

    payer: Person | None
    project: ProjectId | None
    amount: Millionths


def shares(unit: UnitOfWork, worker: Person, currency: str) -> tuple[Share, ...]:
    """Who paid what the worker has available, by project; the account stays locked. What was given up before is left
    out: a payout that came back since is of other pay."""
    account = available_account(worker)
    there = unit.ledger.locked_balance(account, currency)
    here = cache(partial(_here, unit))
    given_up, found = Counter[Whose](), Counter[Whose]()
    paid = unit.operations.payers(account, currency) if there else ()
    for payer, project, amount in paid:
        whose = (here(payer), project)
        before = min(given_up[whose], amount)  # `amount` itself, below zero, where this is what was given up
        part = min(there, amount - before)
        given_up[whose] -= before
        found[whose] += part
        there -= part
        if not there:
            break
    return tuple(Share(*whose, Millionths(part)) for whose, part in found.items() if part)


def waive(unit: UnitOfWork, worker: Person, currency: str) -> int:
    """All that is available goes back; those who get it are told. The last operation's number, 0 where nothing was."""
    account = available_account(worker)
    version, found = unit.ledger.version(account, currency), shares(unit, worker, currency)
    given, last = dict[PersonId, tuple[int, int]](), 0
    for number, share in enumerate(found):
        target = _target(share)
        unit.ledger.open((target,), currency)
        key = f"waived:{worker.id}:{version}:{number}"
        made = unit.ledger.post(Transfer(key, "waived", account, target, share.amount, currency, share.project))
        last = made or last
        if share.payer is not None:
            sum_ = given.get(share.payer.id, (0, 0))[0] + share.amount
            given[share.payer.id] = (sum_, last)
    for payer, (amount, operation) in given.items():
        _tell(unit, unit.people.get(payer), amount, currency, operation)
    return last


def pass_on(unit: UnitOfWork, worker: Person, currency: str) -> None:
    """What reaches the account of somebody who has left would lie there for ever."""
    if worker.telegram_id is None:
        waive(unit, worker, currency)


def _here(unit: UnitOfWork, account: str | None) -> Person | None:
    """Who can be paid back: neither erased nor a team that is closed."""
    found = None if account is None else unit.people.by_telegram_id(int(account.split(":")[1]))
    team = unit.teams.find(found.id) if found is not None and found.is_team else None
    return None if team is not None and team.closed_at is not None else found


def _target(share: Share) -> str:
    if share.payer is not None:
        return requester_account(share.payer)
    return FEES if share.project is None else fees_account(share.project)


def _tell(unit: UnitOfWork, payer: Person, amount: int, currency: str, operation: int) -> None:
    free = unit.ledger.balance(requester_account(payer), currency)
    unit.outbox.tell(payer.id, PayGivenBack(amount, free, currency, operation, payer.team_name))
