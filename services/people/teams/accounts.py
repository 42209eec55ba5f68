"""`/team`: the accounts a person may act for, and making a team."""

from typing import Any

from domain.people.people import REQUESTER, Person, PersonId
from domain.people.team_messages import ActingFor, TeamAccounts, TeamListed, TeamNameAsked
from domain.people.teams import LONGEST, MOST_TEAMS, SHORTEST, Role, number_of, read_name
from domain.refusals import NotAllowed, NotFound, TeamHalted, TooManyTeams
from services.act import Act, Reply
from services.people import linked_accounts, menus
from storage.unit import UnitOfWork

NAMING = "team name"
Found = tuple[ActingFor, Reply]


def show(act: Act) -> Reply:
    """Typed, or by a button: in place of what had it."""
    return Reply(listed(act), edits=act.message)


def listed(act: Act) -> TeamAccounts:
    act.refuse_suspended()
    known = act.unit.people.get(act.person.id)
    teams = tuple(
        TeamListed(number_of(each.team), name, each.role.value, each.team == known.acts_for)
        for each, name in act.unit.teams.of(known.id)
    )
    founds = sum(each.role == Role.OWNER for each in teams) < MOST_TEAMS
    asks = act.house.may_ask(known)
    return TeamAccounts(teams, known.acts_for is None, asks, asks and founds)


def act_for(act: Act, team: int) -> Found:
    """0: for themselves. A form that was begun for another account is dropped."""
    act.refuse_suspended()
    if team == 0:
        return _themselves(act)
    found = next(((each, name) for each, name in act.unit.teams.of(act.person.id) if each.team == -team), None)
    if found is None:
        raise NotFound(what="team", name="")
    _switch(act, found[0].team)
    return ActingFor(found[1], found[0].role.value), show(act)


def _themselves(act: Act) -> Found:
    """Raises NotAllowed for who has no requester's role of their own: they act for their teams alone."""
    if not act.house.may_ask(act.person):
        raise NotAllowed(role=REQUESTER)
    _switch(act, None)
    return ActingFor(""), show(act)


def _switch(act: Act, team: PersonId | None) -> None:
    if act.unit.people.get(act.person.id).acts_for == team:
        return
    act.unit.people.act_for(act.person.id, team)
    act.unit.drafts.drop(act.person.id)
    act.unit.drafts.forms.drop(act.person.id)
    menus.show(act, act.person.id)


def ask_name(act: Act) -> TeamNameAsked:
    check_founder(act)
    act.unit.drafts.keep(act.person.id, NAMING, {}, act.unit.now)
    return TeamNameAsked(SHORTEST, LONGEST)


def named(act: Act, kept: dict[str, Any], text: str) -> TeamNameAsked | Found:
    """The team is there at once, and its founder acts for it."""
    check_founder(act)
    name = read_name(text)
    if name is None:
        return TeamNameAsked(SHORTEST, LONGEST, again=True)
    unit, person = act.unit, act.person
    unit.drafts.drop(person.id)
    team = unit.teams.add(name, person.language)
    unit.teams.join(team, person.id, Role.OWNER, None, act.house.terms.currency)
    part_from(unit, team, person.id)
    unit.audit.note(person.id, "team made", f"person:{team}")
    return act_for(act, -team)


def check_founder(act: Act) -> None:
    """A team is made by somebody who may open projects of their own. Raises NotAllowed, Suspended, TooManyTeams."""
    act.refuse_suspended()
    if not act.house.may_ask(act.person):
        raise NotAllowed(role=REQUESTER)
    owned = [each.team for each, _ in act.unit.teams.of(act.person.id) if each.role is Role.OWNER]
    for team in owned:  # no second one beside one that was stopped
        check_running(act.unit.people.get(team))
    if len(owned) >= MOST_TEAMS:
        raise TooManyTeams(what="teams", most=MOST_TEAMS)


def check_running(team: Person) -> None:
    """Raises TeamHalted for a team that an admin has stopped."""
    if team.suspended or team.barred:
        raise TeamHalted(team=team.name)


def part_from(unit: UnitOfWork, team: PersonId, member: PersonId) -> None:
    """Neither a member nor who shares a bank account with one works for the team."""
    for worker in (member, *unit.payees.mates(member)):
        linked_accounts.keep_apart(unit, worker, team)
