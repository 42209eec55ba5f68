"""The register of automated decisions, and complaints."""

from __future__ import annotations

from typing import NamedTuple

from domain.extensions import load_parts
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
from handlers.screen import Button, Screen, clipped, lines, shows, to_button_rows
from locales.translator import Html, Translator
from services.fairness import automated


class ShowAutomated(Payload, code="ma"):
    pass


class ExplainAutomated(Payload, code="me"):
    name: str


class ShowTouched(Payload, code="mt"):
    pass


class DecisionText(NamedTuple):
    name: str
    does: Html


def decision_name(decision: str, t: Translator) -> str:
    """Return a decision's name; “Something else” for names that the register does not have (any more)."""
    return decision_texts(t)[decision].name if decision in BY_NAME else t.plain("Something else")


def decision_texts(t: Translator) -> dict[str, DecisionText]:
    texts = {**_texts_of_asking(t), **_texts_of_work_signs(t), **_texts_of_pay(t), **_texts_of_projects(t)}
    for part in load_parts("decisions"):
        texts |= {name: DecisionText(*words) for name, words in part.describe_decisions(t).items()}
    return texts


def _texts_of_asking(t: Translator) -> dict[str, DecisionText]:
    return {
        "turn": DecisionText(
            t.plain("Who is asked next"),
            t(
                "Who has waited longest is asked next. Of a project you get the task to which your answer adds most. After three tasks you left, nothing comes unasked until /work."
            ),
        ),
        "audience": DecisionText(
            t.plain("Projects for some people"),
            t(
                "A requester can ask only people of a country, who did well in their earlier project, who did not answer there, or who came by their link, and up to so many tasks each. You see what is for you. Your country is yours to tell: /settings."
            ),
        ),
        "programs": DecisionText(
            t.plain("Requesters' programs"),
            t(
                "A requester's program can score a test by its key, and accept or reject an answer by what is known or what most say. You get the score, or the reason. You can appeal against every rejection: people judge it."
            ),
        ),
        "later": DecisionText(
            t.plain("Asked later"),
            t(
                "Where your answers tell much less than those of others, you are asked after them: one task in ten minutes at least. It ends when your answers tell more."
            ),
        ),
        "time": DecisionText(
            t.plain("Time is up"),
            t(
                "A task you don't answer in its time goes to somebody else. A late answer is paid while its place is free. If this bot was down, you get the time back."
            ),
        ),
    }


def _texts_of_work_signs(t: Translator) -> dict[str, DecisionText]:
    return {
        "evidence": DecisionText(
            t.plain("Signs of bad work"),
            t(
                "Answers are compared: like chance, always the same, too fast to be read, the same as somebody else's, a model's words. Weak signs bring more check questions. Stronger ones: nothing comes unasked, and others are asked first. Your pay stays the same."
            ),
        ),
        "restriction": DecisionText(
            t.plain("Restrictions"),
            t(
                "On very strong signs a machine stops the tasks of one project for 7 days, later up to 28. A human confirms it within 72 hours and says why, or it ends. What you earned stays yours. A machine never suspends anybody."
            ),
        ),
        "same_person": DecisionText(
            t.plain("Same account, same person"),
            t(
                "Who is paid to the same bank account does not get the same task twice, and no task of their own project. Who left and comes back keeps what was decided. Only codes are compared."
            ),
        ),
    }


def _texts_of_pay(t: Translator) -> dict[str, DecisionText]:
    return {
        "probation": DecisionText(
            t.plain("Pay that waits"),
            t(
                "In a new project your pay waits until enough check questions are right. After 72 hours without a human's decision it is yours."
            ),
        ),
        "topup": DecisionText(
            t.plain("Top-ups"),
            t(
                "The time of answers is measured. Where their pay is below the floor per hour, the difference is added. Nothing is ever taken away by it."
            ),
        ),
        "gold": DecisionText(
            t.plain("Wrong check questions"),
            t(
                "Most workers missed a check question? Its requester is asked whether it is right. One that good workers contradict is set aside until then. If it was wrong, everything it caused is counted again."
            ),
        ),
        "judges": DecisionText(
            t.plain("Who judges appeals"),
            t(
                "Three judges are drawn by lot among workers with good answers who have nothing to do with the case. If they stay silent, you are paid."
            ),
        ),
    }


def _texts_of_projects(t: Translator) -> dict[str, DecisionText]:
    return {
        "pause": DecisionText(
            t.plain("Projects that stop"),
            t(
                "A project stops by itself: pay under the floor, too many rejections, reports, a question without an answer, tasks that can't be shown. What you answered is paid."
            ),
        ),
    }


def data_names(t: Translator) -> dict[Datum, str]:
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


def deciders_names(t: Translator) -> dict[Who, str]:
    return {
        Who.YOU: t.plain("you: /settings, /tasks, /work"),
        Who.FILLED: t.plain("you: save the tax form under /payout"),
        Who.ADMIN: t.plain("whoever runs this bot, when you complain"),
        Who.ANSWERED: t.plain("nobody directly. Complain: a human looks and answers"),
        Who.REQUESTER: t.plain("the requester"),
        Who.JUDGES: t.plain("other workers, as judges"),
    }


