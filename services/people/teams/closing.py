"""What keeps a team from being closed: other members, money, what runs, and what ended projects still hold or owe."""

from collections.abc import Iterator

from domain.money.amounts import smallest
from domain.money.ledger import account_of_tests, requester_account
from domain.people.people import Person, PersonId
from domain.people.teams import Role
from domain.refusals import TeamOpen
from storage.unit import UnitOfWork


def check_empty(unit: UnitOfWork, team: Person) -> None:
    """Raises TeamOpen; what ended projects hold comes back to the team, what they owe is paid from its money."""
    running, held = unit.erasure.running(team.id), unit.erasure.held(team.id)
    amount, currency = next(_money(unit, team), (0, ""))
    if owed := unit.erasure.owed(team.id):
        raise TeamOpen(0, owed[0][0], running, owed=owed[0][1])
    if amount or running:
        raise TeamOpen(amount=amount, currency=currency, running=running)
    if held:
        raise TeamOpen(held[0].amount, held[0].currency, 0, held[0].projects, held[0].until_at)


def _money(unit: UnitOfWork, team: Person) -> Iterator[tuple[int, str]]:
    """What is more than a person may leave behind."""
    funds, tests = requester_account(team), account_of_tests(team)
    for account in (funds, tests):
        for currency in unit.ledger.currencies(account):
            amount = unit.ledger.balance(account, currency)
            if amount >= (smallest(currency) if account == funds else 1):
                yield amount, currency


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
