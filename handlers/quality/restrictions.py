"""Restrictions as workers read them: reason, end, and the appeal."""

from __future__ import annotations

from math import exp, log

from domain.conduct.evidence import EXPLAINABLE, Evidence
from domain.people.accounts import ADMIN, ERASED, WORKER
from domain.quality.crowd import wilson_interval
from domain.quality.gold_challenges import NotedBefore
from domain.quality.restrictions import (
    Finding,
    GroundWanted,
    JudgedBy,
    KnownRestriction,
    Mate,
    NothingToConfirm,
    PersonAudit,
    Restricted,
    RestrictionAppealed,
    RestrictionConfirmed,
    RestrictionDecided,
    RestrictionLapsed,
    RestrictionLifted,
    RestrictionOver,
    RestrictionsWait,
    RestrictionToConfirm,
    RestrictionToDecide,
    Suspect,
    Suspects,
)
from handlers import quotations
from handlers.fairness import complaints, stops
from handlers.payload import Number, Payload
from handlers.quality import figures
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, Toast, clipped, fit_rows, lines, reason_question, shows, toasts
from locales.translator import Html, Translator
from services.quality import restrictions


class AppealRestriction(Payload, code="ra"):
    restriction: Number


class DecideRestriction(Payload, code="rd"):
    restriction: Number
    lift: bool


class ShowRestrictions(Payload, code="rq"):
    """The queue of those that wait for a human."""


class ShowAudit(Payload):
    """Audits one person; without a word, lists people worth auditing."""

    who: str = ""


NAMED = 100  # characters of a name


@toasts(NotedBefore)
def noted_before(_: NotedBefore, t: Translator) -> Toast:
    return Toast(t.plain("This has been noted already, or decided."))


def describe_evidence(evidence: Evidence, t: Translator) -> Html:
    """Return one finding: the share expected of honest work, the share seen, and the number of answers."""
    facts = {
        "expected": t.percent(evidence.expected),
        "observed": t.percent(evidence.observed),
        "answers": t.n("{count} answer", "{count} answers", evidence.answers),
    }
    return {
        "random": t("answers that look like chance: {observed} right, others {expected} ({answers})", **facts),
        "constant": t(
            "nearly always the same answer: {observed}, where {expected} would be usual ({answers})", **facts
        ),
        "machine": t("nearly a model's words: {observed}, where {expected} would be usual ({answers})", **facts),
        "pasted": t("long answers, faster than anybody types: {observed} of {answers}", **facts),
        "silent": t("“can't tell” where others can: {observed}, where {expected} would be usual ({answers})", **facts),
        "sleeper": t("good before ({expected} right), like chance since ({observed}, the last {answers})", **facts),
        "informed": t(
            "right on check questions, like chance on other tasks: {observed} right there, others {expected} ({answers})",
            **facts,
        ),
        "ring": t(
            "the same answers as somebody else: {observed}, where {expected} would be usual ({answers})", **facts
        ),
    }[evidence.suspicion]


@shows(Restricted)
def show_restricted(m: Restricted, t: Translator) -> Screen:
    object_ = Button(t.plain("⚖️ I object"), AppealRestriction(restriction=m.restriction).pack())
    return Screen(
        lines(
            t(
                "⏸ <b>{title}</b>: no tasks of this project for you until {until}.",
                title=clipped(m.title, NAMED),
                until=t.time(m.until),
            ),
            t("Why: {reason}.", reason=describe_evidence(m.cause, t)),
            t("All you earned stays yours. Other projects go on. It ends by itself on that day."),
            t("The task you have in front of you can still be answered, and is paid.") if m.in_hand else None,
            t("A machine proposed this. A human confirms it by {by}, or it ends then.", by=t.time(m.confirm_by))
            if m.confirm_by
            else None,
            t("If this is wrong, press “I object”: a human looks at it, and if nobody does, it is lifted."),
        ),
        (
            (object_,),
            (Button(t.plain("📊 What this is made of"), figures.ShowSkill().pack()),),
            _complaint_buttons(m.restriction, t),
        ),
    )


def _complaint_buttons(restriction: int, t: Translator) -> tuple[Button, ...]:
    return (Button(t.plain("✍️ Complain"), complaints.Complain(about="restriction", subject=restriction).pack()),)


