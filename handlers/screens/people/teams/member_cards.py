"""A member, and what is asked twice."""

from domain.money.amounts import Millionths
from domain.people.team_messages import (
    TeamCapAsked,
    TeamLeaveAsked,
    TeamMemberCard,
)
from domain.people.teams import CAPS, Role
from handlers.payloads.teams import (
    AskMemberCap,
    CloseTeam,
    HandOverTeam,
    LeaveTeam,
    RemoveMember,
    SetMemberCap,
    SetMemberRole,
    ShowTeam,
)
from handlers.screens.layout.fitting import clipped
from handlers.screens.people.teams.words import NAME, may_words
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Translator


@shows(TeamMemberCard)
def member(m: TeamMemberCard, t: Translator) -> Screen:
    spender = m.role == Role.SPENDER
    team, who = m.team, m.member
    other = Role.VIEWER if spender else Role.SPENDER
    turn = t.plain("👀 Only look and review") if spender else t.plain("💶 May spend")
    return Screen(
        lines(
            t("👤 <b>{name}</b>, {team}", name=clipped(m.name, NAME), team=clipped(m.team_name, NAME)),
            may_words(m.role, m.cap, m.currency, t),
            t("Set aside this month: {amount}", amount=t.money(Millionths(m.spent), m.currency)) if spender else None,
        ),
        (
            (Button(turn, SetMemberRole(team=team, member=who, role=other.value).pack()),),
            *(_caps(m, t) if spender else ()),
            (Button(t.plain("👑 Make owner"), HandOverTeam(team=team, member=who, sure=False).pack()),),
            (Button(t.plain("🚫 Remove"), RemoveMember(team=team, member=who, sure=False).pack(), style="danger"),),
            (Button(t.plain("↩️ The team"), ShowTeam.wire(m.team)),),
        ),
        anew=True,
    )


def _caps(m: TeamMemberCard, t: Translator) -> Keyboard:
    presets = tuple(Button(t.money(cap, m.currency), SetMemberCap.wire(m.team, m.member, cap)) for cap in CAPS)
    return (
        presets,
        (
            Button(t.plain("✏️ Other limit"), AskMemberCap.wire(m.team, m.member)),
            Button(t.plain("♾ No limit"), SetMemberCap.wire(m.team, m.member, 0)),
        ),
    )


@shows(TeamCapAsked)
def cap(m: TeamCapAsked, t: Translator) -> Screen:
    return Screen(
        lines(
            t("✏️ <b>How much may {name} set aside in a month?</b>", name=clipped(m.name, NAME)),
            t("Write an amount in {currency}, such as 75.00. /cancel keeps it as it is.", currency=m.currency),
        )
    )


@shows(TeamLeaveAsked)
def sure(m: TeamLeaveAsked, t: Translator) -> Screen:
    told = {"team": clipped(m.name, NAME), "who": clipped(m.who, NAME)}
    team, member = m.team, m.member
    words, yes, press = {
        "leave": lambda: (
            t("🚪 <b>Leave {team}?</b> Your keys for it end at once.", **told),
            t.plain("🚪 Leave"),
            LeaveTeam(team=team, sure=True).pack(),
        ),
        "remove": lambda: (
            t("🚫 <b>Remove {who} from {team}?</b> Their access and their keys end at once.", **told),
            t.plain("🚫 Remove"),
            RemoveMember(team=team, member=member, sure=True).pack(),
        ),
        "own": lambda: (
            t("👑 <b>Make {who} the owner of {team}?</b> You may only look and review then.", **told),
            t.plain("👑 Make owner"),
            HandOverTeam(team=team, member=member, sure=True).pack(),
        ),
        "close": lambda: (
            t("🗑 <b>Close {team}?</b> It cannot be opened again.", **told),
            t.plain("🗑 Close the team"),
            CloseTeam(team=team, sure=True).pack(),
        ),
    }[m.what]()
    return Screen(
        words, ((Button(yes, press, style="danger"),), (Button(t.plain("↩️ The team"), ShowTeam.wire(m.team)),))
    )
