"""Teams: who acts for whom, and what members set aside.

People who share a bank account, and members of a team, are separated: neither works for the other, judges for them or
rates them."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from domain.moments import later
from domain.money.amounts import MAX_AMOUNT, Millionths, parse_typed_amount, smallest_bank_unit
from domain.money.ledger import paid_tests_account, requester_account
from domain.people.accounts import REQUESTER, Person, PersonId
from domain.people.teams import (
    CAP_PRESETS,
    INVITATION_LIFETIME,
    MAX_MEMBERS,
    MAX_NAME_CHARS,
    MAX_OWNED_TEAMS,
    MIN_NAME_CHARS,
    TEAM_PREFIX,
    ActingFor,
    Hears,
    Invitation,
    Membership,
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
    TeamRole,
    read_name,
    team_number_of,
)
from domain.programs import ProgramsTeam, ProgramsTeamMember, ProgramsTeams
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
from services.people import bots, menus, settings, team_spending
from services.work import answer_messages, places
from storage.unit import UnitOfWork

NAME_JOURNEY = "team name"
Switched = tuple[ActingFor, Reply]


def show_accounts(act: Act) -> Reply:
    """Show the accounts for which the person may act, in place of the message whose button was pressed."""
    return Reply(list_accounts(act), edits=act.message)


def list_accounts(act: Act) -> TeamAccounts:
    """Return the accounts for which the person may act. Raise Suspended if an admin stopped them."""
    act.refuse_suspended()
    person = act.unit.people.get(act.person.id)
    teams = tuple(
        TeamListed(team_number_of(membership.team), name, membership.role.value, membership.team == person.acts_for)
        for membership, name in act.unit.teams.list_memberships(person.id)
    )
    founds = sum(membership.role == TeamRole.OWNER for membership in teams) < MAX_OWNED_TEAMS
    asks = act.house.may_ask(person)
    return TeamAccounts(teams, person.acts_for is None, asks, asks and founds)


def act_for(act: Act, team: int) -> Switched:
    """Let the person act for the team with this number from now on, or for themselves if it is 0.

    A form begun for another account is dropped. Raise NotFound if they are no member, NotAllowed for 0 if they have no
    requester's role of their own, Suspended if an admin stopped them."""
    act.refuse_suspended()
    if team == 0:
        return _act_for_self(act)
    membership_and_name = next(
        (
            (membership, name)
            for membership, name in act.unit.teams.list_memberships(act.person.id)
            if membership.team == -team
        ),
        None,
    )
    if membership_and_name is None:
        raise NotFound(what="team", name="")
    _switch(act, membership_and_name[0].team)
    return ActingFor(membership_and_name[1], membership_and_name[0].role.value), show_accounts(act)


def _act_for_self(act: Act) -> Switched:
    """Let the person act for themselves. Raise NotAllowed if they have no requester's role: they act for their teams
    only."""
    if not act.house.may_ask(act.person):
        raise NotAllowed(role=REQUESTER)
    _switch(act, None)
    return ActingFor(""), show_accounts(act)


def _switch(act: Act, team: PersonId | None) -> None:
    """Store the account for which the person acts and send the new command menu; drafts of another account are
    dropped."""
    if act.unit.people.get(act.person.id).acts_for == team:
        return
    act.unit.people.set_acts_for(act.person.id, team)
    act.unit.drafts.drop(act.person.id)
    act.unit.drafts.forms.drop(act.person.id)
    menus.send_menu(act, act.person.id)


def ask_team_name(act: Act) -> TeamNameAsked:
    """Ask for the name of a new team. Raise as `require_founder` does."""
    require_founder(act)
    act.unit.drafts.keep(act.person.id, NAME_JOURNEY, {}, act.unit.now)
    return TeamNameAsked(MIN_NAME_CHARS, MAX_NAME_CHARS)


def create_team(act: Act, draft: dict[str, Any], text: str) -> TeamNameAsked | Switched:
    """Create a team with the typed name; its founder owns it and acts for it at once.

    Ask again if the text is no valid name. Raise as `require_founder` does."""
    require_founder(act)
    name = read_name(text)
    if name is None:
        return TeamNameAsked(MIN_NAME_CHARS, MAX_NAME_CHARS, again=True)
    unit, person = act.unit, act.person
    unit.drafts.drop(person.id)
    team = unit.teams.add(name, person.language)
    unit.teams.join(team, person.id, TeamRole.OWNER, None, act.house.terms.currency)
    separate_from_team(unit, team, person.id)
    unit.audit.note(person.id, "team made", f"person:{team}")
    return act_for(act, -team)


