"""Screens and routes of teams; `team` is a team's number."""

from __future__ import annotations

from domain.money.amounts import Millionths
from domain.people.accounts import EVERYBODY, REQUESTER
from domain.people.teams import (
    CAP_PRESETS,
    ActingFor,
    Hears,
    TeamAccounts,
    TeamCapAsked,
    TeamCard,
    TeamInviteAsked,
    TeamInvited,
    TeamInviteLink,
    TeamInvitesEnded,
    TeamJoined,
    TeamLeaveAsked,
    TeamMember,
    TeamMemberCard,
    TeamNameAsked,
    TeamNews,
    TeamRole,
)
from domain.refusals import CapReached, InvitationOver, NotInTeam, OwnAnswers, TeamHalted, TeamOpen, TooManyTeams
from handlers.payload import Number, Payload, Words
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, held_money_line, lines, refuses, shows
from locales.translator import Html, Translator
from reports.statement import draw_qr_code
from services.people import teams


class ShowTeams(Payload, code="tma"):
    pass


class JoinByCode(Payload):
    """Command `/team join CODE`."""

    action: str
    token: Words = ""


class JoinTeam(Payload, code="tmj"):
    """Button that joins by an invitation; `token` is that of its link."""

    token: str


class ActForTeam(Payload, code="tmf"):
    """Button that acts for a team from now on; 0 is for oneself."""

    team: Number


class MakeTeam(Payload, code="tmn"):
    pass


class ShowTeam(Payload, code="tms"):
    team: Number


class HearTeam(Payload, code="tmh"):
    team: Number
    what: str


class AskToInvite(Payload, code="tmi"):
    team: Number


class InviteToTeam(Payload, code="tml"):
    """A cap of 0 is no limit."""

    team: Number
    role: str
    cap: Number


class EndTeamInvites(Payload, code="tme"):
    team: Number


class ShowMember(Payload, code="tmm"):
    team: Number
    member: Number


class SetMemberRole(Payload, code="tmr"):
    team: Number
    member: Number
    role: str


class SetMemberCap(Payload, code="tmc"):
    """A cap of 0 is no limit."""

    team: Number
    member: Number
    cap: Number


class AskMemberCap(Payload, code="tmk"):
    team: Number
    member: Number


class RemoveMember(Payload, code="tmx"):
    team: Number
    member: Number
    sure: bool


class HandOverTeam(Payload, code="tmo"):
    team: Number
    member: Number
    sure: bool


class LeaveTeam(Payload, code="tmq"):
    team: Number
    sure: bool


class CloseTeam(Payload, code="tmz"):
    team: Number
    sure: bool


NAME_CHARS, LABEL_CHARS = 60, 24  # characters in a text, and on a button
TOKEN_CHARS = 40  # characters of an invitation's


def role_words(role: str, t: Translator) -> Html:
    return {
        TeamRole.OWNER: t("owner"),
        TeamRole.SPENDER: t("may spend"),
        TeamRole.VIEWER: t("may look and review"),
    }[TeamRole(role)]


def member_rights_sentence(role: str, cap: int | None, currency: str, t: Translator) -> Html:
    """Sentence that says what a member may do, for the owner."""
    if role == TeamRole.VIEWER:
        return t("They may look at projects and results, accept answers, and answer questions.")
    if cap is None:
        return t("They may make projects and spend, without a limit.")
    return t("They may make projects and set aside up to {amount} a month.", amount=t.money(Millionths(cap), currency))


def own_rights_sentence(role: str, cap: int | None, currency: str, t: Translator) -> Html:
    """Sentence that says what the reader may do in the team."""
    if role == TeamRole.VIEWER:
        return t("You may look at its projects and results, accept answers, and answer questions.")
    if cap is None:
        return t("You may make projects and spend its money, without a limit.")
    return t(
        "You may make projects and set aside up to {amount} of its money a month.",
        amount=t.money(Millionths(cap), currency),
    )


@shows(TeamAccounts)
def accounts_screen(m: TeamAccounts, t: Translator) -> Screen:
    listed = [
        (Button(_with_tick(f"🏢 {clipped(team.name, LABEL_CHARS)}", team.here), ShowTeam.wire(team.team)),)
        for team in m.teams
    ]
    own = [(Button(_with_tick(t.plain("👤 Myself"), m.own), ActForTeam.wire(0)),)] if m.asks and m.teams else []
    make = [(Button(t.plain("➕ Make a team"), MakeTeam().pack()),)] if m.founds else []
    return Screen(
        lines(
            t("🏢 <b>Teams</b>"),
            t("For whom do you work now? The tick shows it.") if m.teams else None,
            t("A team has projects and money of its own. You decide who may spend how much.") if not m.teams else None,
            t("You were invited? Open the link, or write <code>/team join CODE</code>.") if not m.teams else None,
        ),
        (*listed, *own, *make),
        anew=True,
    )


