"""The register of automated decisions, and complaints."""

from __future__ import annotations

from typing import NamedTuple

from domain.fairness.automated import (
    BY_NAME,
    DECISIONS,
    AutomatedDecision,
    AutomatedSystems,
    Datum,
    Touched,
    TouchingMeasure,
    TouchingRestriction,
    Who,
)
from domain.people.accounts import WORKER
from handlers.fairness import complaints
from handlers.payload import Payload
from handlers.quality import restrictions
from handlers.routing import Route
from handlers.screen import (
    Button,
    Screen,
    clipped,
    in_rows,
    lines,
    shows,
)
from locales.translator import Html, Translator
from services.fairness import automated


class ShowAutomated(Payload, code="ma"):
    pass


class ExplainAutomated(Payload, code="me"):
    name: str


class ShowTouched(Payload, code="mt"):
    pass


class Words(NamedTuple):
    name: str
    does: Html


def named(about: str, t: Translator) -> str:
    """A decision's name; of what the register does not have, or not any more: something else."""
    return words(t)[about].name if about in BY_NAME else t.plain("Something else")


def words(t: Translator) -> dict[str, Words]:
    return {**_of_asking(t), **_of_you(t), **_of_pay(t), **_of_projects(t)}


def _of_asking(t: Translator) -> dict[str, Words]:
    return {
        "turn": Words(
            t.plain("Who is asked next"),
            t(
                "Who has waited longest is asked next. Of a project you get the task to which your answer adds most. After three tasks you left, nothing comes unasked until /work."
            ),
        ),
        "audience": Words(
            t.plain("Projects for some people"),
            t(
                "A requester can ask only people of a country, who did well in their earlier project, who did not answer there, or who came by their link, and up to so many tasks each. You see what is for you. Your country is yours to tell: /settings."
            ),
        ),
        "programs": Words(
            t.plain("Requesters' programs"),
            t(
                "A requester's program can score a test by its key, and accept or reject an answer by what is known or what most say. You get the score, or the reason. You can appeal against every rejection: people judge it."
            ),
        ),
        "later": Words(
            t.plain("Asked later"),
            t(
                "Where your answers tell much less than those of others, you are asked after them: one task in ten minutes at least. It ends when your answers tell more."
            ),
        ),
        "time": Words(
            t.plain("Time is up"),
            t(
                "A task you don't answer in its time goes to somebody else. A late answer is paid while its place is free. If this bot was down, you get the time back."
            ),
        ),
    }


def _of_you(t: Translator) -> dict[str, Words]:
    return {
        "evidence": Words(
            t.plain("Signs of bad work"),
            t(
                "Answers are compared: like chance, always the same, too fast to be read, the same as somebody else's, a model's words. Weak signs bring more check questions. Stronger ones: nothing comes unasked, and others are asked first. Your pay stays the same."
            ),
        ),
        "restriction": Words(
            t.plain("Restrictions"),
            t(
                "On very strong signs a machine stops the tasks of one project for 7 days, later up to 28. A human confirms it within 72 hours and says why, or it ends. What you earned stays yours. A machine never suspends anybody."
            ),
        ),
        "same_person": Words(
            t.plain("Same account, same person"),
            t(
                "Who is paid to the same bank account does not get the same task twice, and no task of their own project. Who left and comes back keeps what was decided. Only codes are compared."
            ),
        ),
    }


def _of_pay(t: Translator) -> dict[str, Words]:
    return {
        "probation": Words(
            t.plain("Pay that waits"),
            t(
                "In a new project your pay waits until enough check questions are right. After 72 hours without a human's decision it is yours."
            ),
        ),
        "topup": Words(
            t.plain("Top-ups"),
            t(
                "The time of answers is measured. Where their pay is below the floor per hour, the difference is added. Nothing is ever taken away by it."
            ),
        ),
        "gold": Words(
            t.plain("Wrong check questions"),
            t(
                "Most workers missed a check question? Its requester is asked whether it is right. One that good workers contradict is set aside until then. If it was wrong, everything it caused is counted again."
            ),
        ),
        "judges": Words(
            t.plain("Who judges appeals"),
            t(
                "Three judges are drawn by lot among workers with good answers who have nothing to do with the case. If they stay silent, you are paid."
            ),
        ),
    }