def require_founder(act: Act) -> None:
    """Raise unless the person may make a team.

    NotAllowed: no requester's role. Suspended: an admin stopped the person. TeamHalted: an admin stopped a team that
    they own. TooManyTeams: they own the most allowed."""
    act.refuse_suspended()
    if not act.house.may_ask(act.person):
        raise NotAllowed(role=REQUESTER)
    owned = [
        membership.team
        for membership, _ in act.unit.teams.list_memberships(act.person.id)
        if membership.role is TeamRole.OWNER
    ]
    for team in owned:  # no second one beside one that was stopped
        require_not_halted(act.unit.people.get(team))
    if len(owned) >= MAX_OWNED_TEAMS:
        raise TooManyTeams(what="teams", most=MAX_OWNED_TEAMS)


def require_not_halted(team: Person) -> None:
    """Raise TeamHalted if an admin has stopped the team."""
    if team.suspended or team.barred:
        raise TeamHalted(team=team.name)


def separate_from_team(unit: UnitOfWork, team: PersonId, member: PersonId) -> None:
    """Separate the member, and those who share a bank account with them, from the team's tasks."""
    for worker in (member, *unit.payees.list_mates(member)):
        keep_apart_from_team(unit, worker, team)


def require_empty(unit: UnitOfWork, team: Person) -> None:
    """Raise TeamOpen if the team has money, a running project, or an ended one that still owes or holds money.

    What ended projects hold comes back to the team later; what they owe is paid from its money."""
    running, held_money = unit.erasure.count_running(team.id), unit.erasure.list_held_money(team.id)
    amount, currency = next(_remaining_money(unit, team), (0, ""))
    if owed := unit.erasure.list_owed_money(team.id):
        raise TeamOpen(0, owed[0][0], running, owed=owed[0][1])
    if amount or running:
        raise TeamOpen(amount=amount, currency=currency, running=running)
    if held_money:
        raise TeamOpen(held_money[0].amount, held_money[0].currency, 0, held_money[0].projects, held_money[0].until_at)


def _remaining_money(unit: UnitOfWork, team: Person) -> Iterator[tuple[int, str]]:
    """Yield amount and currency of each balance that is too large to be left behind."""
    funds, tests = requester_account(team), paid_tests_account(team)
    for account in (funds, tests):
        for currency in unit.ledger.currencies(account):
            amount = unit.ledger.balance(account, currency)
            if amount >= (smallest_bank_unit(currency) if account == funds else 1):
                yield amount, currency


def count_orphaned_teams(unit: UnitOfWork, owner: PersonId) -> int:
    """Count the person's teams that cannot be left without an owner: those with other members, money or something that
    runs."""
    own = [membership.team for membership, _ in unit.teams.list_memberships(owner) if membership.role is TeamRole.OWNER]
    return sum(len(unit.teams.list_members(team)) > 1 or not _is_empty(unit, unit.people.get(team)) for team in own)


def _is_empty(unit: UnitOfWork, team: Person) -> bool:
    try:
        require_empty(unit, team)
    except TeamOpen:
        return False
    return True


def list_for_program(act: Act) -> ProgramsTeams:
    """Return the teams of a key's owner with their members, without the numbers of people; of a team's key that team
    alone. Raise Suspended if an admin stopped them."""
    member = act if act.member is None else replace(act, person=act.member, member=None)
    numbers = (
        [membership.team for membership in list_accounts(act).teams]
        if act.member is None
        else [team_number_of(act.person.id)]
    )
    return ProgramsTeams(tuple(_to_programs_team(team_card(member, number)) for number in numbers))


def _to_programs_team(card: TeamCard) -> ProgramsTeam:
    members = tuple(ProgramsTeamMember(member.name, member.role, member.cap, member.spent) for member in card.members)
    return ProgramsTeam(card.team, card.name, card.role, members, card.free, card.currency, card.waiting)


CAP_JOURNEY = "team cap"


def show_members(act: Act, team: int) -> Reply:
    """Show one team to one of its members. Raise NotFound for anybody else."""
    return Reply(team_card(act, team), edits=act.message)


