"""Screens of stops of projects and persons: what admins see and decide, what those concerned read, appeals."""

from __future__ import annotations

from collections.abc import Iterator

from domain.fairness.cases import CaseClosed, CaseEnd
from domain.fairness.stops import (
    AppealWordsWanted,
    PersonSuspended,
    ProjectForAdmin,
    RulingWanted,
    StopAppealed,
    StopRuled,
    StopToRule,
    SuspendReasonWanted,
    SuspensionMade,
)
from domain.people.accounts import ADMIN, EVERYBODY, REQUESTER
from domain.people.teams import Right
from domain.refusals import IsAdmin, Suspended
from handlers import quotations
from handlers.money import payouts
from handlers.payload import Account, Number, Payload
from handlers.projects import launches, progress
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, clipped, fit_rows, lines, reason_question, refuses, shows
from locales.translator import Html, Translator
from services.fairness import stops


class DecidePause(Payload, code="pz"):
    project: Number
    resume: bool


class EndReported(Payload, code="fe"):
    """Asks the admin for the reason to end a project."""

    project: Number


class SuspendPerson(Payload, code="xs"):
    person: Account


class LiftStop(Payload, code="xl"):
    stop: Number


class UpholdStop(Payload, code="xu"):
    stop: Number


class ShowStop(Payload, code="xv"):
    """An appealed stop that waits for a ruling."""

    stop: Number


class AppealStop(Payload, code="xa"):
    """Appeal by the person whom a stop concerns."""

    stop: Number


class ShowProject(Payload, code="pr"):
    number: Number


class AskToStop(Payload):
    number: Number


MAX_TITLE_CHARS, MAX_INSTRUCTIONS_CHARS, MAX_SAMPLE_CHARS, MAX_SAMPLES_CHARS = (
    60,
    1_500,
    200,
    700,
)  # characters: a title, instructions, a task, all tasks


def appeal_button(stop: int, t: Translator) -> Keyboard:
    return ((Button(t.plain("⚖️ Appeal"), AppealStop.wire(stop), style="primary"),),) if stop else ()


def stopped_name(title: str, t: Translator, room: int = MAX_TITLE_CHARS) -> str:
    """Return a project's title, or the word for a person's account."""
    return clipped(title, room) if title else t.plain("Your account")


@shows(ProjectForAdmin)
def project_for_admin_screen(m: ProjectForAdmin, t: Translator) -> Screen:
    state = progress.state_of("paused" if m.rests and m.state == "running" else m.state, t)
    end = Button(t.plain("⏹ End it, with a reason"), EndReported.wire(m.project), style="danger")
    who = Button(t.plain("⛔ Suspend {who}", who=clipped(m.who, 16)), SuspendPerson.wire(m.person), style="danger")
    return Screen(
        lines(
            t(
                "👀 <b>{number}: {title}</b> by {who}",
                number=m.project,
                title=clipped(m.title, MAX_TITLE_CHARS),
                who=m.who,
            ),
            t.n(
                "{state} · {done} of {count} task done",
                "{state} · {done} of {count} tasks done",
                m.tasks,
                state=state,
                done=t.number(m.closed),
            ),
            t(
                "{answers} · {workers} · {pay} each · {held} held",
                answers=t.n("{count} answer", "{count} answers", m.submissions),
                workers=t.n("{count} worker", "{count} workers", m.workers),
                pay=t.money(m.pay, m.currency),
                held=t.money(m.held, m.currency),
            ),
            quotations.format_instructions(m.instructions, MAX_INSTRUCTIONS_CHARS, t, expanded=False),
            *fit_rows(
                (quotations.quote(clipped(sample, MAX_SAMPLE_CHARS)) for sample in m.samples),
                t,
                len(m.samples),
                room=MAX_SAMPLES_CHARS,
            ),
        ),
        (*(((end,),) if m.ends else ()), (who,)),
    )


@shows(SuspendReasonWanted)
def suspend_reason_wanted_screen(m: SuspendReasonWanted, t: Translator) -> Screen:
    return reason_question(
        t("⛔ <b>{who}</b> will be suspended.", who=m.who),
        t("They read your reason and can appeal. Their money stays theirs. Projects of theirs rest."),
        t,
    )