def _of_projects(t: Translator) -> dict[str, Words]:
    return {
        "tax_form": Words(
            t.plain("Payouts that wait"),
            t(
                "The law (DAC7) asks for a tax form. We ask with your first payout and remind you twice. After 60 days payouts wait until it is there; your money stays yours."
            ),
        ),
        "contributions": Words(
            t.plain("Contributions kept"),
            t("Of micro-entrepreneurs in France, a part of each payout is kept for Urssaf, where this is switched on."),
        ),
        "pause": Words(
            t.plain("Projects that stop"),
            t(
                "A project stops by itself: pay under the floor, too many rejections, reports, a question without an answer, tasks that can't be shown. What you answered is paid."
            ),
        ),
    }


def data(t: Translator) -> dict[Datum, str]:
    return {
        Datum.ANSWERS: t.plain("your answers"),
        Datum.CHECKS: t.plain("check questions"),
        Datum.OTHERS: t.plain("what others answered"),
        Datum.TIMES: t.plain("how long answers took"),
        Datum.SERVED: t.plain("when you last got a task"),
        Datum.SETTINGS: t.plain("your /settings and languages"),
        Datum.UNANSWERED: t.plain("tasks you left"),
        Datum.FILES: t.plain("fingerprints of files you sent"),
        Datum.MODELS: t.plain("answers of AI models in the requester's file"),
        Datum.ACCOUNT: t.plain("a code made of your bank account"),
        Datum.TRACE: t.plain("a code made of your Telegram id"),
        Datum.PAY: t.plain("the pay"),
        Datum.REJECTIONS: t.plain("rejections"),
        Datum.REPORTS: t.plain("reports of workers"),
        Datum.QUESTIONS: t.plain("unanswered questions"),
        Datum.DELIVERY: t.plain("whether messages arrive"),
        Datum.CLOCK: t.plain("the clock"),
        Datum.FORM: t.plain("whether your tax form is there"),
        Datum.RATE: t.plain("the rate that Urssaf gave for your SIRET"),
    }


def people(t: Translator) -> dict[Who, str]:
    return {
        Who.YOU: t.plain("you: /settings, /tasks, /work"),
        Who.FILLED: t.plain("you: save the tax form under /payout"),
        Who.ADMIN: t.plain("whoever runs this bot, when you complain"),
        Who.ANSWERED: t.plain("nobody directly. Complain: a human looks and answers"),
        Who.REQUESTER: t.plain("the requester"),
        Who.JUDGES: t.plain("other workers, as judges"),
    }


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
            (Button(t.plain("✍️ Complain"), complaints.Complain().pack()),),
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
            (Button(t.plain("✍️ Complain about this"), complaints.Complain(about=m.name).pack()),),
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
    facts = {"title": clipped(each.of.title, NAMED), "why": restrictions.suspicion(each.cause, t), "state": state}
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
                t.plain("⚖️ {number}: I object", number=at),
                restrictions.AppealRestriction(restriction=each.of.restriction).pack(),
            ),
        )
    return _complain(at, "restriction", each.of.restriction, t)


def _complain(at: int, about: str, subject: int, t: Translator) -> tuple[Button, ...]:
    return (
        Button(t.plain("✍️ {number}: complain", number=at), complaints.Complain(about=about, subject=subject).pack()),
    )


def _back(t: Translator) -> tuple[Button, ...]:
    return (Button(t.plain("‹ Back"), ShowAutomated().pack()),)


ROUTES = (
    Route(
        ShowAutomated,
        WORKER,
        automated.show_register,
        command="automated",
        means="what machines decide here, and how to complain",
        stays=True,
    ),
    Route(ExplainAutomated, WORKER, automated.explain_decision, stays=True),
    Route(ShowTouched, WORKER, automated.show_recent_decisions, stays=True),
)
