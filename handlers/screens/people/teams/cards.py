"""Accounts to work for, and a team."""

from domain.money.amounts import Millionths
from domain.people.team_messages import (
    ActingFor,
    TeamAccounts,
    TeamCard,
    TeamMember,
    TeamNameAsked,
)
from domain.people.teams import Hears, Role
from handlers.payloads.teams import (
    ActForTeam,
    AskToInvite,
    CloseTeam,
    EndTeamInvites,
    HearTeam,
    LeaveTeam,
    MakeTeam,
    ShowMember,
    ShowTeam,
    ShowTeams,
)
from handlers.screens.layout.fitting import clipped
from handlers.screens.people.teams.words import LABEL, NAME, role_words
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator


@shows(TeamAccounts)
def accounts(m: TeamAccounts, t: Translator) -> Screen:
    listed = [
        (Button(_marked(f"🏢 {clipped(each.name, LABEL)}", each.here), ShowTeam.wire(each.team)),) for each in m.teams
    ]
    own = [(Button(_marked(t.plain("👤 Myself"), m.own), ActForTeam.wire(0)),)] if m.asks and m.teams else []
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


def _marked(words: str, here: bool) -> str:
    return f"✅ {words}" if here else words


@shows(ActingFor)
def acting(m: ActingFor, t: Translator) -> Screen:
    if not m.name:
        return Screen(t("👤 You work for <b>yourself</b> now."))
    return Screen(
        lines(
            t("🏢 You work for <b>{team}</b> now.", team=clipped(m.name, NAME)),
            t("/projects, /funds and new projects are the team’s."),
        )
    )


@shows(TeamNameAsked)
def name(m: TeamNameAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✏️ <b>What is your team called?</b>"),
            t("Workers read this name on its tasks. {least} to {most} characters.", least=m.least, most=m.most),
            t("That is no name for a team. Please try another one.") if m.again else None,
            t("/cancel if you want no team."),
        )
    )


@shows(TeamCard)
def card(m: TeamCard, t: Translator) -> Screen:
    owner, me = m.role == Role.OWNER, next((each for each in m.members if each.member == m.me), None)
    return Screen(
        lines(
            t("🏢 <b>{team}</b> · team-{number}", team=clipped(m.name, NAME), number=m.team),
            t("Free money: {amount}", amount=t.money(Millionths(m.free), m.currency)),
            " ",
            *(_member(each, m.currency, t) for each in m.members),
            " ",
            _mine(me, m.currency, t) if me and not owner else None,
            t.n("{count} invitation waits.", "{count} invitations wait.", m.waiting) if owner and m.waiting else None,
            t("You work for it now.") if m.here else None,
        ),
        (
            *(() if m.here else ((Button(t.plain("🏢 Work for it"), ActForTeam.wire(m.team), style="success"),),)),
            *(_owners(m, t) if owner else ()),
            *_hears(m, t),
            *(() if owner else ((Button(t.plain("🚪 Leave"), LeaveTeam(team=m.team, sure=False).pack()),),)),
            (Button(t.plain("↩️ All teams"), ShowTeams().pack()),),
        ),
        anew=True,
    )


def _owners(m: TeamCard, t: Translator) -> Keyboard:
    others = [each for each in m.members if each.member != m.me]
    end = [Button(t.plain("🚫 End invitations"), EndTeamInvites.wire(m.team))] if m.waiting else []
    return (
        *((Button(f"👤 {clipped(each.name, LABEL)}", ShowMember.wire(m.team, each.member)),) for each in others),
        (Button(t.plain("💌 Invite"), AskToInvite.wire(m.team)), *end),
        *(() if others else ((Button(t.plain("🗑 Close the team"), CloseTeam(team=m.team, sure=False).pack()),),)),
    )


def _hears(m: TeamCard, t: Translator) -> Keyboard:
    """What of the team's messages comes here: the next choice."""
    words = {
        Hears.ALL: t.plain("🔔 News of all its projects"),
        Hears.OWN: t.plain("🔔 News of my projects only"),
        Hears.NONE: t.plain("🔕 No news"),
    }
    order = list(Hears)
    after = order[(order.index(Hears(m.hears)) + 1) % len(order)]
    return ((Button(words[Hears(m.hears)], HearTeam(team=m.team, what=after.value).pack()),),)


def _member(each: TeamMember, currency: str, t: Translator) -> Html:
    told = {"name": clipped(each.name, NAME), "role": role_words(each.role, t)}
    spent = t.money(Millionths(each.spent), currency)
    if each.cap is not None and each.role == Role.SPENDER:
        cap = t.money(Millionths(each.cap), currency)
        return t("• {name}: {role}, {spent} of {cap} this month", **told, spent=spent, cap=cap)
    if each.spent:
        return t("• {name}: {role}, {spent} this month", **told, spent=spent)
    return t("• {name}: {role}", **told)


def _mine(me: TeamMember, currency: str, t: Translator) -> Html | None:
    if me.cap is None or me.role != Role.SPENDER:
        return None
    return t(
        "You may set aside {amount} more this month.", amount=t.money(Millionths(max(0, me.cap - me.spent)), currency)
    )