def _with_tick(words: str, is_chosen: bool) -> str:
    return f"✅ {words}" if is_chosen else words


@shows(ActingFor)
def acting_screen(m: ActingFor, t: Translator) -> Screen:
    if not m.name:
        return Screen(t("👤 You work for <b>yourself</b> now."))
    return Screen(
        lines(
            t("🏢 You work for <b>{team}</b> now.", team=clipped(m.name, NAME_CHARS)),
            t("/projects, /funds and new projects are the team’s."),
        )
    )


@shows(TeamNameAsked)
def name_screen(m: TeamNameAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✏️ <b>What is your team called?</b>"),
            t("Workers read this name on its tasks. {least} to {most} characters.", least=m.least, most=m.most),
            t("That is no name for a team. Please try another one.") if m.again else None,
            t("/cancel if you want no team."),
        )
    )


@shows(TeamCard)
def team_screen(m: TeamCard, t: Translator) -> Screen:
    owner, me = m.role == TeamRole.OWNER, next((member for member in m.members if member.member == m.me), None)
    return Screen(
        lines(
            t("🏢 <b>{team}</b> · team-{number}", team=clipped(m.name, NAME_CHARS), number=m.team),
            t("Free money: {amount}", amount=t.money(Millionths(m.free), m.currency)),
            " ",
            *(_member_line(member, m.currency, t) for member in m.members),
            " ",
            _own_limit_line(me, m.currency, t) if me and not owner else None,
            t.n("{count} invitation waits.", "{count} invitations wait.", m.waiting) if owner and m.waiting else None,
            t("You work for it now.") if m.here else None,
        ),
        (
            *(() if m.here else ((Button(t.plain("🏢 Work for it"), ActForTeam.wire(m.team), style="success"),),)),
            *(_owner_buttons(m, t) if owner else ()),
            *_hears_button(m, t),
            *(() if owner else ((Button(t.plain("🚪 Leave"), LeaveTeam(team=m.team, sure=False).pack()),),)),
            (Button(t.plain("↩️ All teams"), ShowTeams().pack()),),
        ),
        anew=True,
    )


def _owner_buttons(m: TeamCard, t: Translator) -> Keyboard:
    other_members = [member for member in m.members if member.member != m.me]
    end = [Button(t.plain("🚫 End invitations"), EndTeamInvites.wire(m.team))] if m.waiting else []
    return (
        *(
            (Button(f"👤 {clipped(member.name, LABEL_CHARS)}", ShowMember.wire(m.team, member.member)),)
            for member in other_members
        ),
        (Button(t.plain("💌 Invite"), AskToInvite.wire(m.team)), *end),
        *(
            ()
            if other_members
            else ((Button(t.plain("🗑 Close the team"), CloseTeam(team=m.team, sure=False).pack()),),)
        ),
    )


def _hears_button(m: TeamCard, t: Translator) -> Keyboard:
    """Button that shows which of the team's messages the member gets; a press takes the next choice."""
    words = {
        Hears.ALL: t.plain("🔔 News of all its projects"),
        Hears.OWN: t.plain("🔔 News of my projects only"),
        Hears.NONE: t.plain("🔕 No news"),
    }
    order = list(Hears)
    after = order[(order.index(Hears(m.hears)) + 1) % len(order)]
    return ((Button(words[Hears(m.hears)], HearTeam(team=m.team, what=after.value).pack()),),)


def _member_line(member: TeamMember, currency: str, t: Translator) -> Html:
    values = {"name": clipped(member.name, NAME_CHARS), "role": role_words(member.role, t)}
    spent = t.money(Millionths(member.spent), currency)
    if member.cap is not None and member.role == TeamRole.SPENDER:
        cap = t.money(Millionths(member.cap), currency)
        return t("• {name}: {role}, {spent} of {cap} this month", **values, spent=spent, cap=cap)
    if member.spent:
        return t("• {name}: {role}, {spent} this month", **values, spent=spent)
    return t("• {name}: {role}", **values)


