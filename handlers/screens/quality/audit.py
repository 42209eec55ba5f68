"""Evidence and restrictions as an admin sees them: their parts, and the possible decisions."""

from math import exp, log

from domain.conduct.evidence import OPEN, Evidence
from domain.people.people import ERASED
from domain.quality.intervals import wilson
from domain.quality.messages.restrictions import (
    Finding,
    GroundWanted,
    JudgedBy,
    KnownRestriction,
    Mate,
    NothingToConfirm,
    PersonAudit,
    RestrictionDecided,
    RestrictionsWait,
    RestrictionToConfirm,
    RestrictionToDecide,
    Suspect,
    Suspects,
)
from handlers.payloads.oversight import LiftStop, SuspendPerson
from handlers.payloads.quality import DecideRestriction, ShowRestrictions
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.layout.reasons import reason_asked
from handlers.screens.quality.restrictions import suspicion
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator

NAMED = 100  # characters of a title
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
        return ((Button(t.plain("✅ End the suspension"), LiftStop.wire(of.stop)),),)
    if of.admin or not of.person:
        return ()
    return ((Button(t.plain("⛔ Suspend, with a reason"), SuspendPerson.wire(of.person), style="danger"),),)


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
            title=clipped(each.title, NAMED),
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
    title, what, odds = clipped(each.title, NAMED), suspicion(found, t), _odds(found, t)
    low, high = wilson(found.observed * found.answers, found.answers)
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
    if found.suspicion in OPEN:
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
        title=clipped(of.title, NAMED),
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
                title=clipped(asked.of.title, NAMED),
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
    title = clipped(asked.of.title, NAMED)
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
        t("⏸ <b>{who}</b>, “{title}”: it stays.", who=asked.who, title=clipped(asked.title, NAMED)),
        t("It goes on if they come back. Say what you saw in the answers.")
        if asked.erased
        else t("The worker reads it. Say what you saw in the answers."),
        t,
    )


def _waiting(count: int, t: Translator) -> Html:
    return t.n("{count} restriction waits for a human.", "{count} restrictions wait for a human.", count)


def _queue(left: int, t: Translator) -> Keyboard:
    return ((Button(t.plain("👀 Look at the next one"), ShowRestrictions().pack()),),) if left else ()
