"""The audience of a project, and the link that invites to it."""

from __future__ import annotations

from collections.abc import Iterable

from domain.people.accounts import REQUESTER
from domain.people.teams import Right
from domain.projects.projects import (
    AT_MOST,
    COUNTRY,
    GOOD_IN,
    GOOD_SEEN,
    GOOD_SHARE,
    HOLDS,
    INVITED,
    NOT_COUNTRY,
    NOT_IN,
    QUALIFIED,
    SAYS,
    AudienceChoice,
    AudiencePage,
    Condition,
    Invited,
    InviteEnded,
    InviteLink,
)
from handlers.payload import Number, Payload
from handlers.people import blocks, qualifications
from handlers.projects import preflight
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, lines, shows
from handlers.work import offers
from locales.translator import Html, Translator
from reports.statement import draw_qr_code
from services.projects import audience


class ShowWho(Payload, code="wo"):
    number: Number


class ChangeWho(Payload, code="wc"):
    """`word`: a condition as a caption has it."""

    number: Number
    word: str


class Invite(Payload, code="iv"):
    number: Number


class EndInvitation(Payload, code="ie"):
    number: Number


TITLE, NUMBER, COUNTRIES = 60, 10, 12  # characters; countries that are named


def describe_condition(condition: Condition, t: Translator) -> Html:
    """Return one condition as a part of a sentence ("from France")."""
    number = clipped(condition.value.partition("|")[0], TITLE)
    if condition.name in (COUNTRY, NOT_COUNTRY):
        countries = t.one_of([t.country(code[:2]) for code in condition.values[:COUNTRIES]])
        is_from = condition.name == COUNTRY
        return t("from {countries}", countries=countries) if is_from else t("not from {countries}", countries=countries)
    if condition.name == SAYS:
        question, _, answers = condition.value.partition("\n")
        answer_names = t.one_of([clipped(answer, NUMBER * 2) for answer in answers.split("|")])
        return t("who say {answers} to “{question}”", answers=answer_names, question=clipped(question, TITLE))
    if condition.name == HOLDS:
        return qualifications.requirement_words(condition.value, t)
    if condition.name == QUALIFIED:
        return t("qualified in “{title}”", title=clipped(condition.value, TITLE))
    if condition.name == GOOD_IN:
        return t(
            "good in project {number}: at least {share} of {least} check questions or more",
            number=number,
            share=t.percent(GOOD_SHARE),
            least=GOOD_SEEN,
        )
    if condition.name == NOT_IN:
        return t("without an answer in project {number}", number=number)
    if condition.name == AT_MOST:
        return t.n("given at most {count} task each", "given at most {count} tasks each", _whole(number))
    return t("who came by your link (/invite)")


def _whole(number: str) -> int:
    return int(number) if number.isdecimal() else 0


def describe_audience(who: Iterable[Condition], t: Translator) -> Html | None:
    """Return the pre-flight card's line about who is asked, or None if everybody is."""
    descriptions = [describe_condition(requirement, t) for requirement in who]
    return t("👥 Only people {conditions}", conditions=Html(" · ").join(descriptions)) if descriptions else None


@shows(AudiencePage)
def show_audience(m: AudiencePage, t: Translator) -> Screen:
    return Screen(
        lines(
            t("👥 <b>Who is asked in {number}: {title}</b>", number=m.number, title=clipped(m.title, TITLE)),
            *(t("✅ People {condition}", condition=describe_condition(requirement, t)) for requirement in m.who),
            t("Everybody who reads its language.") if not m.who else None,
            " ",
            t("Press what shall hold, or press again what shall not."),
            t("In a caption: <code>who: country=FR, at most=50, good in=7, qualified in NAME ≥ 80</code>"),
            t("Workers you have blocked are never asked."),
        ),
        (
            *_choices(m, t),
            (
                Button(t.plain("⬅️ Back"), preflight.Preview(number=m.number).pack()),
                Button(t.plain("🚫 Blocked workers"), blocks.ShowBlocked(team=m.team_number).pack()),
            ),
            (Button(t.plain("🎓 Your qualifications"), qualifications.ShowQualifications(team=m.team_number).pack()),),
        ),
    )


