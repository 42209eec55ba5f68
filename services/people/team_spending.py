"""For whom a person acts: for themselves, or for a team they are a member of. The row of the membership authorises.

A button or a command about a project acts for the account that owns it; anything else for the account chosen in
`/team`. An act for a team has the team as its `person`, so that projects and money are the team's, and the member as
its `member`, whose chat reads the answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar, get_type_hints

from domain.fairness.board import HOUSE, PostId
from domain.fairness.questions import QuestionId
from domain.money.ledger import requester_account
from domain.people.accounts import KeyInUse, PersonId, Scope
from domain.people.qualifications import TypeId
from domain.people.teams import (
    OWN,
    Membership,
    Right,
    TeamNumber,
    is_team,
    left_of,
)
from domain.projects.launches import LaunchRequestId
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import TaskId
from domain.quality.gold_challenges import ChallengeId
from domain.refusals import (
    CapReached,
    NotFound,
    NotInTeam,
    TeamHalted,
)
from domain.work.assignments import SubmissionId
from services.act import Act
from storage.unit import UnitOfWork

Owner = Callable[[UnitOfWork, Any], PersonId | None]


def _of_project(unit: UnitOfWork, number: int | None) -> PersonId | None:
    found = unit.projects.find(ProjectId(number)) if number else None
    return found.requester if found else None


def _of_its_project(find: Callable[[UnitOfWork, Any], Any]) -> Owner:
    """Of a thing that names its project, found by its number."""

    def owner(unit: UnitOfWork, number: Any) -> PersonId | None:
        found = find(unit, number)
        return _of_project(unit, found.project if found else None)

    return owner


def _of_type(unit: UnitOfWork, number: TypeId) -> PersonId | None:
    found = unit.qualifications.find(number)
    return found.requester if found else None


def _of_petition(unit: UnitOfWork, number: PostId) -> PersonId | None:
    """Whom a board's petitions are for; the house has no account."""
    found = unit.boards.find(number)
    return _of_project(unit, found.board) if found and found.board != HOUSE else PersonId(OWN)


def _of_number(unit: UnitOfWork, number: TeamNumber) -> PersonId | None:
    return PersonId(-number)


# Whose a thing is, by the type of the service's argument.
OWNERS: Mapping[Any, Owner] = {
    ProjectId: _of_project,
    SubmissionId: _of_its_project(lambda unit, number: unit.submissions.find(number)),
    TaskId: _of_its_project(lambda unit, number: unit.tasks.find(number)),
    QuestionId: _of_its_project(lambda unit, number: unit.questions.find(number)),
    ChallengeId: _of_its_project(lambda unit, number: unit.gold_challenges.find(number)),
    TypeId: _of_type,
    PostId: _of_petition,
    TeamNumber: _of_number,
    LaunchRequestId: lambda unit, number: unit.launch_requests.owner(number),
}


@cache
def _about(service: Callable[..., object]) -> tuple[str, Owner] | None:
    """The argument that names a thing somebody owns, and how its owner is found."""
    hints = get_type_hints(service).items()
    return next(((name, OWNERS[kind]) for name, kind in hints if kind in OWNERS), None)


def acting(act: Act, service: Callable[..., object], fields: Mapping[str, Any], right: Right) -> Act:
    """The same act for the account it is about. Raises NotInTeam and TeamHalted, and NotFound for a team they are not
    in."""
    act.unit.acting.act_for_self()
    about = _about(service)
    owner = about[1](act.unit, fields[about[0]]) if about and act.member is None else None
    if owner in (act.person.id, OWN):
        return act
    if owner is not None and is_team(owner):
        if about is not None and about[1] is _of_number:  # a button of the team's, in the chat of a former member
            return for_team(act, owner, right)
        return act if act.unit.teams.member(owner, act.person.id) is None else for_team(act, owner, right)
    return chosen(act, right) if owner is None else act


def chosen(act: Act, right: Right) -> Act:
    """For the account chosen in `/team`."""
    team = act.person.acts_for
    return act if team is None or act.member is not None else for_team(act, team, right)


def for_project(act: Act, project: int, right: Right) -> Act:
    """For the team that owns this project, where they are a member of it."""
    owner = _of_project(act.unit, project)
    member = owner is not None and is_team(owner) and act.unit.teams.member(owner, act.chat.id)
    return for_team(act, owner, right) if owner is not None and member else act


def for_team(act: Act, team: PersonId, right: Right) -> Act:
    """Raises NotInTeam for who is no member, or lacks the right, and TeamHalted while its owner may not ask."""
    unit, member = act.unit, act.chat
    found = unit.teams.member(team, member.id)
    if found is None:
        raise NotFound(what="team", name="")
    account = unit.people.get(team)
    if not found.may(right):
        raise NotInTeam(team=account.name, right=right.value)
    if right is not Right.LOOK:
        check_owner(unit, team)
    unit.acting.team, unit.acting.member, unit.acting.right = team, member.id, right.value
    return replace(act, person=replace(account, language=member.language), member=member)


def need(act: Act, right: Right) -> None:
    """Raises NotInTeam where a member lacks a right that a part of the service needs."""
    found = act.unit.teams.member(act.person.id, act.member.id) if act.member is not None else None
    if found is not None and not found.may(right):
        raise NotInTeam(team=act.person.name, right=right.value)


def may_spend(unit: UnitOfWork) -> bool:
    """Whoever acts for themselves; of a team's members those who may."""
    team, member = unit.acting.team, unit.acting.member
    found = unit.teams.member(team, member) if team is not None and member is not None else None
    return found is None or found.may(Right.SPEND)


def by_key(act: Act, used: KeyInUse, needed: Scope) -> Act:
    """Of a program: for the team whose key it is, as the member who made it; what they may do now counts."""
    if used.member is None:
        return act
    member = replace(act, person=act.unit.people.get(used.member))
    return for_team(member, used.owner, Right.LOOK if needed is Scope.READ else Right.SPEND)


def check_owner(unit: UnitOfWork, team: PersonId) -> None:
    """Raises TeamHalted: a team is no way round what an admin has decided about its owner."""
    owner, account = unit.teams.owner(team), unit.people.get(team)
    known = unit.people.get(owner) if owner is not None else None
    if known is None or known.suspended or known.barred or account.barred or account.suspended:
        raise TeamHalted(team=account.name)


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
    check_owner(unit, project.requester)
    leader = unit.teams.leader(project.id)
    if leader is None:
        return unit.teams.owner(project.requester)
    found, asker = unit.teams.member(project.requester, leader), unit.people.get(leader)
    if found is None or not found.may(Right.SPEND) or asker.suspended or asker.barred:
        raise NotInTeam(team=unit.people.get(project.requester).name, right=Right.SPEND.value)
    return leader
