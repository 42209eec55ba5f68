"""Gold on trial and restrictions: what workers and requesters are told, with its reason, its date and its way to object."""

from typing import Any

from handlers.payloads.fairness import AppealRejection
from handlers.payloads.quality import AppealRestriction, Contest, JudgeGold, ShowSkill
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from handlers.screens.work.tasks import quoted
from locales import Html, Translator

NAMED, TASK = 100, 600  # characters of a name, and of a task that is shown again


@screen("fairness.contested")
def contested(facts: Facts, t: Translator) -> Screen:
    return _trial(facts, t, t("⚖️ <b>Somebody says this known answer is wrong.</b> Nothing has changed so far."))


@screen("fairness.quarantined")
def quarantined(facts: Facts, t: Translator) -> Screen:
    head = t(
        "⚖️ <b>Several workers, or very good ones, say this known answer is wrong.</b> Until you decide, it checks nobody."
    )
    return _trial(facts, t, head)


def _trial(facts: Facts, t: Translator, head: Html) -> Screen:
    keep, drop = (JudgeGold(trial=facts["trial"], keep=keep).pack() for keep in (True, False))
    gold = t.one_of([clipped(answer, NAMED) for answer in facts["gold"][:5]])
    return Screen(
        lines(
            head,
            t("{number}: {title}", number=facts["number"], title=clipped(facts["title"], NAMED)),
            quoted(clipped(facts["text"] or facts["picture"] or "", TASK)),
            t("Known answer: <b>{gold}</b>. {agreeing} of {answers} said so.", gold=gold, **_counts(facts, t)),
            t(
                "Please decide by {until} (UTC). If you say nothing, the workers are right.",
                until=t.moment(facts["until"]),
            ),
        ),
        (
            (Button(t.plain("✅ It is right, keep it"), keep),),
            (Button(t.plain("↩️ It is wrong, drop it"), drop, style="danger"),),
        ),
    )


def _counts(facts: Facts, t: Translator) -> dict[str, str]:
    return {name: t.number(facts[name]) for name in ("agreeing", "answers")}


@screen("fairness.decided")
def decided(facts: Facts, t: Translator) -> Screen:
    gold = t.one_of([clipped(answer, NAMED) for answer in facts["gold"][:5]])
    text = (
        t("⚖️ Kept: <b>{gold}</b> goes on checking the work.", gold=gold)
        if facts["kept"]
        else t(
            "⚖️ Dropped: <b>{gold}</b> counts for nobody. What it had caused is put right; the workers were told.",
            gold=gold,
        )
    )
    return Screen(lines(text, quoted(clipped(facts["text"] or facts["picture"] or "", TASK))))


@screen("fairness.gold_kept")
def gold_kept(facts: Facts, t: Translator) -> Screen:
    head = t("⚖️ <b>{title}</b>: the requester looked again, and keeps the known answer: {gold}.", **_named(facts, t))
    return Screen(lines(head, quoted(clipped(facts["text"] or facts["picture"] or "", TASK))))


@screen("fairness.gold_overturned")
def gold_overturned(facts: Facts, t: Translator) -> Screen:
    head = t(
        "⚖️ <b>{title}</b>: the known answer {gold} is not one any more. Your answer no longer counts as a miss.",
        **_named(facts, t),
    )
    return Screen(
        lines(head, quoted(clipped(facts["text"] or facts["picture"] or "", TASK)), t("See /balance and /why."))
    )


def _named(facts: Facts, t: Translator) -> dict[str, str]:
    gold = t.one_of([clipped(answer, NAMED) for answer in facts["gold"][:5]])
    return {"title": clipped(facts["title"], NAMED), "gold": gold}


def suspicion(found: dict[str, Any], t: Translator) -> Html:
    """One finding: what was expected of honest work, what was seen, and from how much."""
    shares = {name: t.percent(found[name]) for name in ("expected", "observed")}
    answers = t.n("{count} answer", "{count} answers", found["answers"])
    return {
        "random": t(
            "answers that look like chance: {observed} right, others {expected} ({answers})", answers=answers, **shares
        ),
        "constant": t(
            "nearly always the same answer: {observed}, where {expected} would be usual ({answers})",
            answers=answers,
            **shares,
        ),
        "hasty": t("faster than the task can be read: {observed} of {answers}", answers=answers, **shares),
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
        "ring": t(
            "the same answers as somebody else: {observed}, where {expected} would be usual ({answers})",
            answers=answers,
            **shares,
        ),
    }[found["suspicion"]]


