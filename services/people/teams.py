"""Teams: who acts for whom, and what members set aside."""

from collections.abc import Iterator
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from domain.moments import later
from domain.money.amounts import (
    LARGEST,
    Millionths,
    smallest,
    typed_amount,
)
from domain.money.ledger import account_of_tests, requester_account
from domain.people.accounts import REQUESTER, Person, PersonId
from domain.people.teams import (
    CAPS,
    LONGEST,
    MOST_MEMBERS,
    MOST_TEAMS,
    OPEN_FOR,
    PREFIX,
    SHORTEST,
    ActingFor,
    Hears,
    Invitation,
    Membership,
    Role,
    TeamAccounts,
    TeamCapAsked,
    TeamCard,
    TeamInviteAsked,
    TeamInvited,
    TeamInviteLink,
    TeamInvitesEnded,
    TeamJoined,
    TeamLeaveAsked,
    TeamListed,
    TeamMember,
    TeamMemberCard,
    TeamNameAsked,
    TeamNews,
    number_of,
    read_name,
)
from domain.refusals import (
    BadInput,
    InvitationOver,
    NotAllowed,
    NotFound,
    NotInTeam,
    TeamHalted,
    TeamOpen,
    TooManyTeams,
    UnknownChoice,
)
from services.act import Act, Reply
from services.people import linked_accounts, menus, team_spending
from services.projects.audience import BOT
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
    act.unit.people.set_acts_for(act.person.id, team)
    act.unit.drafts.drop(act.person.id)
    act.unit.drafts.forms.drop(act.person.id)
    menus.send_menu(act, act.person.id)


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


CAP = "team cap"


def show_members(act: Act, team: int) -> Reply:
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
    return show_members(act, team)


def remove(act: Act, team: int, member: int, sure: bool) -> TeamLeaveAsked | Reply:
    own, other = owned(act, team), _other(act, team, member)
    who = act.unit.people.get(other.member).name
    if not sure:
        return TeamLeaveAsked("remove", team, own.name, other.member, who)
    end(act.unit, own.id, other.member)
    act.unit.audit.note(act.person.id, "team removed", f"person:{other.member}", team=team)
    act.unit.outbox.tell(other.member, TeamNews("removed", own.name, "", you=True))
    menus.send_menu(act, other.member)
    return show_members(act, team)


def leave(act: Act, team: int, sure: bool) -> TeamLeaveAsked | TeamNews:
    """An owner hands the team over, or closes it."""
    own, mine = _mine(act, team)
    if mine.role is Role.OWNER:
        raise NotInTeam(team=own.name, right="leave")
    if not sure:
        return TeamLeaveAsked("leave", team, own.name, 0, "")
    quit_(act.unit, act.person, mine)
    menus.send_menu(act, act.person.id)
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
    team_spending.check_owner(unit, own.id)
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
    return show_members(act, team)


def close(act: Act, team: int, sure: bool) -> TeamLeaveAsked | TeamNews:
    """For good, once there is no money and nothing runs. Raises TeamOpen."""
    own = owned(act, team)
    check_running(own)
    check_empty(act.unit, own)
    if not sure:
        return TeamLeaveAsked("close", team, own.name, 0, "")
    for each in act.unit.teams.members(own.id):
        end(act.unit, own.id, each.member)
        if each.member != act.person.id:
            act.unit.outbox.tell(each.member, TeamNews("closed", own.name, act.person.name, you=True))
        menus.send_menu(act, each.member)
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


BYTES = 16  # of a token


def ask(act: Act, team: int) -> Reply:
    """What whoever comes may do."""
    own = owned(act, team)
    return Reply(TeamInviteAsked(team, own.name, act.house.terms.currency), edits=act.message)


def invite(act: Act, team: int, role: str, cap: int) -> TeamInviteLink:
    """A link for one person. Cap 0 is no limit. Raises TooManyTeams."""
    unit, own, currency = act.unit, owned(act, team), act.house.terms.currency
    if role not in (Role.SPENDER, Role.VIEWER):
        raise UnknownChoice()
    check_cap(cap)
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


def end_invitation(act: Act, team: int) -> TeamInvitesEnded:
    """Of all that wait."""
    own = owned(act, team)
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
    part_from(unit, found.team, person.id)
    unit.audit.note(person.id, "team joined", f"person:{found.team}", role=found.role.value)
    name = unit.people.get(found.team).name
    owner = unit.teams.owner(found.team)
    if owner is not None:
        news = TeamNews("joined", name, name_of(person), role=found.role.value, cap=found.cap, currency=found.currency)
        unit.outbox.tell(owner, news)
    act_for(act, -found.team)
    menus.send_menu(act, person.id)
    return TeamJoined(name, found.role.value, found.cap, found.currency), card(act, -found.team)


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
