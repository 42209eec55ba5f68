"""A team's members: who may do what, within which cap, and how memberships end."""

from typing import Any

from domain.money.amount_input import typed_amount
from domain.money.amounts import LARGEST, Millionths
from domain.money.ledger import requester_account
from domain.people.people import Person, PersonId
from domain.people.team_messages import (
    TeamCapAsked,
    TeamCard,
    TeamLeaveAsked,
    TeamMember,
    TeamMemberCard,
    TeamNews,
)
from domain.people.teams import CAPS, Hears, Membership, Role, number_of
from domain.refusals import BadInput, NotFound, NotInTeam, UnknownChoice
from services.act import Act, Reply
from services.people import menus
from services.people.teams import accounts, acting, closing
from storage.unit import UnitOfWork

CAP = "team cap"


def show(act: Act, team: int) -> Reply:
    """One team, to a member."""
    return Reply(card(act, team), edits=act.message)


def card(act: Act, team: int) -> TeamCard:
    unit, own, mine = act.unit, *_mine(act, team)
    currency = act.house.terms.currency
    spent = unit.team_spending.by_member(own.id, currency)
    found = tuple(_shown(unit, each, spent) for each in unit.teams.members(own.id))
    if mine.role is not Role.OWNER:
        found = tuple(each for each in found if each.role == Role.OWNER or each.member == act.person.id)
    free = unit.ledger.balance(requester_account(own), currency)
    here = unit.people.get(act.person.id).acts_for == own.id
    waiting = unit.teams.waiting(own.id)
    facts = (team, own.name, mine.role.value, act.person.id, found, free, currency, mine.hears.value)
    return TeamCard(*facts, waiting, here)


def _shown(unit: UnitOfWork, each: Membership, spent: dict[PersonId, int]) -> TeamMember:
    name = unit.people.get(each.member).name or "?"
    return TeamMember(each.member, name, each.role.value, each.limit, spent.get(each.member, 0))


def show_member(act: Act, team: int, member: int) -> Reply:
    """For the owner."""
    return Reply(_card(act, owned(act, team), _other(act, team, member)), edits=act.message)


def set_role(act: Act, team: int, member: int, role: str) -> Reply:
    """Spender or viewer; there is one owner. Who may spend from now on begins with the smallest limit."""
    own, other = owned(act, team), _other(act, team, member)
    if role not in (Role.SPENDER, Role.VIEWER):
        raise UnknownChoice()
    if other.role != role:
        act.unit.teams.set_role(own.id, other.member, Role(role))
        if role == Role.SPENDER and other.cap is None:
            act.unit.teams.set_cap(own.id, other.member, CAPS[0], act.house.terms.currency)
        act.unit.audit.note(act.person.id, "team role", f"person:{other.member}", team=team, role=role)
        act.unit.outbox.tell(other.member, TeamNews("role", own.name, "", you=True, role=role))
    return show_member(act, team, member)


def set_cap(act: Act, team: int, member: int, cap: int) -> Reply:
    """Of a month; 0 is no limit. What was set aside in this month counts."""
    check_cap(cap)
    own, other, currency = owned(act, team), _other(act, team, member), act.house.terms.currency
    limit = Millionths(cap) if cap else None
    act.unit.teams.set_cap(own.id, other.member, limit, currency)
    act.unit.audit.note(act.person.id, "team cap", f"person:{other.member}", team=team, cap=limit, currency=currency)
    act.unit.outbox.tell(other.member, TeamNews("cap", own.name, "", you=True, cap=limit, currency=currency))
    return show_member(act, team, member)


def ask_cap(act: Act, team: int, member: int) -> TeamCapAsked:
    """The amount is typed."""
    owned(act, team)
    other = _other(act, team, member)
    act.unit.drafts.keep(act.person.id, CAP, {"team": team, "member": other.member}, act.unit.now)
    return TeamCapAsked(act.unit.people.get(other.member).name, act.house.terms.currency)


def cap_typed(act: Act, kept: dict[str, Any], text: str) -> Reply:
    amount = typed_amount(text, act.house.terms.currency)
    if not amount:
        raise BadInput(what="amount", value=text, expected=["50.00"])
    shown = set_cap(act, kept["team"], kept["member"], amount)
    act.unit.drafts.drop(act.person.id)
    return shown


def check_cap(cap: int) -> None:
    if not 0 <= cap <= LARGEST:
        raise UnknownChoice()


def hear(act: Act, team: int, what: str) -> Reply:
    """Which of the bot's messages to the team reach this member. Raises UnknownChoice."""
    if what not in list(Hears):
        raise UnknownChoice()
    own, _ = _mine(act, team)
    act.unit.teams.hear(own.id, act.person.id, Hears(what))
    return show(act, team)