def _own_limit_line(me: TeamMember, currency: str, t: Translator) -> Html | None:
    if me.cap is None or me.role != TeamRole.SPENDER:
        return None
    return t(
        "You may set aside {amount} more this month.", amount=t.money(Millionths(max(0, me.cap - me.spent)), currency)
    )


@shows(TeamInviteAsked)
def invite_screen(m: TeamInviteAsked, t: Translator) -> Screen:
    spender = [
        Button(t.money(cap, m.currency), InviteToTeam(team=m.team, role=TeamRole.SPENDER.value, cap=cap).pack())
        for cap in CAP_PRESETS
    ]
    view = InviteToTeam(team=m.team, role=TeamRole.VIEWER.value, cap=0).pack()
    free = InviteToTeam(team=m.team, role=TeamRole.SPENDER.value, cap=0).pack()
    return Screen(
        lines(
            t("💌 <b>Invite to {team}</b>", team=clipped(m.name, NAME_CHARS)),
            t("What may this person do? An amount is the most they may set aside in a month. You can change it later."),
        ),
        (
            (Button(t.plain("👀 Only look and review"), view),),
            tuple(spender),
            (Button(t.plain("♾ Spend without a limit"), free),),
            (Button(t.plain("↩️ The team"), ShowTeam.wire(m.team)),),
        ),
        anew=True,
    )


@shows(TeamInviteLink)
def link_screen(m: TeamInviteLink, t: Translator) -> Screen:
    return Screen(
        lines(
            t("💌 <b>One person joins {team} by this link</b>", team=clipped(m.name, NAME_CHARS)),
            t("The link: <code>{link}</code>", link=m.link),
            member_rights_sentence(m.role, m.cap, m.currency, t),
            t("Send it to that person alone. It ends on {day}.", day=t.day(m.until)),
            t("Or they write: <code>/team join {code}</code>", code=m.code),
        ),
        (
            (Button(t.plain("🔗 Copy the link"), copy=m.link),),
            (Button(t.plain("↩️ The team"), ShowTeam.wire(m.team)),),
        ),
        photo=lambda: draw_qr_code(m.link),
    )


@shows(TeamInvitesEnded)
def invites_ended_screen(m: TeamInvitesEnded, t: Translator) -> Screen:
    back = ((Button(t.plain("↩️ The team"), ShowTeam.wire(m.team)),),)
    return Screen(t.n("🚫 {count} invitation has ended.", "🚫 {count} invitations have ended.", m.count), back)


@shows(TeamInvited)
def invited_screen(m: TeamInvited, t: Translator) -> Screen:
    join = (
        Button(
            t.plain("✅ Join"),
            JoinTeam(token="".join(filter(str.isascii, m.token))[:TOKEN_CHARS]).pack(),
            style="success",
        ),
    )
    return Screen(
        lines(
            t(
                "💌 {by} invites you to the team <b>{team}</b>.",
                by=clipped(m.by, NAME_CHARS),
                team=clipped(m.name, NAME_CHARS),
            ),
            own_rights_sentence(m.role, m.cap, m.currency, t),
            t("Its owner sees your name, and what you set aside. You get no paid tasks of this team."),
        ),
        (join,),
    )


@shows(TeamJoined)
def joined_screen(m: TeamJoined, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎉 <b>Welcome to {team}!</b>", team=clipped(m.name, NAME_CHARS)),
            own_rights_sentence(m.role, m.cap, m.currency, t),
            t("You work for it now. /team shows it, and changes for whom you work."),
        )
    )


@shows(TeamMemberCard)
def member_screen(m: TeamMemberCard, t: Translator) -> Screen:
    spender = m.role == TeamRole.SPENDER
    team, who = m.team, m.member
    other_role = TeamRole.VIEWER if spender else TeamRole.SPENDER
    turn = t.plain("👀 Only look and review") if spender else t.plain("💶 May spend")
    return Screen(
        lines(
            t("👤 <b>{name}</b>, {team}", name=clipped(m.name, NAME_CHARS), team=clipped(m.team_name, NAME_CHARS)),
            member_rights_sentence(m.role, m.cap, m.currency, t),
            t("Set aside this month: {amount}", amount=t.money(Millionths(m.spent), m.currency)) if spender else None,
        ),
        (
            (Button(turn, SetMemberRole(team=team, member=who, role=other_role.value).pack()),),
            *(_cap_buttons(m, t) if spender else ()),
            (Button(t.plain("👑 Make owner"), HandOverTeam(team=team, member=who, sure=False).pack()),),
            (Button(t.plain("🚫 Remove"), RemoveMember(team=team, member=who, sure=False).pack(), style="danger"),),
            (Button(t.plain("↩️ The team"), ShowTeam.wire(m.team)),),
        ),
        anew=True,
    )


