"""Invitations to a team."""

from domain.people.team_messages import (
    TeamInviteAsked,
    TeamInvited,
    TeamInviteLink,
    TeamInvitesEnded,
    TeamJoined,
)
from domain.people.teams import CAPS, Role
from handlers.payloads.teams import (
    InviteToTeam,
    JoinTeam,
    ShowTeam,
)
from handlers.screens.layout.fitting import clipped
from handlers.screens.people.teams.words import NAME, TOKEN, may_words, you_may
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Translator
from reports.record import qr_png


@shows(TeamInviteAsked)
def invite(m: TeamInviteAsked, t: Translator) -> Screen:
    spender = [
        Button(t.money(cap, m.currency), InviteToTeam(team=m.team, role=Role.SPENDER.value, cap=cap).pack())
        for cap in CAPS
    ]
    view = InviteToTeam(team=m.team, role=Role.VIEWER.value, cap=0).pack()
    free = InviteToTeam(team=m.team, role=Role.SPENDER.value, cap=0).pack()
    return Screen(
        lines(
            t("💌 <b>Invite to {team}</b>", team=clipped(m.name, NAME)),
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
def link(m: TeamInviteLink, t: Translator) -> Screen:
    return Screen(
        lines(
            t("💌 <b>One person joins {team} by this link</b>", team=clipped(m.name, NAME)),
            t("The link: <code>{link}</code>", link=m.link),
            may_words(m.role, m.cap, m.currency, t),
            t("Send it to that person alone. It ends on {day}.", day=t.day(m.until)),
            t("Or they write: <code>/team join {code}</code>", code=m.code),
        ),
        (
            (Button(t.plain("🔗 Copy the link"), copy=m.link),),
            (Button(t.plain("↩️ The team"), ShowTeam.wire(m.team)),),
        ),
        photo=lambda: qr_png(m.link),
    )


@shows(TeamInvitesEnded)
def ended(m: TeamInvitesEnded, t: Translator) -> Screen:
    back = ((Button(t.plain("↩️ The team"), ShowTeam.wire(m.team)),),)
    return Screen(t.n("🚫 {count} invitation has ended.", "🚫 {count} invitations have ended.", m.count), back)


@shows(TeamInvited)
def invited(m: TeamInvited, t: Translator) -> Screen:
    join = (
        Button(
            t.plain("✅ Join"), JoinTeam(token="".join(filter(str.isascii, m.token))[:TOKEN]).pack(), style="success"
        ),
    )
    return Screen(
        lines(
            t("💌 {by} invites you to the team <b>{team}</b>.", by=clipped(m.by, NAME), team=clipped(m.name, NAME)),
            you_may(m.role, m.cap, m.currency, t),
            t("Its owner sees your name, and what you set aside. You get no paid tasks of this team."),
        ),
        (join,),
    )


@shows(TeamJoined)
def joined(m: TeamJoined, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎉 <b>Welcome to {team}!</b>", team=clipped(m.name, NAME)),
            you_may(m.role, m.cap, m.currency, t),
            t("You work for it now. /team shows it, and changes for whom you work."),
        )
    )