@shows(SuspensionMade)
def suspension_made_screen(m: SuspensionMade, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⛔ <b>{who}</b> is suspended.", who=m.who),
            quotations.quote(m.reason),
            _resting_line(m.projects, t),
        ),
        ((Button(t.plain("✅ End the suspension"), LiftStop.wire(m.stop)),),),
    )


def _resting_line(projects: int, t: Translator) -> Html | None:
    if not projects:
        return None
    return t.n(
        "{count} project rests. What was answered is paid.",
        "{count} projects rest. What was answered is paid.",
        projects,
    )


@shows(PersonSuspended)
def person_suspended_screen(m: PersonSuspended, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⛔ <b>Your account is suspended.</b> An admin decided it. The reason:"),
            quotations.quote(m.reason),
            t("No task comes until it ends.") if m.worker else None,
            _resting_line(m.projects, t),
            *_money_lines(m, t),
            t("You can appeal. A human answers within 14 days.") if m.appeal else None,
        ),
        appeal_button(m.stop, t) if m.appeal else (),
    )


@refuses(Suspended)
def suspended_refusal(r: Suspended, t: Translator) -> Screen:
    pay = ((Button(t.plain("🏦 My money"), payouts.ToBank().pack()),),) if _may_have_earned(r) else ()
    return Screen(
        lines(
            t("⛔ <b>Your account is suspended.</b> The reason:"),
            quotations.quote(r.reason),
            *_money_lines(r, t),
        ),
        (*(appeal_button(r.stop, t) if r.appeal else ()), *pay),
    )


def _may_have_earned(suspension: PersonSuspended | Suspended) -> bool:
    return suspension.worker or not suspension.asks


def _money_lines(suspension: PersonSuspended | Suspended, t: Translator) -> Iterator[Html]:
    """Lines that tell how a suspended person gets what they earned, and what they paid in, which no payout sends."""
    if _may_have_earned(suspension):
        yield t("Your money stays yours: /payout sends it to you, /balance shows it.")
    if suspension.asks:
        yield t(
            "What you paid in for projects stays yours, too: /funds shows it. Whoever runs this bot sends back what is free."
        )


@refuses(IsAdmin)
def is_admin_refusal(_: IsAdmin, t: Translator) -> Screen:
    return Screen(t("This person runs the bot: take them out of ADMIN_IDS first."))


@shows(AppealWordsWanted)
def appeal_words_wanted_screen(m: AppealWordsWanted, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⚖️ <b>{what}</b>: you appeal. The decision was:", what=stopped_name(m.title, t)),
            quotations.quote(m.reason),
            t("✏️ <b>Why is that wrong? Write it to me in one message.</b>"),
        )
    )


@shows(StopAppealed)
def stop_appealed_screen(m: StopAppealed, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⚖️ <b>{what}</b>: your appeal is noted.", what=stopped_name(m.title, t)),
            t("Another admin answers by {day}.", day=t.date(m.due))
            if m.another
            else t("An admin answers by {day}. There is no other one: whoever decided looks again.", day=t.date(m.due)),
            t("If nobody answers, you have won."),
        )
    )


@shows(StopToRule)
def stop_to_rule_screen(m: StopToRule, t: Translator) -> Screen:
    lift = Button(t.plain("✅ Lift it"), LiftStop.wire(m.stop), style="success")
    stay = Button(t.plain("⛔ It stays, with a reason"), UpholdStop.wire(m.stop), style="danger")
    head = (
        t(
            "⚖️ <b>{number}: {title}</b> by {who}: an appeal",
            number=m.project,
            title=clipped(m.title, MAX_TITLE_CHARS),
            who=m.who,
        )
        if m.project is not None
        else t("⚖️ <b>{who}</b> is suspended, and appeals", who=m.who)
    )
    return Screen(
        lines(
            head,
            t("{who} decided:", who=m.made_by),
            quotations.quote(m.reason),
            t("The appeal:"),
            quotations.quote(m.words),
            t("You decided this yourself. There is no other admin, so you look again; the log says so.")
            if m.alone
            else None,
            t("Without an answer by {day} it is lifted.", day=t.date(m.due)),
        ),
        ((lift,), (stay,)),
    )


