"""`/automated`: the register of automated decisions, a page each, and what touched the reader. Made of the register."""

from domain.fairness.automated import BY_NAME, DECISIONS
from domain.fairness.messages.automated import (
    AutomatedDecision,
    AutomatedSystems,
    Touched,
    TouchingMeasure,
    TouchingRestriction,
)
from handlers.payloads.automated import Complain, ExplainAutomated, ShowAutomated, ShowTouched
from handlers.payloads.quality import AppealRestriction
from handlers.screens.fairness.automated_words import data, people, words
from handlers.screens.layout.fitting import clipped
from handlers.screens.quality.restrictions import suspicion
from handlers.screens.screen import Button, Screen, in_rows, lines, shows
from locales import Html, Translator

NAMED = 60  # characters of a title
A_ROW = 2  # buttons


@shows(AutomatedSystems)
def systems(m: AutomatedSystems, t: Translator) -> Screen:
    told = words(t)
    keys = [Button(told[each.name].name, ExplainAutomated(name=each.name).pack()) for each in DECISIONS]
    touched = t.plain("📋 What touched me ({count})", count=t.number(m.touched))
    return Screen(
        lines(
            t("🤖 <b>What machines decide here</b>"),
            " ",
            t("Programs prepare decisions about work. Press one: what it does, from what, and who can change it."),
            " ",
            t(
                "<b>Never used:</b> your name, age, sex, health, opinions or mood; what you write to others; what you do outside this bot."
            ),
            t("<b>Restrictions</b> end after 72 hours unless a human confirms them. No machine suspends anybody."),
            t("<b>Something is wrong?</b> Complain: a human answers within 14 days."),
        ),
        (
            *in_rows(keys, A_ROW),
            (Button(touched, ShowTouched().pack()),),
            (Button(t.plain("✍️ Complain"), Complain().pack()),),
        ),
    )


@shows(AutomatedDecision)
def decision(m: AutomatedDecision, t: Translator) -> Screen:
    known, told = BY_NAME[m.name], words(t)[m.name]
    from_, changed = data(t), people(t)
    return Screen(
        lines(
            Html(f"🤖 <b>{told.name}</b>"),
            told.does,
            " ",
            t("<b>Made from:</b> {data}.", data=", ".join(from_[each] for each in known.data)),
            t("<b>Who can change it:</b>"),
            *(Html(f"• {changed[each]}") for each in known.who),
        ),
        (
            (Button(t.plain("✍️ Complain about this"), Complain(about=m.name).pack()),),
            _back(t),
        ),
    )


@shows(Touched)
def touched(m: Touched, t: Translator) -> Screen:
    rows, keys = list[Html](), list[tuple[Button, ...]]()
    for at, each in enumerate(m.restrictions, 1):
        rows += [_restriction(at, each, t)]
        keys += [_objects(at, each, t)]
    for at, measure in enumerate(m.measures, len(rows) + 1):
        rows += [_measure(at, measure, t)]
        about = "later" if measure.kind == "later" else "evidence"
        keys += [_complain(at, about, measure.project, t)]
    for at, topup in enumerate(m.topups, len(rows) + 1):
        facts = {"title": clipped(topup.title, NAMED), "amount": t.money(topup.amount, topup.currency)}
        why = t("its time was worth more than its pay. /why_{number}", number=topup.number)
        rows += [t("{at}. 💶 {when}, “{title}”: {amount} added, {why}", at=at, when=t.date(topup.at), why=why, **facts)]
        keys += [_complain(at, "topup", topup.project, t)]
    head = t("📋 <b>What machines decided about you</b> in the last {days} days", days=m.days)
    none = None if rows else t("✨ Nothing, but who is asked next.")
    return Screen(lines(head, none, *rows), (*keys, _back(t)))


def _restriction(at: int, each: TouchingRestriction, t: Translator) -> Html:
    state = {
        "standing": t("a human has confirmed it") if each.of.decided else t("it waits for a human"),
        "ended": t("over"),
        "lifted": t("no human confirmed it, so it ended") if each.lapsed else t("lifted"),
    }[each.of.state]
    facts = {"title": clipped(each.of.title, NAMED), "why": suspicion(each.cause, t), "state": state}
    return t(
        "{at}. ⏸ {when}, “{title}”: restricted: {why}. Now: {state}.", at=at, when=t.date(each.of.imposed_at), **facts
    )


def _measure(at: int, each: TouchingMeasure, t: Translator) -> Html:
    what = {
        "later": t("asked after others: your answers told less than theirs"),
        "checks": t("more check questions: there were weak signs"),
        "held": t("nothing unasked, and others first: there were signs"),
    }[each.kind]
    facts = {"at": at, "title": clipped(each.title, NAMED), "what": what, "since": t.date(each.since)}
    if each.ended_at is None:
        return t("{at}. 🤖 Since {since}, “{title}”: {what}. It goes on. /why_skill", **facts)
    return t("{at}. 🤖 {since} – {until}, “{title}”: {what}.", until=t.date(each.ended_at), **facts)


def _objects(at: int, each: TouchingRestriction, t: Translator) -> tuple[Button, ...]:
    if each.may_object:
        return (
            Button(
                t.plain("⚖️ {number}: I object", number=at), AppealRestriction(restriction=each.of.restriction).pack()
            ),
        )
    return _complain(at, "restriction", each.of.restriction, t)


def _complain(at: int, about: str, subject: int, t: Translator) -> tuple[Button, ...]:
    return (Button(t.plain("✍️ {number}: complain", number=at), Complain(about=about, subject=subject).pack()),)


def _back(t: Translator) -> tuple[Button, ...]:
    return (Button(t.plain("‹ Back"), ShowAutomated().pack()),)