def _choices(m: AudiencePage, t: Translator) -> Keyboard:
    return tuple(
        (
            Button(
                f"{'☑️' if choice.on else '⬜️'} {_label(choice, t)}",
                ChangeWho(number=m.number, word=_wire(choice.word)).pack(),
            ),
        )
        for choice in m.choices
    )


def _wire(word: str) -> str:
    """A condition has names and numbers of ours, which a button has room for."""
    return "".join(filter(str.isascii, word))[:50]


def _label(choice: AudienceChoice, t: Translator) -> str:
    condition, number = choice.condition, clipped(choice.condition.value.partition("|")[0], NUMBER)
    return {
        COUNTRY: lambda: t.plain("From {country}", country=t.country(number[:2])),
        NOT_COUNTRY: lambda: t.plain("Not from {country}", country=t.country(number[:2])),
        SAYS: lambda: clipped(condition.value.partition("\n")[0], 30),
        HOLDS: lambda: qualifications.requirement_label(condition.value, t),
        QUALIFIED: lambda: t.plain("Qualified: {title}", title=clipped(condition.value, 16)),
        GOOD_IN: lambda: t.plain("Good in project {number}", number=number),
        NOT_IN: lambda: t.plain("Not in project {number}", number=number),
        AT_MOST: lambda: t.plain("At most {count} tasks each", count=t.number(_whole(number))),
        INVITED: lambda: t.plain("Only invited people"),
    }[condition.name]()


@shows(InviteLink)
def show_invite_link(m: InviteLink, t: Translator) -> Screen:
    not_only = t("Everybody else is asked, too. Only invited people: <code>who: invited</code>, before the launch.")
    return Screen(
        lines(
            t("🔗 <b>Invite people to {number}: {title}</b>", number=m.number, title=clipped(m.title, TITLE)),
            t("The link: <code>{link}</code>", link=m.link),
            t("Whoever opens it, here or with this code, gets this project first."),
            t("Only they are asked.") if m.only else not_only,
            t.n("Opened {count} time.", "Opened {count} times.", m.opened)
            if not m.invited
            else t(
                "Opened {times}; {people} came.",
                times=t.n("{count} time", "{count} times", m.opened),
                people=t.n("{count} person", "{count} people", m.invited),
            ),
            None if m.running else t("Nobody gets a task before /launch {number}.", number=m.number),
        ),
        (
            (
                Button(t.plain("🔗 Copy the link"), copy=m.link),
                Button(t.plain("🚫 End it"), EndInvitation(number=m.number).pack()),
            ),
        ),
        photo=lambda: draw_qr_code(m.link),
    )


@shows(InviteEnded)
def show_invitation_ended(m: InviteEnded, t: Translator) -> Screen:
    new_link = (Button(t.plain("🔗 A new link"), Invite(number=m.number).pack()),)
    return Screen(
        t("🚫 The link to {number} invites nobody any more. Who came by it stays invited.", number=m.number),
        (new_link,),
    )


@shows(Invited)
def invited(m: Invited, t: Translator) -> Screen:
    who = m.requester or t.plain("A requester")
    begin = (Button(t.plain("▶️ Begin"), offers.TakeTask.wire(m.project), style="success"),)
    return Screen(
        lines(
            t("💌 {who} invites you to <b>{title}</b>.", who=clipped(who, TITLE), title=clipped(m.title, 200)),
            t("It has no tasks now. When it has, you get them first.") if m.waits else None,
            t(
                "▶️ brings you there at once: your task of <b>{title}</b> goes to others, and nothing is held against you. Or answer that one first, and press then.",
                title=clipped(m.at_work, 200),
            )
            if m.at_work
            else None,
        ),
        () if m.waits or not m.begins else (begin,),
    )


ROUTES = (
    Route(ShowWho, REQUESTER, audience.show, right=Right.LOOK),
    Route(ChangeWho, REQUESTER, audience.change_condition),
    Route(
        Invite,
        REQUESTER,
        audience.show_invitation,
        command="invite",
        usage="N",
        means="a link and a code that invite people to it",
    ),
    Route(EndInvitation, REQUESTER, audience.end_invitation),
)
