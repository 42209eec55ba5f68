"""Authorises acts for a team by the row of the membership, and charges what a member sets aside of its money.

A button or a command about a project acts for the account that owns it; anything else for the account chosen in
`/team`. An act for a team has the team as its `person`, so that projects and money are the team's, and the member as
its `member`, whose chat reads the answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar, get_type_hints

from domain.fairness.board import HOUSE, PostId
from domain.fairness.questions import QuestionId
from domain.money.ledger import requester_account
from domain.people.accounts import KeyInUse, PersonId, Scope
from domain.people.qualifications import TypeId
from domain.people.teams import OWN_ACCOUNT, Membership, Right, TeamNumber, is_team, left_of_cap
from domain.projects.launches import LaunchRequestId
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import TaskId
from domain.quality.gold_challenges import ChallengeId
from domain.refusals import CapReached, NotFound, NotInTeam, TeamHalted
from domain.work.assignments import SubmissionId
from services.act import Act
from storage.unit import UnitOfWork

FindOwner = Callable[[UnitOfWork, Any], PersonId | None]


def _owner_of_project(unit: UnitOfWork, number: int | None) -> PersonId | None:
    """Return the account that owns the project, or None if there is no such project."""
    project = unit.projects.find(ProjectId(number)) if number else None
    return project.requester if project else None


def _owner_by_project(find: Callable[[UnitOfWork, Any], Any]) -> FindOwner:
    """Return a function that finds the owner of a thing by its number, through the project that it belongs to."""

    def owner(unit: UnitOfWork, number: Any) -> PersonId | None:
        item = find(unit, number)
        return _owner_of_project(unit, item.project if item else None)

    return owner


def _owner_of_type(unit: UnitOfWork, number: TypeId) -> PersonId | None:
    qualification = unit.qualifications.find(number)
    return qualification.requester if qualification else None


def _owner_of_petition(unit: UnitOfWork, number: PostId) -> PersonId | None:
    """Return the account that the board of this post belongs to; the bot's own board has none (OWN_ACCOUNT)."""
    post = unit.boards.find(number)
    return _owner_of_project(unit, post.board) if post and post.board != HOUSE else PersonId(OWN_ACCOUNT)


def _account_of_team(unit: UnitOfWork, number: TeamNumber) -> PersonId | None:
    return PersonId(-number)


# Whose a thing is, by the type of the service's argument.
FIND_OWNER_BY_TYPE: Mapping[Any, FindOwner] = {
    ProjectId: _owner_of_project,
    SubmissionId: _owner_by_project(lambda unit, number: unit.submissions.find(number)),
    TaskId: _owner_by_project(lambda unit, number: unit.tasks.find(number)),
    QuestionId: _owner_by_project(lambda unit, number: unit.questions.find(number)),
    ChallengeId: _owner_by_project(lambda unit, number: unit.gold_challenges.find(number)),
    TypeId: _owner_of_type,
    PostId: _owner_of_petition,
    TeamNumber: _account_of_team,
    LaunchRequestId: lambda unit, number: unit.launch_requests.owner(number),
}


@cache
def _owned_argument(service: Callable[..., object]) -> tuple[str, FindOwner] | None:
    """Return the argument of a service that names something owned, and the function that finds its owner; None if there
    is none."""
    hints = get_type_hints(service).items()
    return next(((name, FIND_OWNER_BY_TYPE[kind]) for name, kind in hints if kind in FIND_OWNER_BY_TYPE), None)


def act_for_owner(act: Act, service: Callable[..., object], fields: Mapping[str, Any], right: Right) -> Act:
    """Return the act for the account that owns what the service is about, or for the account chosen in `/team`.

    Raise NotInTeam if the member lacks the right, TeamHalted if the team's owner may not open projects, NotFound if a
    button of a team is pressed by somebody who is no member."""
    act.unit.acting.act_for_self()
    owned_argument = _owned_argument(service)
    owner = owned_argument[1](act.unit, fields[owned_argument[0]]) if owned_argument and act.member is None else None
    if owner in (act.person.id, OWN_ACCOUNT):
        return act
    if owner is not None and is_team(owner):
        if (
            owned_argument is not None and owned_argument[1] is _account_of_team
        ):  # a button of the team's, in the chat of a former member
            return act_for_team(act, owner, right)
        return act if act.unit.teams.find_membership(owner, act.person.id) is None else act_for_team(act, owner, right)
    return act_for_chosen(act, right) if owner is None else act


def act_for_chosen(act: Act, right: Right) -> Act:
    """Return the act for the account chosen in `/team`. Raise as `act_for_team` does."""
    team = act.person.acts_for
    return act if team is None or act.member is not None else act_for_team(act, team, right)


def act_for_project(act: Act, project: int, right: Right) -> Act:
    """Return the act for the team that owns this project if the person is a member, else the act as it is."""
    owner = _owner_of_project(act.unit, project)
    member = owner is not None and is_team(owner) and act.unit.teams.find_membership(owner, act.chat.id)
    return act_for_team(act, owner, right) if owner is not None and member else act


def act_for_team(act: Act, team: PersonId, right: Right) -> Act:
    """Return the act with the team as its person, and store the authorisation in the unit of work.

    Raise NotFound if the person is no member, NotInTeam if they lack the right, TeamHalted while the team's owner may
    not open projects."""
    unit, member = act.unit, act.chat
    membership = unit.teams.find_membership(team, member.id)
    if membership is None:
        raise NotFound(what="team", name="")
    account = unit.people.get(team)
    if not membership.may(right):
        raise NotInTeam(team=account.name, right=right.value)
    if right is not Right.LOOK:
        require_active_owner(unit, team)
    unit.acting.team, unit.acting.member, unit.acting.right = team, member.id, right.value
    return replace(act, person=replace(account, language=member.language), member=member)


