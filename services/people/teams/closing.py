"""What keeps a team from being closed: other members, money, what runs, and what ended projects still hold."""

from collections.abc import Iterator
from operator import itemgetter

from domain.money.ledger import account_of_tests, requester_account
from domain.people.people import Person, PersonId
from domain.people.teams import Role
from domain.refusals import TeamOpen
from storage.unit import UnitOfWork


def check_empty(unit: UnitOfWork, team: Person) -> None:
    """Raises TeamOpen; what ended projects hold comes back to the team."""
    running, held = unit.erasure.running(team.id), unit.erasure.held(team.id)
    amount, currency = next(filter(itemgetter(0), _money(unit, team)), (0, ""))
    if amount or running:
        raise TeamOpen(amount=amount, currency=currency, running=running)
    if held:
        raise TeamOpen(held[0].amount, held[0].currency, 0, held[0].projects, held[0].until_at)


def _money(unit: UnitOfWork, team: Person) -> Iterator[tuple[int, str]]:
    for account in (requester_account(team), account_of_tests(team)):
        for currency in unit.ledger.currencies(account):
            yield unit.ledger.balance(account, currency), currency


def orphans(unit: UnitOfWork, owner: PersonId) -> int:
    """Teams that would be left without an owner: with other members, money or something that runs."""
    own = [each.team for each, _ in unit.teams.of(owner) if each.role is Role.OWNER]
    return sum(len(unit.teams.members(team)) > 1 or not _is_empty(unit, unit.people.get(team)) for team in own)


def _is_empty(unit: UnitOfWork, team: Person) -> bool:
    try:
        check_empty(unit, team)
    except TeamOpen:
        return False
    return True
