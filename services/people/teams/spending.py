"""A member's spending of a team's money, measured against their monthly cap in the transaction that moves it."""

from collections.abc import Callable
from typing import TypeVar

from domain.money.ledger import requester_account
from domain.people.people import PersonId
from domain.people.teams import Membership, Right, is_team, left_of
from domain.projects.projects import Project
from domain.refusals import CapReached, NotFound, NotInTeam, TeamHalted
from services.act import Act
from services.people.teams import acting
from storage.unit import UnitOfWork

T = TypeVar("T")
Accounts = dict[str, tuple[int, int]]  # currency → (balance, version) of a team's account


def measured(act: Act, service: Callable[[], T]) -> T:
    """Runs the service; what it sets aside of the team's money counts for its member. Raises CapReached."""
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
    """Notes what was set aside of the account since, also where as much came back. Raises CapReached."""
    account = requester_account(unit.people.get(team))
    for currency, (_, version) in state_of(unit, team).items():
        _, earlier = before.get(currency, (0, 0))
        amount = unit.team_spending.set_aside(account, currency, earlier, version) if version > earlier else 0
        if amount:
            cap = check(unit, team, member, amount, currency).limit
            unit.team_spending.add(team, member, amount, currency, cap, (earlier, version))


def for_asker(unit: UnitOfWork, project: Project, needed: int, service: Callable[[], T]) -> T:
    """Runs the service, which sets so much aside for a project without an act of its requester's: of a team's money it
    counts for the member who asked for the project. Raises CapReached, NotInTeam and TeamHalted, before it runs."""
    team = project.requester
    if not is_team(team):
        return service()
    member = payer(unit, project)
    if member is None:
        raise TeamHalted(team=unit.people.get(team).name)
    check(unit, team, member, needed, project.currency)
    before = state_of(unit, team)
    result = service()
    charge(unit, team, member, before)
    return result


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