@shows(RestrictionAppealed)
def show_appealed(m: RestrictionAppealed, t: Translator) -> Screen:
    title = clipped(m.title, NAMED)
    return Screen(
        t(
            "⚖️ <b>{title}</b>: a human will look at it. If nobody has by {until}, it is lifted.",
            title=title,
            until=t.time(m.until),
        )
    )


@shows(RestrictionLifted)
def show_lifted(m: RestrictionLifted, t: Translator) -> Screen:
    return Screen(
        t(
            "✅ <b>{title}</b>: the restriction is lifted. Sorry for the trouble. /work",
            title=clipped(m.title, NAMED),
        )
    )


@shows(RestrictionLapsed)
def show_lapsed(m: RestrictionLapsed, t: Translator) -> Screen:
    return Screen(
        t(
            "✅ <b>{title}</b>: no human confirmed the restriction in time, so it is over. The machine does not set it again there. /work",
            title=clipped(m.title, NAMED),
        )
    )


@shows(RestrictionOver)
def show_over(m: RestrictionOver, t: Translator) -> Screen:
    return Screen(t("✅ <b>{title}</b>: the restriction is over. /work", title=clipped(m.title, NAMED)))


@shows(RestrictionConfirmed)
def show_confirmed(m: RestrictionConfirmed, t: Translator) -> Screen:
    object_ = Button(t.plain("⚖️ I object"), AppealRestriction(restriction=m.restriction).pack())
    return Screen(
        lines(
            t(
                "⚖️ <b>{title}</b>: a human looked at it, and the restriction stays. It ends on {until}.",
                title=clipped(m.title, NAMED),
                until=t.time(m.until),
            ),
            quotations.quote(m.words) if m.words else None,
            t("Do you see it otherwise? One press, and it is looked at again.") if m.restriction else None,
        ),
        ((object_,), _complaint_buttons(m.restriction, t)) if m.restriction else (_complaint_buttons(0, t),),
    )


NAMED_EVIDENCE = 100  # characters of a title
MILLION = log(1_000_000)  # nats


@shows(PersonAudit)
def show_audit(m: PersonAudit, t: Translator) -> Screen:
    finding_lines = [line for item in m.findings for line in _finding_lines(item, t)]
    return Screen(
        lines(
            t(
                "🔎 <b>{who}</b> · {answers}",
                who=m.who,
                answers=t.n("{count} answer", "{count} answers", m.answers),
            ),
            t("⛔ Suspended: {reason}", reason=m.suspended_for) if m.stop else None,
            *(fit_rows(finding_lines, t, room=1800) or [t("Nothing speaks against this person.")]),
            *[_mate_line(item, t) for item in m.mates],
            *[line for item in m.judged for line in _jury_lines(item, t)],
            *fit_rows((_restriction_line(item, t) for item in m.restrictions), t, len(m.restrictions), room=1500),
        ),
        (*(row for item in m.restrictions for row in _decision_buttons(item, t)), *_suspension_buttons(m, t)),
    )


def _jury_lines(counts: JudgedBy, t: Translator) -> list[Html]:
    """Return lines about judges of the same person; judges are drawn by lot, so that one who judges somebody often, or
    two who judge each other, are rare."""
    jury_lines = []
    if counts.rejections > 1:
        count = t.n("{count} rejection", "{count} rejections", counts.rejections)
        share = t.percent(counts.right / counts.rejections)
        jury_lines.append(
            t("⚖️ {who} judged {count} of theirs: {share} right.", who=counts.who, count=count, share=share)
        )
    if counts.answers and counts.back:
        answers = counts.answers + counts.back
        jury_lines.append(
            t(
                "⚖️ They and {who} judged each other’s answers, {count} in all: {share} fine.",
                who=counts.who,
                count=t.number(answers),
                share=t.percent((counts.fine + counts.fine_back) / answers),
            )
        )
    return jury_lines


def _suspension_buttons(m: PersonAudit, t: Translator) -> Keyboard:
    """Return the button that suspends the person or ends the suspension; none for an admin."""
    if m.stop:
        return ((Button(t.plain("✅ End the suspension"), stops.LiftStop.wire(m.stop)),),)
    if m.admin or not m.person:
        return ()
    return ((Button(t.plain("⛔ Suspend, with a reason"), stops.SuspendPerson.wire(m.person), style="danger"),),)


