"""News of a team for its members, and a team's refusals."""

from domain.money.amounts import Millionths
from domain.people.team_messages import TeamNews
from domain.people.teams import Role
from domain.refusals import CapReached, InvitationOver, NotInTeam, OwnAnswers, TeamHalted, TeamOpen, TooManyTeams
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.held_money import held_money
from handlers.screens.people.teams.words import NAME, may_words
from handlers.screens.screen import Screen, lines, refuses, shows
from locales import Html, Translator


@shows(TeamNews)
def news(m: TeamNews, t: Translator) -> Screen:
    return Screen((_of_you if m.you else _of_others)(m, t))


def _of_you(m: TeamNews, t: Translator) -> Html:
    team = clipped(m.name, NAME)
    return {
        "left": lambda: t("🚪 You have left <b>{team}</b>.", team=team),
        "removed": lambda: t("🚫 You are no longer in the team <b>{team}</b>.", team=team),
        "role": lambda: (
            t("👀 In <b>{team}</b> you may look and review now, and not spend.", team=team)
            if m.role == Role.VIEWER
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


def _of_others(m: TeamNews, t: Translator) -> Html:
    told = {"who": clipped(m.who, NAME), "team": clipped(m.name, NAME)}
    if m.what == "joined":
        return lines(t("🎉 {who} has joined <b>{team}</b>.", **told), may_words(m.role, m.cap, m.currency, t))
    return t("🚪 {who} has left <b>{team}</b>.", **told)


@refuses(CapReached)
def capped(r: CapReached, t: Translator) -> Screen:
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
def not_in_team(r: NotInTeam, t: Translator) -> Screen:
    told = {"team": clipped(r.team, NAME)}
    return Screen(
        {
            "own": t("Only the owner of {team} can do this.", **told),
            "leave": t("You own {team}: make somebody else its owner first, or close it.", **told),
        }.get(r.right, t("In {team} you may look and review, and not spend. Ask its owner.", **told))
    )


@refuses(TeamHalted)
def halted(r: TeamHalted, t: Translator) -> Screen:
    return Screen(t("{team} cannot start or pay anything now: its owner was stopped here.", team=clipped(r.team, NAME)))


@refuses(TooManyTeams)
def too_many(r: TooManyTeams, t: Translator) -> Screen:
    most = t.number(r.most)
    return Screen(
        t("A team has at most {most} members, invitations included.", most=most)
        if r.what == "members"
        else t("You may own at most {most} teams.", most=most)
    )


@refuses(InvitationOver)
def over(r: InvitationOver, t: Translator) -> Screen:
    return Screen(
        {
            "member": t("You are in this team already. /team shows it."),
            "project": t(
                "You have answered tasks of this team’s running project. Leave it first with /leave and its number."
            ),
        }.get(r.why, t("This invitation was used, or has ended. Ask for a new one."))
    )


@refuses(OwnAnswers)
def own_answers(r: OwnAnswers, t: Translator) -> Screen:
    return Screen(t("That would be about yourself: you don’t decide about your own answers, nor get a team’s bonus."))


@refuses(TeamOpen)
def still_open(r: TeamOpen, t: Translator) -> Screen:
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
            held_money(r.amount, r.currency, r.ended, r.until, t) if r.ended else None,
            t.n("{count} project runs: /projects", "{count} projects run: /projects", r.running) if r.running else None,
        )
    )