def team_card(act: Act, team: int) -> TeamCard:
    """Return the details of a team as this member sees them: all members to its owner, to others the owner and
    themselves.

    Raise NotFound if the person is no member."""
    unit, own, mine = act.unit, *_get_membership(act, team)
    currency = act.house.terms.currency
    spent = unit.team_spending.sums_by_member(own.id, currency)
    members = tuple(_to_team_member(unit, membership, spent) for membership in unit.teams.list_members(own.id))
    if mine.role is not TeamRole.OWNER:
        members = tuple(member for member in members if member.role == TeamRole.OWNER or member.member == act.person.id)
    return TeamCard(
        team,
        own.name,
        role=mine.role.value,
        me=act.person.id,
        members=members,
        free=unit.ledger.balance(requester_account(own), currency),
        currency=currency,
        hears=mine.hears.value,
        waiting=unit.teams.count_open_invitations(own.id),
        here=unit.people.get(act.person.id).acts_for == own.id,
    )


def _to_team_member(unit: UnitOfWork, membership: Membership, spent: dict[PersonId, int]) -> TeamMember:
    name = unit.people.get(membership.member).name or "?"
    return TeamMember(membership.member, name, membership.role.value, membership.limit, spent.get(membership.member, 0))


def show_member(act: Act, team: int, member: int) -> Reply:
    """Show one member to the team's owner. Raise NotInTeam for other members, NotFound if there is no such member."""
    return Reply(_member_card(act, get_owned_team(act, team), _get_other_member(act, team, member)), edits=act.message)


def set_role(act: Act, team: int, member: int, role: str) -> Reply:
    """Make a member a spender or a viewer, tell them, and show them to the owner.

    A new spender without a cap begins with the smallest one. Raise UnknownChoice for another role, NotInTeam if the
    person is not the owner, NotFound if there is no such member."""
    own, membership = get_owned_team(act, team), _get_other_member(act, team, member)
    if role not in (TeamRole.SPENDER, TeamRole.VIEWER):
        raise UnknownChoice()
    if membership.role != role:
        act.unit.teams.set_role(own.id, membership.member, TeamRole(role))
        if role == TeamRole.SPENDER and membership.cap is None:
            act.unit.teams.set_cap(own.id, membership.member, CAP_PRESETS[0], act.house.terms.currency)
        act.unit.audit.note(act.person.id, "team role", f"person:{membership.member}", team=team, role=role)
        act.unit.outbox.tell(membership.member, TeamNews("role", own.name, "", you=True, role=role))
    return show_member(act, team, member)


def set_cap(act: Act, team: int, member: int, cap: int) -> Reply:
    """Set a member's monthly limit in millionths, 0 for none, tell them, and show them to the owner.

    What they set aside earlier in this month counts. Raise UnknownChoice for an impossible amount, NotInTeam if the
    person is not the owner, NotFound if there is no such member."""
    require_cap(cap)
    own, membership, currency = (
        get_owned_team(act, team),
        _get_other_member(act, team, member),
        act.house.terms.currency,
    )
    limit = Millionths(cap) if cap else None
    act.unit.teams.set_cap(own.id, membership.member, limit, currency)
    act.unit.audit.note(
        act.person.id, "team cap", f"person:{membership.member}", team=team, cap=limit, currency=currency
    )
    act.unit.outbox.tell(membership.member, TeamNews("cap", own.name, "", you=True, cap=limit, currency=currency))
    return show_member(act, team, member)


def ask_cap(act: Act, team: int, member: int) -> TeamCapAsked:
    """Ask the owner to type a member's monthly limit. Raise NotInTeam if the person is not the owner."""
    get_owned_team(act, team)
    membership = _get_other_member(act, team, member)
    act.unit.drafts.keep(act.person.id, CAP_JOURNEY, {"team": team, "member": membership.member}, act.unit.now)
    return TeamCapAsked(act.unit.people.get(membership.member).name, act.house.terms.currency)


def set_typed_cap(act: Act, draft: dict[str, Any], text: str) -> Reply:
    """Set the typed monthly limit of the member in the draft. Raise BadInput if the text is no amount above 0."""
    amount = parse_typed_amount(text, act.house.terms.currency)
    if not amount:
        raise BadInput(what="amount", value=text, expected=["50.00"])
    reply = set_cap(act, draft["team"], draft["member"], amount)
    act.unit.drafts.drop(act.person.id)
    return reply


def require_cap(cap: int) -> None:
    """Raise UnknownChoice unless the amount is possible as a cap."""
    if not 0 <= cap <= MAX_AMOUNT:
        raise UnknownChoice()


