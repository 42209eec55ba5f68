"""Evidence and restrictions as an admin sees them: what they are made of, and what can be decided."""

from math import exp, log
from typing import Any

from domain.quality.skill import Skill
from handlers.payloads.quality import DecideRestriction
from handlers.screens.layout.fitting import clipped, fitted
from handlers.screens.quality.gold_challenges import suspicion
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

NAMED = 100  # characters of a title
MILLION = log(1_000_000)  # nats


@screen("restrictions.audit")
def audit(facts: Facts, t: Translator) -> Screen:
    found = [line for each in facts["evidence"] for line in _found(each, t)]
    return Screen(
        lines(
            t(
                "🔎 <b>{who}</b> · {answers}",
                who=facts["who"],
                answers=t.n("{count} answer", "{count} answers", facts["answers"]),
            ),
            *(fitted(found, t, room=1800) or [t("Nothing speaks against this person.")]),
            *[_mate(each, t) for each in facts["mates"]],
            *fitted([_restriction(each, t) for each in facts["restrictions"]], t, room=1500),
        ),
        tuple(row for each in facts["restrictions"] for row in _decisions(each, t)),
    )


@screen("restrictions.suspected")
def suspected(facts: Facts, t: Translator) -> Screen:
    kinds = {
        "random": t("like chance"),
        "constant": t("always the same"),
        "sleeper": t("good once, like chance since"),
        "ring": t("the same as others’"),
        "silent": t("“can't tell” where others can"),
    }
    rows = [
        t(
            "• {who}, {title}: {what}. {odds}",
            who=each["who"],
            title=clipped(each["title"], NAMED),
            what=kinds[each["suspicion"]],
            odds=_odds(each, t),
        )
        for each in facts["rows"]
    ]
    if not rows:
        return Screen(t("🔎 Nobody’s answers speak against them. <code>/audit PERSON</code> shows one person."))
    head = t("🔎 <b>Worth looking at</b>, the strongest first. <code>/audit PERSON</code> shows what it is made of.")
    return Screen(lines(head, *fitted(rows, t)))


def _found(each: dict[str, Any], t: Translator) -> list[Html]:
    """One finding, how sure it is, what it leads to by now, and with whom the answers are the same."""
    title, what, odds = clipped(each["title"], NAMED), suspicion(each, t), _odds(each, t)
    low, high = Skill(each["observed"], max(1, each["answers"]), 0.0).interval
    range_ = t("95 times in 100 it is between {low} and {high}.", low=t.percent(low), high=t.percent(high))
    pairs = [
        t("↳ with {who}: {same} of {shared} the same", who=pair["who"], same=pair["same"], shared=pair["shared"])
        for pair in each["pairs"]
    ]
    lead = t("• {title}: {what}. {odds} {range}", title=title, what=what, odds=odds, range=range_)
    return [lead, *_softly(each, t), *pairs]


def _softly(each: dict[str, Any], t: Translator) -> list[Html]:
    """What is done without anybody deciding; it goes away with the evidence."""
    done = [
        *([t("more known answers among their tasks")] if each["watch"] else []),
        *([t("asked after others")] if each["later"] or each["watch"] > 1 else []),
        *([t("never unasked")] if each["watch"] > 1 else []),
    ]
    return [t("→ Meanwhile: {done}", done=Html(", ".join(done)))] if done else []


def _mate(mate: dict[str, Any], t: Translator) -> Html:
    told = {name: mate[name] for name in ("who", "shared", "same")}
    return t("🏦 Paid to the same account as {who}; {same} of {shared} tasks of both answered the same", **told)


def _odds(found: dict[str, Any], t: Translator) -> Html:
    """e^nats in words: how many times likelier than of honest work."""
    if found["suspicion"] == "hasty":
        return t("By itself this stops nobody.")
    times = exp(min(found["nats"], MILLION))
    if found["nats"] >= MILLION:
        return t("More than a million times likelier than of honest work.")
    return t(
        "About {times} times likelier than of honest work.",
        times=t.number(round(times) if times < 100 else round(times, -2)),
    )


def _restriction(of: dict[str, Any], t: Translator) -> Html:
    states = {"standing": t.plain("stands"), "lifted": t.plain("lifted"), "ended": t.plain("over")}
    asked = {
        "open": t.plain(", appealed"),
        "granted": t.plain(", appeal granted"),
        "refused": t.plain(", appeal refused"),
        None: "",
    }
    return t(
        "⏸ {number}. {title}: {since} – {until} (UTC), {state}{appeal}",
        number=of["restriction"],
        title=clipped(of["title"], NAMED),
        since=t.moment(of["imposed_at"]),
        until=t.moment(of["ends_at"]),
        state=states[of["state"]],
        appeal=asked[of["appeal"]],
    )


def _decisions(of: dict[str, Any], t: Translator) -> tuple[tuple[Button, ...], ...]:
    """A restriction that stands may be lifted at any time, and confirmed once."""
    if of["state"] != "standing":
        return ()
    lift, stay = (DecideRestriction(restriction=of["restriction"], lift=lift).pack() for lift in (True, False))
    row = (Button(t.plain("✅ Lift {number}", number=of["restriction"]), lift),)
    keep = Button(t.plain("⏸ Confirm {number}", number=of["restriction"]), stay)
    return (row,) if of["decided"] else ((*row, keep),)


@screen("restrictions.appeal")
def appeal(facts: Facts, t: Translator) -> Screen:
    found = [t("• {what}. {odds}", what=suspicion(each, t), odds=_odds(each, t)) for each in facts["evidence"]]
    return Screen(
        lines(
            t(
                "⚖️ <b>{who} objects</b> to a restriction in {title}.",
                who=facts["who"],
                title=clipped(facts["title"], NAMED),
            ),
            *fitted(found, t, room=2000),
            _restriction(dict(facts), t),
            t("Please decide by {until} (UTC). If nobody does, it is lifted.", until=t.moment(facts["until"])),
        ),
        _decisions(dict(facts), t),
    )


@screen("restrictions.decided")
def restriction(facts: Facts, t: Translator) -> Screen:
    return Screen(_restriction(dict(facts), t), _decisions(dict(facts), t))
