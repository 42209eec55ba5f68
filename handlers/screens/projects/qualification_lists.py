"""A requester's qualifications: listed, made, granted by a list, deleted."""

from html import escape

from domain.people.qualification_lists import (
    AttemptPay,
    HoldersChanged,
    HoldersWanted,
    QualificationDeletion,
    QualificationLine,
    QualificationList,
    QualificationPage,
    QualificationWanted,
)
from handlers.payloads.qualifications import (
    AskHolders,
    DeleteQualification,
    MakeQualification,
    ShowQualification,
    ShowQualifications,
)
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.requester_name import team_line
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

NAMED, LABEL, DESCRIBED = 100, 40, 600


@shows(QualificationList)
def listed(m: QualificationList, t: Translator) -> Screen:
    rows = tuple((Button(clipped(each.name, LABEL), ShowQualification(type_=each.type).pack()),) for each in m.types)
    more = (
        ((Button(t.plain("More ➡️"), ShowQualifications(team=m.team_number, after=m.after).pack()),),) if m.more else ()
    )
    new = (Button(t.plain("➕ A new one"), MakeQualification(team=m.team_number).pack(), style="success"),)
    return Screen(
        lines(
            t("🎓 <b>Your qualifications</b>"),
            team_line(m.team, t),
            *(t("• {name}: {facts}", name=clipped(each.name, NAMED), facts=_facts(each, t)) for each in m.types),
            None if m.types else t("None yet. A test of your own, or a list of workers, says who has one."),
            t("A project asks for one with <code>who: qualified in NAME ≥ 80</code>."),
        ),
        (*rows, *more, new),
    )


def _facts(of: QualificationLine, t: Translator) -> Html:
    """Its test, and who has it."""
    has = t.n("{count} worker has it", "{count} workers have it", of.holders)
    if of.awaited:
        has = t("{has}, {count} awaited by name", has=has, count=t.number(of.awaited))
    if not of.questions:
        return has
    return t(
        "{test}, {has}", test=t.n("a test of {count} question", "a test of {count} questions", of.questions), has=has
    )


@shows(QualificationWanted)
def wanted(m: QualificationWanted, t: Translator) -> Screen:
    example = t(
        "<code>name: Reads Breton\n"
        "description: You read short texts in Breton.\n"
        "minutes: 10\n"
        "again: 24\n"
        "question: What does “demat” mean? | hello, goodbye, thanks | right=hello\n"
        "question: Which are greetings? | demat, kenavo, bara | right=demat, kenavo</code>"
    )
    return Screen(
        lines(
            team_line(m.team, t),
            t("🎓 <b>A new qualification</b>. Write it in one message, like this:"),
            example,
            t("Its value is the share of right answers, 0 to 100. Without questions you say yourself who has it."),
            t("<code>again</code>: after how many hours the test may be taken once more; without it, once."),
            t(
                "To pay an attempt, whatever it comes to: <code>pay: 0.20</code> and <code>people: 50</code>, how many at most. "
                "The sum in {currency} is set aside at once; what is left comes back when you delete it.",
                currency=m.currency,
            ),
            t("/cancel stops it."),
        )
    )


@shows(QualificationPage)
def page(m: QualificationPage, t: Translator) -> Screen:
    number = m.line.type
    again = (
        t("It is taken once.")
        if m.again_hours is None
        else t.n("Once more after {count} hour.", "Once more after {count} hours.", m.again_hours)
    )
    timed = t.n("{count} minute for it.", "{count} minutes for it.", m.minutes)
    return Screen(
        lines(
            t("🎓 <b>{name}</b> is made.", name=clipped(m.line.name, NAMED))
            if m.made
            else Html(f"🎓 <b>{escape(clipped(m.line.name, NAMED), quote=False)}</b>"),
            team_line(m.team, t),
            Html(f"<blockquote>{escape(clipped(m.description, DESCRIBED), quote=False)}</blockquote>"),
            _facts(m.line, t),
            *((timed, again) if m.line.questions else ()),
            *(_paid(m.pay, t) if m.pay else ()),
            t("Ask for it: <code>who: qualified in {name} ≥ 80</code>", name=m.line.name)
            if m.line.questions
            else t("Ask for it: <code>who: qualified in {name}</code>", name=m.line.name),
        ),
        (
            (Button(t.plain("👤 Give it to workers"), AskHolders(type_=number).pack()),),
            (
                Button(t.plain("⬅️ Back"), ShowQualifications(team=m.team_number).pack()),
                Button(t.plain("🗑 Delete"), DeleteQualification(type_=number).pack()),
            ),
        ),
    )


def _paid(of: AttemptPay, t: Translator) -> tuple[Html, ...]:
    pay, held = t.money(of.pay, of.currency), t.money(of.held, of.currency)
    return (
        t.n(
            "An attempt pays {pay}, for at most {count} person.",
            "An attempt pays {pay}, for at most {count} people.",
            of.places,
            pay=pay,
        ),
        t.n("{count} was paid; {held} is set aside.", "{count} were paid; {held} is set aside.", of.paid, held=held),
    )


@shows(HoldersWanted)
def holders(m: HoldersWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("👤 <b>Who has “{name}”?</b>", name=clipped(m.name, NAMED)),
            t("Write the workers, one a line, as in the column <code>worker</code> of /submissions."),
            t("Behind a name a value, or <code>-</code> to take it away:"),
            Html("<code>wk3fabcdefg\nwx7qabcdefg 90\nwa2babcdefg -</code>"),
            t(
                "Somebody who has not come yet: their @name, or their number at Telegram. They have it once they come and say yes."
            ),
            t("They are told. /cancel"),
        )
    )


@shows(HoldersChanged)
def changed(m: HoldersChanged, t: Translator) -> Screen:
    return Screen(
        lines(
            t.n("🎓 {count} worker has “{name}” now.", "🎓 {count} workers have “{name}” now.", m.granted, name=m.name)
            if m.granted
            else None,
            t.n("It was taken from {count} worker.", "It was taken from {count} workers.", m.revoked)
            if m.revoked
            else None,
            t.n("{count} is awaited by name.", "{count} are awaited by name.", m.awaited) if m.awaited else None,
            t.n("{count} is awaited no more.", "{count} are awaited no more.", m.dropped) if m.dropped else None,
            t(
                "They have it once they come, have no other work, a project asks for it and they say yes. Whether somebody works here I do not tell."
            )
            if m.awaited
            else None,
            None if m.granted or m.revoked or m.awaited or m.dropped else t("Nothing changed."),
        ),
        ((Button(clipped(m.name, LABEL), ShowQualification(type_=m.type).pack()),),),
    )


@shows(QualificationDeletion)
def deletion(m: QualificationDeletion, t: Translator) -> Screen:
    back = Button(t.plain("⬅️ Back"), ShowQualifications(team=m.team_number).pack())
    money = t.money(m.returned, m.currency) if m.returned else ""
    if m.done:
        came = t("{money} came back to your funds.", money=money) if money else None
        return Screen(lines(t("🗑 “{name}” is deleted.", name=clipped(m.name, NAMED)), came), ((back,),))
    yes = Button(t.plain("🗑 Delete it"), DeleteQualification(type_=m.type, sure=True).pack(), style="danger")
    return Screen(
        lines(
            t("🗑 <b>Delete “{name}”?</b>", name=clipped(m.name, NAMED)),
            t.n("{count} worker has it.", "{count} workers have it.", m.holders),
            t("Running projects that ask for it then ask nobody."),
            t("{money} comes back to your funds; whoever is taking the test now is paid.", money=money)
            if money
            else None,
        ),
        ((yes,), (back,)),
    )