def set_hears(act: Act, team: int, what: str) -> Reply:
    """Set which of the bot's messages to the team reach this member, and show the team. Raise UnknownChoice."""
    if what not in list(Hears):
        raise UnknownChoice()
    own, _ = _get_membership(act, team)
    act.unit.teams.set_hears(own.id, act.person.id, Hears(what))
    return show_members(act, team)


def remove_member(act: Act, team: int, member: int, sure: bool) -> TeamLeaveAsked | Reply:
    """Remove a member, tell them, and show the team; ask for a confirmation first unless `sure`.

    Raise NotInTeam if the person is not the owner, NotFound if there is no such member."""
    own, membership = get_owned_team(act, team), _get_other_member(act, team, member)
    who = act.unit.people.get(membership.member).name
    if not sure:
        return TeamLeaveAsked("remove", team, own.name, membership.member, who)
    end_membership(act.unit, own.id, membership.member)
    act.unit.audit.note(act.person.id, "team removed", f"person:{membership.member}", team=team)
    act.unit.outbox.tell(membership.member, TeamNews("removed", own.name, "", you=True))
    menus.send_menu(act, membership.member)
    return show_members(act, team)


def leave(act: Act, team: int, sure: bool) -> TeamLeaveAsked | TeamNews:
    """Let the person leave the team and tell its owner; ask for a confirmation first unless `sure`.

    Raise NotInTeam for the owner, who hands the team over or closes it, and NotFound if they are no member."""
    own, mine = _get_membership(act, team)
    if mine.role is TeamRole.OWNER:
        raise NotInTeam(team=own.name, right="leave")
    if not sure:
        return TeamLeaveAsked("leave", team, own.name, 0, "")
    leave_by_choice(act.unit, act.person, mine)
    menus.send_menu(act, act.person.id)
    return TeamNews("left", own.name, "", you=True)


def leave_by_choice(unit: UnitOfWork, person: Person, mine: Membership) -> None:
    """End a membership by the member's own will, and tell the owner."""
    name, owner = unit.people.get(mine.team).name, unit.teams.find_owner(mine.team)
    end_membership(unit, mine.team, person.id)
    unit.audit.note(person.id, "team left", f"person:{mine.team}")
    if owner is not None:
        unit.outbox.tell(owner, TeamNews("left", name, person.name or "?"))


def end_membership(unit: UnitOfWork, team: PersonId, member: PersonId) -> None:
    """End a membership with all that depends on it: keys and webhooks for the team, forms, live messages and unsent
    notices."""
    unit.teams.leave(team, member)
    unit.team_ties.end_ties(team, member)
    unit.outbox.drop_letters_about_team(team, member)
    unit.drafts.forms.drop(member)


def hand_over(act: Act, team: int, member: int, sure: bool) -> TeamLeaveAsked | Reply:
    """Make another member the owner; the former owner becomes a viewer, and open invitations end.

    Ask for a confirmation first unless `sure`. Raise NotFound if the other may not open projects, NotInTeam if the
    person is not the owner, TeamHalted if an admin stopped the team or its owner."""
    unit, own, membership = act.unit, get_owned_team(act, team), _get_other_member(act, team, member)
    team_spending.require_active_owner(unit, own.id)
    heir = unit.people.get(membership.member)
    if heir.suspended or heir.barred:
        raise NotFound(what="member", name=heir.name)
    if not sure:
        return TeamLeaveAsked("own", team, own.name, heir.id, heir.name)
    unit.teams.set_role(own.id, act.person.id, TeamRole.VIEWER)
    unit.teams.set_role(own.id, heir.id, TeamRole.OWNER)
    unit.teams.end_invitations(own.id)
    unit.audit.note(act.person.id, "team owner", f"person:{heir.id}", team=team)
    unit.outbox.tell(heir.id, TeamNews("owner", own.name, act.person.name, you=True))
    return show_members(act, team)


def close(act: Act, team: int, sure: bool) -> TeamLeaveAsked | TeamNews:
    """Close a team for good and tell its members; ask for a confirmation first unless `sure`.

    Raise TeamOpen while it has money or something runs, TeamHalted if an admin stopped it, NotInTeam if the person is
    not the owner."""
    own = get_owned_team(act, team)
    require_not_halted(own)
    require_empty(act.unit, own)
    if not sure:
        return TeamLeaveAsked("close", team, own.name, 0, "")
    for membership in act.unit.teams.list_members(own.id):
        end_membership(act.unit, own.id, membership.member)
        if membership.member != act.person.id:
            act.unit.outbox.tell(membership.member, TeamNews("closed", own.name, act.person.name, you=True))
        menus.send_menu(act, membership.member)
    close_account(act.unit, own.id)
    act.unit.audit.note(act.person.id, "team closed", f"person:{own.id}")
    return TeamNews("closed", own.name, "", you=True)