def require_right(act: Act, right: Right) -> None:
    """Raise NotInTeam if the act is a member's who lacks a right that this part of a service needs."""
    membership = act.unit.teams.find_membership(act.person.id, act.member.id) if act.member is not None else None
    if membership is not None and not membership.may(right):
        raise NotInTeam(team=act.person.name, right=right.value)


def may_spend(unit: UnitOfWork) -> bool:
    """Return whether the transaction may spend: yes for a person's own account, in a team if the member has the
    right."""
    team, member = unit.acting.team, unit.acting.member
    membership = unit.teams.find_membership(team, member) if team is not None and member is not None else None
    return membership is None or membership.may(Right.SPEND)


def act_by_key(act: Act, used: KeyInUse, needed: Scope) -> Act:
    """Return the act of a program for the team that owns its key, as the member who made it; their present rights
    count.

    The act is unchanged if the key is a person's own. Raise as `act_for_team` does."""
    if used.member is None:
        return act
    member = replace(act, person=act.unit.people.get(used.member))
    return act_for_team(member, used.owner, Right.LOOK if needed is Scope.READ else Right.SPEND)


def require_active_owner(unit: UnitOfWork, team: PersonId) -> None:
    """Raise TeamHalted if the team, or its owner, was stopped or barred by an admin, or if it has no owner.

    Otherwise an owner whom an admin has stopped could go on through a team."""
    owner, account = unit.teams.find_owner(team), unit.people.get(team)
    owner_account = unit.people.get(owner) if owner is not None else None
    if owner_account is None or owner_account.suspended or owner_account.barred or account.barred or account.suspended:
        raise TeamHalted(team=account.name)


Result = TypeVar("Result")
Balances = dict[str, tuple[int, int]]  # currency → (balance, version) of a team's account


def run_charged(act: Act, service: Callable[[], Result]) -> Result:
    """Run the service and charge to the member what it sets aside of the team's money. Raise CapReached if it is more
    than their cap."""
    if act.member is None or act.unit.acting.right == Right.LOOK:
        return service()
    before = read_balances(act.unit, act.person.id)
    result = service()
    charge_member(act.unit, act.person.id, act.member.id, before)
    return result


def read_balances(unit: UnitOfWork, team: PersonId) -> Balances:
    """Return balance and version of a team's account by currency."""
    account = requester_account(unit.people.get(team))
    return {
        currency: (unit.ledger.balance(account, currency), unit.ledger.version(account, currency))
        for currency in unit.ledger.currencies(account)
    }


def charge_member(unit: UnitOfWork, team: PersonId, member: PersonId, before: Balances) -> None:
    """Store what was set aside of the account since `before`, also where as much came back meanwhile. Raise
    CapReached."""
    account = requester_account(unit.people.get(team))
    for currency, (_, version) in read_balances(unit, team).items():
        _, earlier = before.get(currency, (0, 0))
        amount = unit.team_spending.sum_set_aside(account, currency, earlier, version) if version > earlier else 0
        if amount:
            cap = require_within_cap(unit, team, member, amount, currency).limit
            unit.team_spending.add(team, member, amount, currency, cap=cap, versions=(earlier, version))


def run_charged_to_asker(unit: UnitOfWork, project: Project, needed: int, service: Callable[[], Result]) -> Result:
    """Run a service that sets `needed` aside for a project without an act of its requester; a team's member who asked
    for the project is charged.

    Raise CapReached, NotInTeam or TeamHalted before it runs."""
    team = project.requester
    if not is_team(team):
        return service()
    member = get_payer(unit, project)
    if member is None:
        raise TeamHalted(team=unit.people.get(team).name)
    require_within_cap(unit, team, member, needed, project.currency)
    before = read_balances(unit, team)
    result = service()
    charge_member(unit, team, member, before)
    return result


def require_within_cap(unit: UnitOfWork, team: PersonId, member: PersonId, amount: int, currency: str) -> Membership:
    """Return the membership. Raise CapReached if the amount is more than is left of the member's cap, NotFound if they
    are no member."""
    membership = unit.teams.find_membership(team, member)
    if membership is None:
        raise NotFound(what="team", name="")
    spent = unit.team_spending.sum_of_member(team, member, currency)
    left_of_limit = left_of_cap(membership.limit, spent if currency == membership.currency else membership.limit or 0)
    if left_of_limit is not None and amount > left_of_limit:
        raise CapReached(needed=amount, cap=membership.limit or 0, spent=spent, left=left_of_limit, currency=currency)
    return membership


def get_payer(unit: UnitOfWork, project: Project) -> PersonId | None:
    """Return the member to be charged when somebody else launches a team's project: the one who asked for it, else the
    owner.

    Raise NotInTeam if the one who asked may spend no more, TeamHalted if the team's owner may not open projects."""
    require_active_owner(unit, project.requester)
    leader = unit.teams.find_leader(project.id)
    if leader is None:
        return unit.teams.find_owner(project.requester)
    membership, asker = unit.teams.find_membership(project.requester, leader), unit.people.get(leader)
    if membership is None or not membership.may(Right.SPEND) or asker.suspended or asker.barred:
        raise NotInTeam(team=unit.people.get(project.requester).name, right=Right.SPEND.value)
    return leader
