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
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    Toast,
    clipped,
    fitted,
    lines,
    reason_asked,
    shows,
    toasts,
)
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


def suspicion(found: Evidence, t: Translator) -> Html:
    """One finding: the share expected of honest work, the share seen, and the number of answers."""
    shares = {"expected": t.percent(found.expected), "observed": t.percent(found.observed)}
    answers = t.n("{count} answer", "{count} answers", found.answers)
    return {
        "random": t(
            "answers that look like chance: {observed} right, others {expected} ({answers})", answers=answers, **shares
        ),
        "constant": t(
            "nearly always the same answer: {observed}, where {expected} would be usual ({answers})",
            answers=answers,
            **shares,
        ),
        "machine": t(
            "nearly a model's words: {observed}, where {expected} would be usual ({answers})", answers=answers, **shares
        ),
        "pasted": t("long answers, faster than anybody types: {observed} of {answers}", answers=answers, **shares),
        "silent": t(
            "“can't tell” where others can: {observed}, where {expected} would be usual ({answers})",
            answers=answers,
            **shares,
        ),
        "sleeper": t(
            "good before ({expected} right), like chance since ({observed}, the last {answers})",
            answers=answers,
            **shares,
        ),
        "informed": t(
            "right on check questions, like chance on other tasks: {observed} right there, others {expected} ({answers})",
            answers=answers,
            **shares,
        ),
        "ring": t(
            "the same answers as somebody else: {observed}, where {expected} would be usual ({answers})",
            answers=answers,
            **shares,
        ),
    }[found.suspicion]


@shows(Restricted)
def restricted(of: Restricted, t: Translator) -> Screen:
    object_ = Button(t.plain("⚖️ I object"), AppealRestriction(restriction=of.restriction).pack())
    return Screen(
        lines(
            t(
                "⏸ <b>{title}</b>: no tasks of this project for you until {until}.",
                title=clipped(of.title, NAMED),
                until=t.time(of.until),
            ),
            t("Why: {reason}.", reason=suspicion(of.cause, t)),
            t("All you earned stays yours. Other projects go on. It ends by itself on that day."),
            t("The task you have in front of you can still be answered, and is paid.") if of.in_hand else None,
            t("A machine proposed this. A human confirms it by {by}, or it ends then.", by=t.time(of.confirm_by))
            if of.confirm_by
            else None,
            t("If this is wrong, press “I object”: a human looks at it, and if nobody does, it is lifted."),
        ),
        (
            (object_,),
            (Button(t.plain("📊 What this is made of"), figures.ShowSkill().pack()),),
            _complain(of.restriction, t),
        ),
    )


def _complain(restriction: int, t: Translator) -> tuple[Button, ...]:
    return (Button(t.plain("✍️ Complain"), complaints.Complain(about="restriction", subject=restriction).pack()),)


@shows(RestrictionAppealed)
def appealed(of: RestrictionAppealed, t: Translator) -> Screen:
    title = clipped(of.title, NAMED)
    return Screen(
        t(
            "⚖️ <b>{title}</b>: a human will look at it. If nobody has by {until}, it is lifted.",
            title=title,
            until=t.time(of.until),
        )
    )


@shows(RestrictionLifted)
def restriction_lifted(of: RestrictionLifted, t: Translator) -> Screen:
    return Screen(
        t(
            "✅ <b>{title}</b>: the restriction is lifted. Sorry for the trouble. /work",
            title=clipped(of.title, NAMED),
        )
    )


@shows(RestrictionLapsed)
def restriction_lapsed(of: RestrictionLapsed, t: Translator) -> Screen:
    return Screen(
        t(
            "✅ <b>{title}</b>: no human confirmed the restriction in time, so it is over. The machine does not set it again there. /work",
            title=clipped(of.title, NAMED),
        )
    )


@shows(RestrictionOver)
def restriction_over(of: RestrictionOver, t: Translator) -> Screen:
    return Screen(t("✅ <b>{title}</b>: the restriction is over. /work", title=clipped(of.title, NAMED)))


@shows(RestrictionConfirmed)
def restriction_confirmed(of: RestrictionConfirmed, t: Translator) -> Screen:
    object_ = Button(t.plain("⚖️ I object"), AppealRestriction(restriction=of.restriction).pack())
    return Screen(
        lines(
            t(
                "⚖️ <b>{title}</b>: a human looked at it, and the restriction stays. It ends on {until}.",
                title=clipped(of.title, NAMED),
                until=t.time(of.until),
            ),
            quotations.quoted(of.words) if of.words else None,
            t("Do you see it otherwise? One press, and it is looked at again.") if of.restriction else None,
        ),
        ((object_,), _complain(of.restriction, t)) if of.restriction else (_complain(0, t),),
    )


