"""Links that make people members of a team: each is for one person, and ends by itself."""

from hashlib import sha256
from secrets import token_urlsafe

from domain.moments import later
from domain.money.amounts import Millionths
from domain.people.people import Person
from domain.people.team_messages import (
    TeamInviteAsked,
    TeamInvited,
    TeamInviteLink,
    TeamInvitesEnded,
    TeamJoined,
    TeamNews,
)
from domain.people.teams import MOST_MEMBERS, OPEN_FOR, PREFIX, Invitation, Role
from domain.refusals import BadInput, InvitationOver, NotFound, TooManyTeams, UnknownChoice
from services.act import Act, Reply
from services.people import menus
from services.people.teams import accounts, members
from services.projects.audience.invitations import BOT

BYTES = 16  # of a token


def ask(act: Act, team: int) -> Reply:
    """What whoever comes may do."""
    own = members.owned(act, team)
    return Reply(TeamInviteAsked(team, own.name, act.house.terms.currency), edits=act.message)


def invite(act: Act, team: int, role: str, cap: int) -> TeamInviteLink:
    """A link for one person. Cap 0 is no limit. Raises TooManyTeams."""
    unit, own, currency = act.unit, members.owned(act, team), act.house.terms.currency
    if role not in (Role.SPENDER, Role.VIEWER):
        raise UnknownChoice()
    members.check_cap(cap)
    if len(unit.teams.members(own.id)) + unit.teams.waiting(own.id) >= MOST_MEMBERS:
        raise TooManyTeams(what="members", most=MOST_MEMBERS)
    name, token = unit.settings.get(BOT), PREFIX + token_urlsafe(BYTES)
    if not name:
        raise NotFound(what="invitation", name="")
    limit = Millionths(cap) if cap and role == Role.SPENDER else None
    until = later(unit.now, OPEN_FOR)
    unit.teams.invite(own.id, _hash(token), Role(role), limit, currency, act.person.id, until)
    unit.audit.note(act.person.id, "team invitation", f"person:{own.id}", role=role, cap=limit)
    link = f"https://t.me/{name}?start={token}"
    return TeamInviteLink(team, own.name, link, token, role, limit, currency, until)


def end(act: Act, team: int) -> TeamInvitesEnded:
    """Of all that wait."""
    own = members.owned(act, team)
    return TeamInvitesEnded(team, act.unit.teams.end_invitations(own.id))


def is_one(token: str) -> bool:
    return token.startswith(PREFIX)


def open_(act: Act, token: str) -> TeamInvited:
    """Somebody came by a link: what they would join, and a button. Raises InvitationOver."""
    found, unit = _open(act, token), act.unit
    inviter, team = unit.people.get(found.made_by), unit.people.get(found.team)
    return TeamInvited(team.name, name_of(inviter), found.role.value, found.cap, found.currency, token)


def join(act: Act, token: str) -> tuple[TeamJoined, object]:
    """Pressed, or typed. From now on they act for the team. Raises InvitationOver for whoever comes second."""
    unit, person, found = act.unit, act.person, _open(act, token)
    if not unit.teams.use(found.id, person.id):
        raise InvitationOver()
    if not unit.teams.join(found.team, person.id, found.role, found.cap, found.currency):
        raise InvitationOver(why="member")
    accounts.part_from(unit, found.team, person.id)
    unit.audit.note(person.id, "team joined", f"person:{found.team}", role=found.role.value)
    name = unit.people.get(found.team).name
    owner = unit.teams.owner(found.team)
    if owner is not None:
        news = TeamNews("joined", name, name_of(person), role=found.role.value, cap=found.cap, currency=found.currency)
        unit.outbox.tell(owner, news)
    accounts.act_for(act, -found.team)
    menus.show(act, person.id)
    return TeamJoined(name, found.role.value, found.cap, found.currency), members.card(act, -found.team)


def join_typed(act: Act, action: str, token: str) -> tuple[TeamJoined, object]:
    if action.lower() != "join" or not token:
        raise BadInput(what="word", value=f"{action} {token}".strip(), expected=["/team", "/team join CODE"])
    return join(act, token)


def _open(act: Act, token: str) -> Invitation:
    """One that this person may use now. Raises InvitationOver."""
    act.refuse_suspended()
    unit, person = act.unit, act.person
    found = unit.teams.invited(_hash(token)) if is_one(token) else None
    team = unit.teams.find(found.team) if found else None
    if found is None or team is None or team.closed_at is not None or not found.is_open(unit.now) or person.barred:
        raise InvitationOver()
    if unit.teams.member(found.team, person.id) is not None:
        raise InvitationOver(why="member")
    if unit.teams.works_for(found.team, person.id):
        raise InvitationOver(why="project")
    return found


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def name_of(person: Person) -> str:
    """As other members read it."""
    return person.name or (f"@{person.username}" if person.username else "?")