@shows(Suspects)
def list_suspects(m: Suspects, t: Translator) -> Screen:
    kinds = {
        "random": t("like chance"),
        "constant": t("always the same"),
        "sleeper": t("good once, like chance since"),
        "ring": t("the same as others’"),
        "informed": t("right on check questions only"),
        "silent": t("“can't tell” where others can"),
        "machine": t("a model's words"),
        "pasted": t("faster than anybody types"),
    }
    rows = [
        t(
            "• {who}, “{title}”: {what}. {odds}",
            who=suspect.who,
            title=clipped(suspect.title, NAMED_EVIDENCE),
            what=kinds[suspect.suspicion],
            odds=_odds_line(suspect, t),
        )
        for suspect in m.found
    ]
    if not rows:
        return Screen(t("🔎 Nobody’s answers speak against them. <code>/audit PERSON</code> shows one person."))
    head = t("🔎 <b>Worth looking at</b>, the strongest first. <code>/audit PERSON</code> shows what it is made of.")
    return Screen(lines(head, *fit_rows(rows, t)))


def _finding_lines(finding: Finding, t: Translator) -> list[Html]:
    """One finding: certainty, current effects, workers with the same answers."""
    evidence = finding.evidence
    title, what, odds = clipped(finding.title, NAMED_EVIDENCE), describe_evidence(evidence, t), _odds_line(evidence, t)
    low, high = wilson_interval(evidence.observed * evidence.answers, evidence.answers)
    range_ = t("95 times in 100 it is between {low} and {high}.", low=t.percent(low), high=t.percent(high))
    pairs = [
        t("↳ with {who}: {same} of {shared} the same", who=pair.who, same=pair.same, shared=pair.shared)
        for pair in finding.pairs
    ]
    lead = t("• “{title}”: {what}. {odds} {range}", title=title, what=what, odds=odds, range=range_)
    return [lead, *_effects_line(finding, t), *pairs]


def _effects_line(finding: Finding, t: Translator) -> list[Html]:
    """Return the automatic effects of the evidence, which end with it."""
    effects = [
        *([t("more check questions among their tasks")] if finding.watch else []),
        *([t("asked after others")] if finding.later or finding.watch > 1 else []),
        *([t("never unasked")] if finding.watch > 1 else []),
    ]
    return [t("→ Meanwhile: {done}", done=Html(", ".join(effects)))] if effects else []


def _mate_line(mate: Mate, t: Translator) -> Html:
    return t(
        "🏦 Paid to the same account as {who}; {same} of {shared} tasks of both answered the same",
        who=mate.who,
        same=mate.same,
        shared=mate.shared,
    )


def _odds_line(evidence: Evidence | Suspect, t: Translator) -> Html:
    """Return e^nats in words: how many times likelier the answers are than honest work."""
    if evidence.suspicion in EXPLAINABLE:
        return t("By itself this stops nobody.")
    times = exp(min(evidence.nats, MILLION))
    if evidence.nats >= MILLION:
        return t("More than a million times likelier than of honest work.")
    return t(
        "About {times} times likelier than of honest work.",
        times=t.number(round(times) if times < 100 else round(times, -2)),
    )


def _restriction_line(restriction: KnownRestriction, t: Translator) -> Html:
    states = {"standing": t.plain("stands"), "lifted": t.plain("lifted"), "ended": t.plain("over")}
    appeal_states = {
        "open": t.plain(", appealed"),
        "granted": t.plain(", appeal granted"),
        "refused": t.plain(", appeal refused"),
        None: "",
    }
    return t(
        "⏸ {number}. “{title}”: {since} – {until}, {state}{appeal}",
        number=restriction.restriction,
        title=clipped(restriction.title, NAMED_EVIDENCE),
        since=t.time(restriction.imposed_at),
        until=t.time(restriction.ends_at),
        state=states[restriction.state],
        appeal=appeal_states[restriction.appeal],
    )


def _decision_buttons(restriction: KnownRestriction, t: Translator) -> Keyboard:
    """Return the buttons that lift a standing restriction and, while it waits for that, confirm it."""
    if restriction.state != "standing":
        return ()
    lift, stay = (DecideRestriction(restriction=restriction.restriction, lift=lift).pack() for lift in (True, False))
    row = (Button(t.plain("✅ Lift {number}", number=restriction.restriction), lift),)
    keep = Button(t.plain("⏸ Confirm {number}", number=restriction.restriction), stay)
    return ((*row, keep),) if restriction.waits else (row,)