@screen("fairness.restricted")
def restricted(facts: Facts, t: Translator) -> Screen:
    object_ = Button(t.plain("⚖️ I object"), AppealRestriction(restriction=facts["restriction"]).pack())
    return Screen(
        lines(
            t(
                "⏸ <b>{title}</b>: no tasks of this project for you until {until} (UTC).",
                title=clipped(facts["title"], NAMED),
                until=t.moment(facts["until"]),
            ),
            t("Why: {reason}.", reason=suspicion(dict(facts), t)),
            t("All you earned stays yours. Other projects go on. It ends by itself on that day."),
            t(
                "If this is wrong, press “I object”: a human looks at it within 72 hours, and if nobody does, it is lifted."
            ),
        ),
        ((object_,), (Button(t.plain("📊 What this is made of"), ShowSkill().pack()),)),
    )


@screen("fairness.appealed")
def appealed(facts: Facts, t: Translator) -> Screen:
    title = clipped(facts["title"], NAMED)
    return Screen(
        t(
            "⚖️ <b>{title}</b>: a human will look at it. If nobody has by {until} (UTC), it is lifted.",
            title=title,
            until=t.moment(facts["until"]),
        )
    )


@screen("fairness.restriction_lifted")
def restriction_lifted(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t(
            "✅ <b>{title}</b>: the restriction is lifted. Sorry for the trouble. /work",
            title=clipped(facts["title"], NAMED),
        )
    )


@screen("fairness.restriction_over")
def restriction_over(facts: Facts, t: Translator) -> Screen:
    return Screen(t("✅ <b>{title}</b>: the restriction is over. /work", title=clipped(facts["title"], NAMED)))


@screen("fairness.restriction_confirmed")
def restriction_confirmed(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t(
            "⚖️ <b>{title}</b>: a human looked at it, and the restriction stays. It ends on {until} (UTC).",
            title=clipped(facts["title"], NAMED),
            until=t.moment(facts["until"]),
        )
    )


@screen("fairness.appeals")
def appeals(facts: Facts, t: Translator) -> Screen:
    """What can be contested, each with its button."""
    rows, keys = [], []
    for at, miss in enumerate(facts["misses"], 1):
        rows.append(_miss(at, miss, t))
        text = t.plain("⚖️ {number}: I was right", number=at)
        keys.append((Button(text, Contest(submission=miss["submission"]).pack()),))
    for at, each in enumerate(facts.get("rejected", ()), 1):
        rows.append(_rejected(each, t))
        text = t.plain("⚖️ Appeal {number}", number=at) if len(facts["rejected"]) > 1 else t.plain("⚖️ Appeal")
        keys.append((Button(text, AppealRejection(submission=each["submission"]).pack()),))
    for known in facts["restrictions"]:
        rows.append(
            t(
                "⏸ {title}: restricted until {until} (UTC)",
                title=clipped(known["title"], NAMED),
                until=t.moment(known["until"]),
            )
        )
        keys.append((Button(t.plain("⚖️ I object"), AppealRestriction(restriction=known["restriction"]).pack()),))
    waiting = t.n(
        "{count} contest is waiting for its requester.",
        "{count} contests are waiting for their requesters.",
        facts["waiting"],
    )
    head = t("⚖️ <b>What you can contest</b>") if rows else t("✨ There is nothing you could contest now.")
    judged = _judged(facts["judged"], t) if facts["judged"] else None
    return Screen(lines(head, *rows, waiting if facts["waiting"] else None, judged), tuple(keys))


def _judged(due: list[int], t: Translator) -> Html:
    return t.n(
        "⚖️ {count} appeal of yours is being judged, until {until} (UTC) at the latest.",
        "⚖️ {count} appeals of yours are being judged, until {until} (UTC) at the latest.",
        len(due),
        until=t.moment(due[-1]),
    )


def _rejected(of: dict[str, Any], t: Translator) -> Html:
    return t(
        "❌ {text}\nRejected ({amount}), line {line}. Reason: “{reason}”. Until {until} (UTC)",
        text=clipped(of["text"], 200),
        amount=t.money(of["amount"], of["currency"]),
        line=of["line"],
        reason=clipped(of["reason"], 200),
        until=t.moment(of["until"]),
    )


def _miss(at: int, miss: dict[str, Any], t: Translator) -> Html:
    said = clipped(miss["answer"], NAMED) if miss["answer"] else t.plain("can't tell")
    gold = t.one_of([clipped(answer, NAMED) for answer in miss["gold"][:3]])
    text = clipped(miss["text"], 200)
    return t("{number}. {text}\nYou: {said} · known answer: {gold}", number=at, text=text, said=said, gold=gold)