NAMED_EVIDENCE = 100  # characters of a title
MILLION = log(1_000_000)  # nats


@shows(PersonAudit)
def audit(of: PersonAudit, t: Translator) -> Screen:
    found = [line for each in of.findings for line in _found(each, t)]
    return Screen(
        lines(
            t(
                "🔎 <b>{who}</b> · {answers}",
                who=of.who,
                answers=t.n("{count} answer", "{count} answers", of.answers),
            ),
            t("⛔ Suspended: {reason}", reason=of.suspended_for) if of.stop else None,
            *(fitted(found, t, room=1800) or [t("Nothing speaks against this person.")]),
            *[_mate(each, t) for each in of.mates],
            *[line for each in of.judged for line in _judged(each, t)],
            *fitted((_restriction(each, t) for each in of.restrictions), t, len(of.restrictions), room=1500),
        ),
        (*(row for each in of.restrictions for row in _decisions(each, t)), *_stop(of, t)),
    )


def _judged(each: JudgedBy, t: Translator) -> list[Html]:
    """Judges are drawn by lot: the same one often, or two who judge each other, is rare."""
    told = []
    if each.rejections > 1:
        count = t.n("{count} rejection", "{count} rejections", each.rejections)
        share = t.percent(each.right / each.rejections)
        told.append(t("⚖️ {who} judged {count} of theirs: {share} right.", who=each.who, count=count, share=share))
    if each.answers and each.back:
        answers = each.answers + each.back
        told.append(
            t(
                "⚖️ They and {who} judged each other’s answers, {count} in all: {share} fine.",
                who=each.who,
                count=t.number(answers),
                share=t.percent((each.fine + each.fine_back) / answers),
            )
        )
    return told


def _stop(of: PersonAudit, t: Translator) -> Keyboard:
    """A human suspends, and ends it."""
    if of.stop:
        return ((Button(t.plain("✅ End the suspension"), stops.LiftStop.wire(of.stop)),),)
    if of.admin or not of.person:
        return ()
    return ((Button(t.plain("⛔ Suspend, with a reason"), stops.SuspendPerson.wire(of.person), style="danger"),),)


@shows(Suspects)
def suspected(of: Suspects, t: Translator) -> Screen:
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
            who=each.who,
            title=clipped(each.title, NAMED_EVIDENCE),
            what=kinds[each.suspicion],
            odds=_odds(each, t),
        )
        for each in of.found
    ]
    if not rows:
        return Screen(t("🔎 Nobody’s answers speak against them. <code>/audit PERSON</code> shows one person."))
    head = t("🔎 <b>Worth looking at</b>, the strongest first. <code>/audit PERSON</code> shows what it is made of.")
    return Screen(lines(head, *fitted(rows, t)))


def _found(each: Finding, t: Translator) -> list[Html]:
    """One finding: certainty, current effects, workers with the same answers."""
    found = each.evidence
    title, what, odds = clipped(each.title, NAMED_EVIDENCE), suspicion(found, t), _odds(found, t)
    low, high = wilson_interval(found.observed * found.answers, found.answers)
    range_ = t("95 times in 100 it is between {low} and {high}.", low=t.percent(low), high=t.percent(high))
    pairs = [
        t("↳ with {who}: {same} of {shared} the same", who=pair.who, same=pair.same, shared=pair.shared)
        for pair in each.pairs
    ]
    lead = t("• “{title}”: {what}. {odds} {range}", title=title, what=what, odds=odds, range=range_)
    return [lead, *_softly(each, t), *pairs]


def _softly(each: Finding, t: Translator) -> list[Html]:
    """The automatic effects, which end with the evidence."""
    done = [
        *([t("more check questions among their tasks")] if each.watch else []),
        *([t("asked after others")] if each.later or each.watch > 1 else []),
        *([t("never unasked")] if each.watch > 1 else []),
    ]
    return [t("→ Meanwhile: {done}", done=Html(", ".join(done)))] if done else []


def _mate(mate: Mate, t: Translator) -> Html:
    return t(
        "🏦 Paid to the same account as {who}; {same} of {shared} tasks of both answered the same",
        who=mate.who,
        same=mate.same,
        shared=mate.shared,
    )


def _odds(found: Evidence | Suspect, t: Translator) -> Html:
    """e^nats in words: how many times likelier than of honest work."""
    if found.suspicion in EXPLAINABLE:
        return t("By itself this stops nobody.")
    times = exp(min(found.nats, MILLION))
    if found.nats >= MILLION:
        return t("More than a million times likelier than of honest work.")
    return t(
        "About {times} times likelier than of honest work.",
        times=t.number(round(times) if times < 100 else round(times, -2)),
    )