def remove(act: Act, team: int, member: int, sure: bool) -> TeamLeaveAsked | Reply:
    own, other = owned(act, team), _other(act, team, member)
    who = act.unit.people.get(other.member).name
    if not sure:
        return TeamLeaveAsked("remove", team, own.name, other.member, who)
    end(act.unit, own.id, other.member)
    act.unit.audit.note(act.person.id, "team removed", f"person:{other.member}", team=team)
    act.unit.outbox.tell(other.member, TeamNews("removed", own.name, "", you=True))
    menus.show(act, other.member)
    return show(act, team)


def leave(act: Act, team: int, sure: bool) -> TeamLeaveAsked | TeamNews:
    """An owner hands the team over, or closes it."""
    own, mine = _mine(act, team)
    if mine.role is Role.OWNER:
        raise NotInTeam(team=own.name, right="leave")
    if not sure:
        return TeamLeaveAsked("leave", team, own.name, 0, "")
    quit_(act.unit, act.person, mine)
    menus.show(act, act.person.id)
    return TeamNews("left", own.name, "", you=True)


def quit_(unit: UnitOfWork, person: Person, mine: Membership) -> None:
    """Of their own will; the owner is told."""
    name, owner = unit.people.get(mine.team).name, unit.teams.owner(mine.team)
    end(unit, mine.team, person.id)
    unit.audit.note(person.id, "team left", f"person:{mine.team}")
    if owner is not None:
        unit.outbox.tell(owner, TeamNews("left", name, person.name or "?"))


def end(unit: UnitOfWork, team: PersonId, member: PersonId) -> None:
    """Their keys and addresses for the team, forms, live messages and what waits to tell them of it end with it."""
    unit.teams.leave(team, member)
    unit.team_ties.cut(team, member)
    unit.outbox.leave(team, member)
    unit.drafts.forms.drop(member)


def hand_over(act: Act, team: int, member: int, sure: bool) -> TeamLeaveAsked | Reply:
    """The other becomes the owner, who hands over may look; links that wait end. Raises NotFound for who may not ask
    for work, and TeamHalted."""
    unit, own, other = act.unit, owned(act, team), _other(act, team, member)
    acting.check_owner(unit, own.id)
    heir = unit.people.get(other.member)
    if heir.suspended or heir.barred:
        raise NotFound(what="member", name=heir.name)
    if not sure:
        return TeamLeaveAsked("own", team, own.name, heir.id, heir.name)
    unit.teams.set_role(own.id, act.person.id, Role.VIEWER)
    unit.teams.set_role(own.id, heir.id, Role.OWNER)
    unit.teams.end_invitations(own.id)
    unit.audit.note(act.person.id, "team owner", f"person:{heir.id}", team=team)
    unit.outbox.tell(heir.id, TeamNews("owner", own.name, act.person.name, you=True))
    return show(act, team)


def close(act: Act, team: int, sure: bool) -> TeamLeaveAsked | TeamNews:
    """For good, once there is no money and nothing runs. Raises TeamOpen."""
    own = owned(act, team)
    accounts.check_running(own)
    closing.check_empty(act.unit, own)
    if not sure:
        return TeamLeaveAsked("close", team, own.name, 0, "")
    for each in act.unit.teams.members(own.id):
        end(act.unit, own.id, each.member)
        if each.member != act.person.id:
            act.unit.outbox.tell(each.member, TeamNews("closed", own.name, act.person.name, you=True))
        menus.show(act, each.member)
    shut(act.unit, own.id)
    act.unit.audit.note(act.person.id, "team closed", f"person:{own.id}")
    return TeamNews("closed", own.name, "", you=True)


def shut(unit: UnitOfWork, team: PersonId) -> None:
    unit.teams.end_invitations(team)
    unit.teams.close(team)


def owned(act: Act, team: int) -> Person:
    """The account of one's own team. Raises NotFound, and NotInTeam for other members."""
    own, mine = _mine(act, team)
    if mine.role is not Role.OWNER:
        raise NotInTeam(team=own.name, right="own")
    return own


def _mine(act: Act, team: int) -> tuple[Person, Membership]:
    """Raises NotFound for who is no member."""
    act.refuse_suspended()
    found = act.unit.teams.member(PersonId(-team), act.person.id)
    if found is None:
        raise NotFound(what="team", name="")
    return act.unit.people.get(found.team), found


def _other(act: Act, team: int, member: int) -> Membership:
    """Another member than the owner."""
    found = act.unit.teams.member(PersonId(-team), PersonId(member))
    if found is None or found.role is Role.OWNER:
        raise NotFound(what="member", name="")
    return found


def _card(act: Act, own: Person, other: Membership) -> TeamMemberCard:
    unit, currency = act.unit, act.house.terms.currency
    spent = unit.team_spending.spent(own.id, other.member, currency)
    who = unit.people.get(other.member).name or "?"
    return TeamMemberCard(number_of(own.id), own.name, other.member, who, other.role.value, other.cap, spent, currency)
