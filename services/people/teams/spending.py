"""A member's spending of a team's money, measured against their monthly cap in the transaction that moves it."""

from collections.abc import Callable
from typing import TypeVar

from domain.money.ledger import requester_account
from domain.people.people import PersonId
from domain.people.teams import Membership, Right, left_of
from domain.projects.projects import Project
from domain.refusals import CapReached, NotFound, NotInTeam
from services.act import Act
from services.people.teams import acting
from storage.unit import UnitOfWork

T = TypeVar("T")
Accounts = dict[str, tuple[int, int]]  # currency → (balance, version) of a team's account


def measured(act: Act, service: Callable[[], T]) -> T:
    """Runs the service; what left the team's account counts for its member. Raises CapReached, and nothing is done."""
    if act.member is None or act.unit.acting.right == Right.LOOK:
        return service()
    before = state_of(act.unit, act.person.id)
    result = service()
    charge(act.unit, act.person.id, act.member.id, before)
    return result


def state_of(unit: UnitOfWork, team: PersonId) -> Accounts:
    account = requester_account(unit.people.get(team))
    return {
        currency: (unit.ledger.balance(account, currency), unit.ledger.version(account, currency))
        for currency in unit.ledger.currencies(account)
    }


def charge(unit: UnitOfWork, team: PersonId, member: PersonId, before: Accounts) -> None:
    """Notes what left the account since. Raises CapReached."""
    for currency, (there, version) in state_of(unit, team).items():
        balance, earlier = before.get(currency, (0, 0))
        amount = balance - there
        if amount > 0:
            cap = check(unit, team, member, amount, currency).limit
            unit.team_spending.add(team, member, amount, currency, cap, (earlier, version))


def check(unit: UnitOfWork, team: PersonId, member: PersonId, amount: int, currency: str) -> Membership:
    """Raises CapReached where it is more than is left to this member."""
    found = unit.teams.member(team, member)
    if found is None:
        raise NotFound(what="team", name="")
    spent = unit.team_spending.spent(team, member, currency)
    left = left_of(found.limit, spent if currency == found.currency else found.limit or 0)
    if left is not None and amount > left:
        raise CapReached(needed=amount, cap=found.limit or 0, spent=spent, left=left, currency=currency)
    return found


def payer(unit: UnitOfWork, project: Project) -> PersonId | None:
    """For whom a team's project is launched by somebody else: the member who asked, else the owner. Raises NotInTeam
    where who asked may spend no more, and TeamHalted."""
    acting.check_owner(unit, project.requester)
    leader = unit.teams.leader(project.id)
    if leader is None:
        return unit.teams.owner(project.requester)
    found, asker = unit.teams.member(project.requester, leader), unit.people.get(leader)
    if found is None or not found.may(Right.SPEND) or asker.suspended or asker.barred:
        raise NotInTeam(team=unit.people.get(project.requester).name, right=Right.SPEND.value)
    return leader