@shows(RulingWanted)
def ruling_wanted_screen(m: RulingWanted, t: Translator) -> Screen:
    return reason_question(
        t("⛔ <b>{what}</b> of {who}: it stays.", what=clipped(m.title, MAX_TITLE_CHARS) or "–", who=m.who),
        t("Whoever appealed reads it."),
        t,
    )


@shows(StopRuled)
def stop_ruled_screen(m: StopRuled, t: Translator) -> Screen:
    what = m.who if m.who and not m.title else stopped_name(m.title, t)
    if not m.lifted:
        by = {"alone": t("There is no other admin: whoever decided looked again.")}
        head = t("⛔ <b>{what}</b>: the appeal was looked at, and the decision stays.", what=what)
        return Screen(lines(head, quotations.quote(m.ruling), by.get(m.by)))
    early = t("Nobody answered the appeal in time.") if m.by == "silence" else None
    if not m.project:
        return Screen(lines(t("✅ <b>{what}</b> is no longer suspended.", what=what), early))
    launch_button = Button(t.plain("▶️ Continue"), launches.Launch.wire(m.project))
    head = t("✅ <b>{what}</b>: the decision is lifted. It may be launched again.", what=what)
    return Screen(lines(head, early), ((launch_button,),))


@shows(CaseClosed)
def case_closed_screen(m: CaseClosed, t: Translator) -> Screen:
    """Outcome that replaces the buttons of an admin's case."""
    what = clipped(" · ".join(filter(None, (t.person(m.who), m.what))), MAX_TITLE_CHARS)
    outcome_line = {
        CaseEnd.STARTED: t("✅ <b>{what}</b>: may start.", what=what),
        CaseEnd.GRANTED: t("✅ <b>{what}</b>: may open projects.", what=what),
        CaseEnd.REFUSED: t("⛔ <b>{what}</b>: refused.", what=what),
        CaseEnd.LIFTED: t("✅ <b>{what}</b>: lifted.", what=what),
        CaseEnd.FADED: t("✅ <b>{what}</b>: lifted, the evidence does not hold any more.", what=what),
        CaseEnd.GOES_ON: t("▶️ <b>{what}</b>: it goes on.", what=what),
        CaseEnd.ENDED: t("⏹ <b>{what}</b>: ended.", what=what),
        CaseEnd.FOR_WORKER: t("⚖️ <b>{what}</b>: the worker is paid.", what=what),
        CaseEnd.FOR_REQUESTER: t("⚖️ <b>{what}</b>: the rejection stands.", what=what),
        CaseEnd.HIDDEN: t("🪦 <b>{what}</b>: hidden.", what=what),
        CaseEnd.LEFT: t("✅ <b>{what}</b>: left as it is.", what=what),
        CaseEnd.TAKEN_BACK: t("↩️ <b>{what}</b>: its writer took it back.", what=what),
        CaseEnd.STAYS: t("⛔ <b>{what}</b>: it stays.", what=what),
    }[CaseEnd(m.end)]
    by = t("Decided by {who}.", who=m.by) if m.by else t("Nobody answered in time.")
    if m.end in (CaseEnd.TAKEN_BACK, CaseEnd.FADED):
        by = t("Nothing is left to decide.")
    return Screen(lines(outcome_line, by), silent=True)


ROUTES = (
    Route(DecidePause, ADMIN, stops.decide_pause),
    Route(EndReported, ADMIN, stops.ask_end_reason),
    Route(SuspendPerson, ADMIN, stops.ask_suspension_reason),
    Route(AppealStop, EVERYBODY, stops.ask_for_appeal),
    Route(ShowStop, ADMIN, stops.show_appeal),
    Route(LiftStop, ADMIN, stops.lift_stop),
    Route(UpholdStop, ADMIN, stops.ask_for_ruling),
    Route(
        ShowProject,
        REQUESTER,
        stops.show_project,
        command="project",
        usage="N",
        means="progress, live",
        stays=True,
        right=Right.LOOK,
    ),
    Route(
        AskToStop,
        REQUESTER,
        stops.ask_to_stop,
        command="stop",
        usage="N",
        means="end it; what is not needed comes back to you",
        stays=True,
    ),
)