def _cap_buttons(m: TeamMemberCard, t: Translator) -> Keyboard:
    presets = tuple(Button(t.money(cap, m.currency), SetMemberCap.wire(m.team, m.member, cap)) for cap in CAP_PRESETS)
    return (
        presets,
        (
            Button(t.plain("✏️ Other limit"), AskMemberCap.wire(m.team, m.member)),
            Button(t.plain("♾ No limit"), SetMemberCap.wire(m.team, m.member, 0)),
        ),
    )


@shows(TeamCapAsked)
def cap_screen(m: TeamCapAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✏️ <b>How much may {name} set aside in a month?</b>", name=clipped(m.name, NAME_CHARS)),
            t("Write an amount in {currency}, such as 75.00. /cancel keeps it as it is.", currency=m.currency),
        )
    )


@shows(TeamLeaveAsked)
def confirmation_screen(m: TeamLeaveAsked, t: Translator) -> Screen:
    values = {"team": clipped(m.name, NAME_CHARS), "who": clipped(m.who, NAME_CHARS)}
    team, member = m.team, m.member
    words, yes, press = {
        "leave": lambda: (
            t("🚪 <b>Leave {team}?</b> Your keys for it end at once.", **values),
            t.plain("🚪 Leave"),
            LeaveTeam(team=team, sure=True).pack(),
        ),
        "remove": lambda: (
            t("🚫 <b>Remove {who} from {team}?</b> Their access and their keys end at once.", **values),
            t.plain("🚫 Remove"),
            RemoveMember(team=team, member=member, sure=True).pack(),
        ),
        "own": lambda: (
            t("👑 <b>Make {who} the owner of {team}?</b> You may only look and review then.", **values),
            t.plain("👑 Make owner"),
            HandOverTeam(team=team, member=member, sure=True).pack(),
        ),
        "close": lambda: (
            t("🗑 <b>Close {team}?</b> It cannot be opened again.", **values),
            t.plain("🗑 Close the team"),
            CloseTeam(team=team, sure=True).pack(),
        ),
    }[m.what]()
    return Screen(
        words, ((Button(yes, press, style="danger"),), (Button(t.plain("↩️ The team"), ShowTeam.wire(m.team)),))
    )


@shows(TeamNews)
def news_screen(m: TeamNews, t: Translator) -> Screen:
    return Screen((_news_about_reader if m.you else _news_about_other)(m, t))


def _news_about_reader(m: TeamNews, t: Translator) -> Html:
    team = clipped(m.name, NAME_CHARS)
    return {
        "left": lambda: t("🚪 You have left <b>{team}</b>.", team=team),
        "removed": lambda: t("🚫 You are no longer in the team <b>{team}</b>.", team=team),
        "role": lambda: (
            t("👀 In <b>{team}</b> you may look and review now, and not spend.", team=team)
            if m.role == TeamRole.VIEWER
            else t("💶 In <b>{team}</b> you may spend now. /team shows how much.", team=team)
        ),
        "cap": lambda: (
            t("💶 In <b>{team}</b> you may spend without a limit now.", team=team)
            if m.cap is None
            else t(
                "💶 In <b>{team}</b> you may set aside up to {amount} a month now.",
                team=team,
                amount=t.money(Millionths(m.cap), m.currency),
            )
        ),
        "owner": lambda: t("👑 You own the team <b>{team}</b> now. /team shows it.", team=team),
        "closed": lambda: t("🗑 The team <b>{team}</b> is closed.", team=team),
    }[m.what]()


def _news_about_other(m: TeamNews, t: Translator) -> Html:
    values = {"who": clipped(m.who, NAME_CHARS), "team": clipped(m.name, NAME_CHARS)}
    if m.what == "joined":
        return lines(
            t("🎉 {who} has joined <b>{team}</b>.", **values), member_rights_sentence(m.role, m.cap, m.currency, t)
        )
    return t("🚪 {who} has left <b>{team}</b>.", **values)