MAX_TITLE_CHARS = 60  # characters of a title
BUTTONS_PER_ROW = 2  # buttons


@shows(AutomatedSystems)
def automated_systems_screen(m: AutomatedSystems, t: Translator) -> Screen:
    texts = decision_texts(t)
    keys = [
        Button(texts[listed_decision.name].name, ExplainAutomated(name=listed_decision.name).pack())
        for listed_decision in DECISIONS
    ]
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
            *to_button_rows(keys, BUTTONS_PER_ROW),
            (Button(touched, ShowTouched().pack()),),
            (Button(t.plain("✍️ Complain"), complaints.Complain().pack()),),
        ),
    )


@shows(AutomatedDecision)
def automated_decision_screen(m: AutomatedDecision, t: Translator) -> Screen:
    register_entry, text = BY_NAME[m.name], decision_texts(t)[m.name]
    names_of_data, names_of_deciders = data_names(t), deciders_names(t)
    return Screen(
        lines(
            Html(f"🤖 <b>{text.name}</b>"),
            text.does,
            " ",
            t("<b>Made from:</b> {data}.", data=", ".join(names_of_data[item] for item in register_entry.data)),
            t("<b>Who can change it:</b>"),
            *(Html(f"• {names_of_deciders[item]}") for item in register_entry.who),
        ),
        (
            (Button(t.plain("✍️ Complain about this"), complaints.Complain(about=m.name).pack()),),
            _back_button(t),
        ),
    )


@shows(Touched)
def touched_screen(m: Touched, t: Translator) -> Screen:
    rows, keys = list[Html](), list[tuple[Button, ...]]()
    for position, restriction in enumerate(m.restrictions, 1):
        rows += [_restriction_line(position, restriction, t)]
        keys += [_appeal_button(position, restriction, t)]
    for position, measure in enumerate(m.measures, len(rows) + 1):
        rows += [_measure_line(position, measure, t)]
        complaint_subject = "later" if measure.kind == "later" else "evidence"
        keys += [_complain_button(position, complaint_subject, measure.project, t)]
    for position, topup in enumerate(m.topups, len(rows) + 1):
        facts = {"title": clipped(topup.title, MAX_TITLE_CHARS), "amount": t.money(topup.amount, topup.currency)}
        why = t("its time was worth more than its pay. /why_{number}", number=topup.number)
        rows += [
            t("{at}. 💶 {when}, “{title}”: {amount} added, {why}", at=position, when=t.date(topup.at), why=why, **facts)
        ]
        keys += [_complain_button(position, "topup", topup.project, t)]
    head = t("📋 <b>What machines decided about you</b> in the last {days} days", days=m.days)
    none = None if rows else t("✨ Nothing, but who is asked next.")
    return Screen(lines(head, none, *rows), (*keys, _back_button(t)))


def _restriction_line(position: int, restriction: TouchingRestriction, t: Translator) -> Html:
    state = {
        "standing": t("a human has confirmed it") if restriction.of.decided else t("it waits for a human"),
        "ended": t("over"),
        "lifted": t("no human confirmed it, so it ended") if restriction.lapsed else t("lifted"),
    }[restriction.of.state]
    facts = {
        "title": clipped(restriction.of.title, MAX_TITLE_CHARS),
        "why": restrictions.describe_evidence(restriction.cause, t),
        "state": state,
    }
    return t(
        "{at}. ⏸ {when}, “{title}”: restricted: {why}. Now: {state}.",
        at=position,
        when=t.date(restriction.of.imposed_at),
        **facts,
    )


def _measure_line(position: int, measure: TouchingMeasure, t: Translator) -> Html:
    what = {
        "later": t("asked after others: your answers told less than theirs"),
        "checks": t("more check questions: there were weak signs"),
        "held": t("nothing unasked, and others first: there were signs"),
    }[measure.kind]
    facts = {
        "at": position,
        "title": clipped(measure.title, MAX_TITLE_CHARS),
        "what": what,
        "since": t.date(measure.since),
    }
    if measure.ended_at is None:
        return t("{at}. 🤖 Since {since}, “{title}”: {what}. It goes on. /why_skill", **facts)
    return t("{at}. 🤖 {since} – {until}, “{title}”: {what}.", until=t.date(measure.ended_at), **facts)


def _appeal_button(position: int, restriction: TouchingRestriction, t: Translator) -> tuple[Button, ...]:
    if restriction.may_object:
        return (
            Button(
                t.plain("⚖️ {number}: I object", number=position),
                restrictions.AppealRestriction(restriction=restriction.of.restriction).pack(),
            ),
        )
    return _complain_button(position, "restriction", restriction.of.restriction, t)


def _complain_button(position: int, decision: str, subject: int, t: Translator) -> tuple[Button, ...]:
    return (
        Button(
            t.plain("✍️ {number}: complain", number=position),
            complaints.Complain(about=decision, subject=subject).pack(),
        ),
    )


def _back_button(t: Translator) -> tuple[Button, ...]:
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