def close_account(unit: UnitOfWork, team: PersonId) -> None:
    """Mark the team as closed and end its open invitations."""
    unit.teams.end_invitations(team)
    unit.teams.close(team)


def get_owned_team(act: Act, team: int) -> Person:
    """Return the account of a team that the person owns. Raise NotFound if they are no member, NotInTeam if another
    member owns it."""
    own, mine = _get_membership(act, team)
    if mine.role is not TeamRole.OWNER:
        raise NotInTeam(team=own.name, right="own")
    return own


def _get_membership(act: Act, team: int) -> tuple[Person, Membership]:
    """Return the team's account and the person's membership. Raise NotFound if they are no member, Suspended if an
    admin stopped them."""
    act.refuse_suspended()
    membership = act.unit.teams.find_membership(PersonId(-team), act.person.id)
    if membership is None:
        raise NotFound(what="team", name="")
    return act.unit.people.get(membership.team), membership


def _get_other_member(act: Act, team: int, member: int) -> Membership:
    """Return the membership of a member who is not the owner. Raise NotFound if there is none."""
    membership = act.unit.teams.find_membership(PersonId(-team), PersonId(member))
    if membership is None or membership.role is TeamRole.OWNER:
        raise NotFound(what="member", name="")
    return membership


def _member_card(act: Act, own: Person, membership: Membership) -> TeamMemberCard:
    unit, currency = act.unit, act.house.terms.currency
    spent = unit.team_spending.sum_of_member(own.id, membership.member, currency)
    who = unit.people.get(membership.member).name or "?"
    return TeamMemberCard(
        team=team_number_of(own.id),
        team_name=own.name,
        member=membership.member,
        name=who,
        role=membership.role.value,
        cap=membership.cap,
        spent=spent,
        currency=currency,
    )


TOKEN_BYTES = 16  # of a token


def ask_invitation_role(act: Act, team: int) -> Reply:
    """Ask the owner what the invited person may do. Raise NotInTeam if the person is not the owner."""
    own = get_owned_team(act, team)
    return Reply(TeamInviteAsked(team, own.name, act.house.terms.currency), edits=act.message)


def invite(act: Act, team: int, role: str, cap: int) -> TeamInviteLink:
    """Create an invitation link for one person with this role and monthly cap (0 is no limit).

    Raise TooManyTeams if members and open invitations are the most allowed, UnknownChoice for another role or cap,
    NotInTeam if the person is not the owner, NotFound while the bot's username is unknown."""
    unit, own, currency = act.unit, get_owned_team(act, team), act.house.terms.currency
    if role not in (TeamRole.SPENDER, TeamRole.VIEWER):
        raise UnknownChoice()
    require_cap(cap)
    if len(unit.teams.list_members(own.id)) + unit.teams.count_open_invitations(own.id) >= MAX_MEMBERS:
        raise TooManyTeams(what="members", most=MAX_MEMBERS)
    token = TEAM_PREFIX + token_urlsafe(TOKEN_BYTES)
    link = bots.link_to_bot(unit, token)
    if link is None:
        raise NotFound(what="invitation", name="")
    limit = Millionths(cap) if cap and role == TeamRole.SPENDER else None
    until = later(unit.now, INVITATION_LIFETIME)
    unit.teams.invite(
        own.id,
        _hash_token(token),
        role=TeamRole(role),
        cap=limit,
        currency=currency,
        made_by=act.person.id,
        until=until,
    )
    unit.audit.note(act.person.id, "team invitation", f"person:{own.id}", role=role, cap=limit)
    return TeamInviteLink(
        team=team, name=own.name, link=link, code=token, role=role, cap=limit, currency=currency, until=until
    )


def end_invitation(act: Act, team: int) -> TeamInvitesEnded:
    """End all open invitations of the team. Raise NotInTeam if the person is not the owner."""
    own = get_owned_team(act, team)
    return TeamInvitesEnded(team, act.unit.teams.end_invitations(own.id))


def is_invitation(token: str) -> bool:
    """Return whether the token of a `/start` link is one of a team's invitation."""
    return token.startswith(TEAM_PREFIX)