@refuses(CapReached)
def cap_reached_screen(r: CapReached, t: Translator) -> Screen:
    amounts = {
        name: t.money(Millionths(value), r.currency)
        for name, value in (("needed", r.needed), ("cap", r.cap), ("left", r.left))
    }
    return Screen(
        lines(
            t("✋ <b>That is more than you may set aside this month.</b>"),
            t("It takes {needed}. Your limit is {cap} a month, and {left} of it is left.", **amounts),
            t("The owner of the team can raise your limit, or do it for you."),
        )
    )


@refuses(NotInTeam)
def not_in_team_screen(r: NotInTeam, t: Translator) -> Screen:
    values = {"team": clipped(r.team, NAME_CHARS)}
    return Screen(
        {
            "own": t("Only the owner of {team} can do this.", **values),
            "leave": t("You own {team}: make somebody else its owner first, or close it.", **values),
        }.get(r.right, t("In {team} you may look and review, and not spend. Ask its owner.", **values))
    )


@refuses(TeamHalted)
def halted_screen(r: TeamHalted, t: Translator) -> Screen:
    return Screen(
        t("{team} cannot start or pay anything now: its owner was stopped here.", team=clipped(r.team, NAME_CHARS))
    )


@refuses(TooManyTeams)
def too_many_screen(r: TooManyTeams, t: Translator) -> Screen:
    most = t.number(r.most)
    return Screen(
        t("A team has at most {most} members, invitations included.", most=most)
        if r.what == "members"
        else t("You may own at most {most} teams.", most=most)
    )


@refuses(InvitationOver)
def invitation_over_screen(r: InvitationOver, t: Translator) -> Screen:
    return Screen(
        {
            "role": t("This invitation was used, or has ended. Ask for a new one, or: /start"),
            "member": t("You are in this team already. /team shows it."),
            "project": t(
                "You have answered tasks of this team’s running project. Leave it first with /leave and its number."
            ),
        }.get(r.why, t("This invitation was used, or has ended. Ask for a new one."))
    )


@refuses(OwnAnswers)
def own_answers_screen(r: OwnAnswers, t: Translator) -> Screen:
    return Screen(t("That would be about yourself: you don’t decide about your own answers, nor get a team’s bonus."))


@refuses(TeamOpen)
def still_open_screen(r: TeamOpen, t: Translator) -> Screen:
    return Screen(
        lines(
            t("A team is closed once it has no money and nothing runs."),
            t(
                "It has {amount}. Ask whoever runs this bot to send it back.",
                amount=t.money(Millionths(r.amount), r.currency),
            )
            if r.amount and not r.ended
            else None,
            t(
                "Workers are still owed {amount}: in its ended projects tasks took longer than expected. Pay it in with /fund, then press “Pay” under each of them: /projects",
                amount=t.money(Millionths(r.owed), r.currency),
            )
            if r.owed
            else None,
            held_money_line(r.amount, r.currency, r.ended, r.until, t) if r.ended else None,
            t.n("{count} project runs: /projects", "{count} projects run: /projects", r.running) if r.running else None,
        )
    )


ROUTES = (
    Route(
        ShowTeams,
        EVERYBODY,
        teams.show_accounts,
        command="team",
        means="your organisation: members, shared funds, who may spend",
        listed=REQUESTER,
    ),
    Route(
        JoinByCode,
        EVERYBODY,
        teams.join_by_code,
        command="team",
        usage="join CODE",
        means="join a team by its code",
        listed=REQUESTER,
    ),
    Route(JoinTeam, EVERYBODY, teams.join_team),
    Route(ActForTeam, EVERYBODY, teams.act_for),
    Route(MakeTeam, EVERYBODY, teams.ask_team_name),
    Route(ShowTeam, EVERYBODY, teams.show_members),
    Route(HearTeam, EVERYBODY, teams.set_hears),
    Route(AskToInvite, EVERYBODY, teams.ask_invitation_role),
    Route(InviteToTeam, EVERYBODY, teams.invite),
    Route(EndTeamInvites, EVERYBODY, teams.end_invitation),
    Route(ShowMember, EVERYBODY, teams.show_member),
    Route(SetMemberRole, EVERYBODY, teams.set_role),
    Route(SetMemberCap, EVERYBODY, teams.set_cap),
    Route(AskMemberCap, EVERYBODY, teams.ask_cap),
    Route(RemoveMember, EVERYBODY, teams.remove_member),
    Route(HandOverTeam, EVERYBODY, teams.hand_over),
    Route(LeaveTeam, EVERYBODY, teams.leave),
    Route(CloseTeam, EVERYBODY, teams.close),
)