@shows(RestrictionToDecide)
def ask_about_appeal(m: RestrictionToDecide, t: Translator) -> Screen:
    evidence_lines = [
        t("• {what}. {odds}", what=describe_evidence(evidence, t), odds=_odds_line(evidence, t))
        for evidence in m.evidence
    ]
    return Screen(
        lines(
            t(
                "⚖️ <b>{who} objects</b> to a restriction in “{title}”.",
                who=m.who,
                title=clipped(m.of.title, NAMED_EVIDENCE),
            ),
            *fit_rows(evidence_lines, t, room=2000),
            _restriction_line(m.of, t),
            t("Please decide by {until}. If nobody does, it is lifted.", until=t.time(m.until)),
        ),
        _decision_buttons(m.of, t),
    )


@shows(RestrictionDecided)
def show_decided(m: RestrictionDecided, t: Translator) -> Screen:
    return Screen(_restriction_line(m.of, t), (*_decision_buttons(m.of, t), *_next_button(m.left, t)))


@shows(RestrictionToConfirm)
def ask_to_confirm(m: RestrictionToConfirm, t: Translator) -> Screen:
    """Show an admin the evidence, with the buttons that lift and confirm."""
    evidence_lines = [
        t("• {what}. {odds}", what=describe_evidence(evidence, t), odds=_odds_line(evidence, t))
        for evidence in m.evidence
    ]
    title = clipped(m.of.title, NAMED_EVIDENCE)
    return Screen(
        lines(
            t("⏸ <b>{who}</b>, kept from “{title}”. {left}", who=m.who, title=title, left=_waiting(m.left, t)),
            t("The worker objects.") if m.appealed else None,
            *fit_rows(evidence_lines, t, room=2000),
            _restriction_line(m.of, t),
            None if m.who == ERASED else t("More about this person: <code>/audit {who}</code>", who=m.who),
            t("Do you find the same? Then say why; the worker reads it. In doubt, lift it."),
            t("If nobody decides by {until}, it is lifted.", until=t.time(m.until)),
        ),
        _decision_buttons(m.of, t),
    )


@shows(NothingToConfirm)
def nothing(_: NothingToConfirm, t: Translator) -> Screen:
    return Screen(t("✨ No restriction waits for you."))


@shows(RestrictionsWait)
def show_waiting(m: RestrictionsWait, t: Translator) -> Screen:
    only_deadline = t("Without a human's word it is lifted at {until}.", until=t.time(m.until))
    first_deadline = t("Without a human's word the first is lifted at {until}.", until=t.time(m.until))
    return Screen(
        lines(
            Html(f"⏸ {_waiting(m.count, t)}"),
            t("You were told before.") if m.again else None,
            only_deadline if m.count == 1 else first_deadline,
        ),
        _next_button(m.count, t),
    )


@shows(GroundWanted)
def ask_for_ground(m: GroundWanted, t: Translator) -> Screen:
    return reason_question(
        t("⏸ <b>{who}</b>, “{title}”: it stays.", who=m.who, title=clipped(m.title, NAMED_EVIDENCE)),
        t("It goes on if they come back. Say what you saw in the answers.")
        if m.erased
        else t("The worker reads it. Say what you saw in the answers."),
        t,
    )


def _waiting(count: int, t: Translator) -> Html:
    return t.n("{count} restriction waits for a human.", "{count} restrictions wait for a human.", count)


def _next_button(waiting: int, t: Translator) -> Keyboard:
    return ((Button(t.plain("👀 Look at the next one"), ShowRestrictions().pack()),),) if waiting else ()


ROUTES = (
    Route(AppealRestriction, WORKER, restrictions.appeal_restriction, stays=True),
    Route(DecideRestriction, ADMIN, restrictions.decide_restriction),
    Route(ShowRestrictions, ADMIN, restrictions.show_next),
    Route(
        ShowAudit,
        ADMIN,
        restrictions.audit_person,
        command="audit",
        usage="PERSON",
        means="what speaks against somebody, and why",
    ),
)