def show_invitation(act: Act, token: str) -> TeamInvited:
    """Show what the invitation is for, with a button to join. Raise InvitationOver if the person cannot use it."""
    invitation, unit = _get_usable_invitation(act, token), act.unit
    inviter, team = unit.people.get(invitation.made_by), unit.people.get(invitation.team)
    return TeamInvited(
        name=team.name,
        by=name_for_members(inviter),
        role=invitation.role.value,
        cap=invitation.cap,
        currency=invitation.currency,
        token=token,
    )


def join_team(act: Act, token: str) -> tuple[TeamJoined, object]:
    """Let the person join by an invitation, tell the owner, and let them act for the team from now on.

    Raise InvitationOver if the invitation was used, has ended or is too old, if they are a member, are barred, or have
    answered in a running project of the team."""
    unit, person, invitation = act.unit, act.person, _get_usable_invitation(act, token)
    if not unit.teams.use_invitation(invitation.id, person.id):
        raise InvitationOver()
    if not unit.teams.join(invitation.team, person.id, invitation.role, invitation.cap, invitation.currency):
        raise InvitationOver(why="member")
    separate_from_team(unit, invitation.team, person.id)
    unit.audit.note(person.id, "team joined", f"person:{invitation.team}", role=invitation.role.value)
    name = unit.people.get(invitation.team).name
    owner = unit.teams.find_owner(invitation.team)
    if owner is not None:
        news = TeamNews(
            "joined",
            name,
            name_for_members(person),
            role=invitation.role.value,
            cap=invitation.cap,
            currency=invitation.currency,
        )
        unit.outbox.tell(owner, news)
    act_for(act, -invitation.team)
    menus.send_menu(act, person.id)
    return TeamJoined(name, invitation.role.value, invitation.cap, invitation.currency), team_card(
        act, -invitation.team
    )


def join_by_code(act: Act, action: str, token: str) -> tuple[TeamJoined, object]:
    """Join by `/team join CODE`. Raise BadInput for other words, InvitationOver as `join_team` does."""
    if action.lower() != "join" or not token:
        raise BadInput(what="word", value=f"{action} {token}".strip(), expected=["/team", "/team join CODE"])
    return join_team(act, token)


def _get_usable_invitation(act: Act, token: str) -> Invitation:
    """Return the invitation if this person may use it now. Raise InvitationOver if not."""
    act.refuse_suspended()
    unit, person = act.unit, act.person
    invitation = unit.teams.find_invitation(_hash_token(token)) if is_invitation(token) else None
    team = unit.teams.find(invitation.team) if invitation else None
    if (
        invitation is None
        or team is None
        or team.closed_at is not None
        or not invitation.is_open(unit.now)
        or person.barred
    ):
        raise InvitationOver()
    if unit.teams.find_membership(invitation.team, person.id) is not None:
        raise InvitationOver(why="member")
    if unit.teams.has_answered_for(invitation.team, person.id):
        raise InvitationOver(why="project")
    return invitation


def _hash_token(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def name_for_members(person: Person) -> str:
    """Name by which other members know a person."""
    return person.name or (f"@{person.username}" if person.username else "?")


def separate_people(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> None:
    """Bar the worker from this requester's projects: give back the task in hand and leave a jury of which the requester
    is a party.

    The worker's rating of the requester is dropped; pay stays. Tasks of others may be pushed to them again."""
    unit.enrolments.bar(worker, requester)
    unit.ratings.delete_rating(requester, worker)
    in_hand = unit.assignments.active_for(worker)
    if in_hand is not None and unit.projects.get(in_hand.project).requester == requester:
        places.return_assignment(unit, in_hand)
        answer_messages.tell_gone(unit, in_hand)
        settings.update_push_window(unit, worker)
    unit.assignments.forget_late(worker, requester)
    judging = unit.appeals.find_active_judgement(worker)
    if judging is not None and unit.appeals.is_party(unit.appeals.lock(judging.appeal), worker):
        unit.appeals.release_place(judging, "expired")
        settings.update_push_window(unit, worker)


def keep_apart_from_team(unit: UnitOfWork, worker: PersonId, team: PersonId) -> None:
    """Separate the worker from the team if they are a member of it, or share a bank account with one.

    The separation lasts after the membership: a former member knows the team's check questions."""
    if unit.payees.add_mates(worker, team):
        separate_people(unit, worker, team)