def _restriction(of: KnownRestriction, t: Translator) -> Html:
    states = {"standing": t.plain("stands"), "lifted": t.plain("lifted"), "ended": t.plain("over")}
    asked = {
        "open": t.plain(", appealed"),
        "granted": t.plain(", appeal granted"),
        "refused": t.plain(", appeal refused"),
        None: "",
    }
    return t(
        "⏸ {number}. “{title}”: {since} – {until}, {state}{appeal}",
        number=of.restriction,
        title=clipped(of.title, NAMED_EVIDENCE),
        since=t.time(of.imposed_at),
        until=t.time(of.ends_at),
        state=states[of.state],
        appeal=asked[of.appeal],
    )


def _decisions(of: KnownRestriction, t: Translator) -> Keyboard:
    """A restriction that stands may be lifted at any time, and confirmed where it waits for that."""
    if of.state != "standing":
        return ()
    lift, stay = (DecideRestriction(restriction=of.restriction, lift=lift).pack() for lift in (True, False))
    row = (Button(t.plain("✅ Lift {number}", number=of.restriction), lift),)
    keep = Button(t.plain("⏸ Confirm {number}", number=of.restriction), stay)
    return ((*row, keep),) if of.waits else (row,)


@shows(RestrictionToDecide)
def appeal(asked: RestrictionToDecide, t: Translator) -> Screen:
    found = [t("• {what}. {odds}", what=suspicion(each, t), odds=_odds(each, t)) for each in asked.evidence]
    return Screen(
        lines(
            t(
                "⚖️ <b>{who} objects</b> to a restriction in “{title}”.",
                who=asked.who,
                title=clipped(asked.of.title, NAMED_EVIDENCE),
            ),
            *fitted(found, t, room=2000),
            _restriction(asked.of, t),
            t("Please decide by {until}. If nobody does, it is lifted.", until=t.time(asked.until)),
        ),
        _decisions(asked.of, t),
    )


@shows(RestrictionDecided)
def decided(told: RestrictionDecided, t: Translator) -> Screen:
    return Screen(_restriction(told.of, t), (*_decisions(told.of, t), *_queue(told.left, t)))


@shows(RestrictionToConfirm)
def to_confirm(asked: RestrictionToConfirm, t: Translator) -> Screen:
    """The evidence, and the two presses."""
    found = [t("• {what}. {odds}", what=suspicion(each, t), odds=_odds(each, t)) for each in asked.evidence]
    title = clipped(asked.of.title, NAMED_EVIDENCE)
    return Screen(
        lines(
            t("⏸ <b>{who}</b>, kept from “{title}”. {left}", who=asked.who, title=title, left=_waiting(asked.left, t)),
            t("The worker objects.") if asked.appealed else None,
            *fitted(found, t, room=2000),
            _restriction(asked.of, t),
            None if asked.who == ERASED else t("More about this person: <code>/audit {who}</code>", who=asked.who),
            t("Do you find the same? Then say why; the worker reads it. In doubt, lift it."),
            t("If nobody decides by {until}, it is lifted.", until=t.time(asked.until)),
        ),
        _decisions(asked.of, t),
    )


@shows(NothingToConfirm)
def nothing(_: NothingToConfirm, t: Translator) -> Screen:
    return Screen(t("✨ No restriction waits for you."))


@shows(RestrictionsWait)
def wait(told: RestrictionsWait, t: Translator) -> Screen:
    last = t("Without a human's word it is lifted at {until}.", until=t.time(told.until))
    first = t("Without a human's word the first is lifted at {until}.", until=t.time(told.until))
    return Screen(
        lines(
            Html(f"⏸ {_waiting(told.count, t)}"),
            t("You were told before.") if told.again else None,
            last if told.count == 1 else first,
        ),
        _queue(told.count, t),
    )


@shows(GroundWanted)
def ground_wanted(asked: GroundWanted, t: Translator) -> Screen:
    return reason_asked(
        t("⏸ <b>{who}</b>, “{title}”: it stays.", who=asked.who, title=clipped(asked.title, NAMED_EVIDENCE)),
        t("It goes on if they come back. Say what you saw in the answers.")
        if asked.erased
        else t("The worker reads it. Say what you saw in the answers."),
        t,
    )


def _waiting(count: int, t: Translator) -> Html:
    return t.n("{count} restriction waits for a human.", "{count} restrictions wait for a human.", count)


def _queue(left: int, t: Translator) -> Keyboard:
    return ((Button(t.plain("👀 Look at the next one"), ShowRestrictions().pack()),),) if left else ()


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
