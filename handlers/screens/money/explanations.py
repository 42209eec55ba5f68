"""An operation in plain words: what it was, why, what it belongs to."""

from typing import Any

from handlers.payloads.money import ShowBalance
from handlers.payloads.quality import ShowSkill
from handlers.screens.answers import screen_of
from handlers.screens.fairness.review import CLAUSE, NAMED
from handlers.screens.layout.exhibit import answer_line
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.task_text import quoted
from handlers.screens.money.payouts import kept, reason, where
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

TASK, SAID, STEPS = 500, 60, 8


@screen("why.menu")
def menu(facts: Facts, t: Translator) -> Screen:
    skill = Button(t.plain("📊 Why this skill?"), ShowSkill().pack())
    money = Button(t.plain("💰 My balance"), ShowBalance().pack())
    return Screen(
        lines(
            t("❓ <b>What would you like explained?</b>"),
            t(
                "Every movement of money has a number, for example #123 in /balance. Write <code>/why 123</code> and I explain it."
            ),
            t("/why skill shows how well you work, and what that is drawn from.") if facts["worker"] else None,
        ),
        ((money,), (skill,)) if facts["worker"] else (),
    )


@screen("why.operation")
def operation(facts: Facts, t: Translator) -> Screen:
    head = t(
        "🧾 <b>Operation #{number}: {amount}</b> · {when} (UTC)",
        number=facts["operation"],
        amount=t.money(facts["moved"], facts["currency"]),
        when=t.moment(facts["at"]),
    )
    about = facts["about"]
    return Screen(
        lines(
            head,
            what(facts, t),
            t("Reference: {memo}", memo=clipped(facts["memo"], CLAUSE))
            if facts["memo"] and facts["movement"] != "bonus"
            else None,
            t("{debit} → {credit}", debit=facts["accounts"][0], credit=facts["accounts"][1])
            if facts["accounts"]
            else None,
            *(_answer(facts, about, t) if about else ()),
            *(_payout(facts["payout"], t) if facts["payout"] else ()),
            _topup(facts, facts["topup"], t) if facts["topup"] else None,
        )
    )


def what(facts: Facts, t: Translator) -> Html:
    """One sentence for each kind of movement, as whoever asks sees it."""
    words = {"title": clipped(facts["project"] or "", NAMED), "reason": clipped(facts["memo"], CLAUSE)}
    mine = facts["side"] == "worker"
    texts = _worker(words, t) if mine else _requester(words, t)
    bonus = (
        t("A requester you worked for thanked you: “{reason}”", **words)
        if facts["incoming"] and mine
        else t("Your bonus to a worker: “{reason}”", **words)
    )
    known = {**_everybody(words, t), "bonus": bonus, **texts}
    return known.get(facts["movement"], t("A movement of kind “{kind}”.", kind=facts["movement"]))


def _worker(words: dict[str, str], t: Translator) -> dict[str, Html]:
    return {
        "reward": t("Your pay for an answer in <b>{title}</b>", **words),
        "release": t("Pay from <b>{title}</b> that was pending became yours.", **words),
        "reject": t("The requester of <b>{title}</b> rejected your answer: its pay was set aside.", **words),
        "appeal": t("Your appeal in <b>{title}</b> was granted: the pay is yours.", **words),
        "forfeit": t("The rejection in <b>{title}</b> stands: the pay went back to the requester.", **words),
        "judge": t("Your pay for judging an appeal in <b>{title}</b>", **words),
        "topup": t("Work in <b>{title}</b> took longer than announced: this lifts your pay to the minimum.", **words),
    }


def _requester(words: dict[str, str], t: Translator) -> dict[str, Html]:
    return {
        "deposit": t("Money you sent arrived."),
        "refund": t("Money you had not used was sent back to you."),
        "launch": t("Set aside when you launched <b>{title}</b>", **words),
        "raise": t("Set aside when you raised the pay of <b>{title}</b>", **words),
        "return": t("What <b>{title}</b> did not need came back to you.", **words),
        "reserve": t("Set aside for <b>{title}</b>, in case its pay must be lifted to the minimum.", **words),
        "unreserve": t("What was set aside to lift the pay in <b>{title}</b> was not needed.", **words),
        "reward": t("A worker's pay for an answer in <b>{title}</b>", **words),
        "reject": t("You rejected an answer in <b>{title}</b>: its pay was set aside.", **words),
        "appeal": t("A worker's appeal in <b>{title}</b> was granted: the pay is theirs.", **words),
        "forfeit": t("Your rejection in <b>{title}</b> stands: the pay came back to you.", **words),
        "topup": t("Work in <b>{title}</b> took longer than announced: pay was lifted to the minimum.", **words),
    }


def _everybody(words: dict[str, str], t: Translator) -> dict[str, Html]:
    return {
        "fee": t("The platform's fee on an answer in <b>{title}</b>", **words),
        "feeback": t("The fee on a rejected answer in <b>{title}</b>, given back.", **words),
        "payout": t("A payout you asked for: this left your available money for your bank."),
        "withhold": t("Social contributions, withheld from a payout."),
        "paid": t("The bank has paid it out."),
        "unpaid": t("A payout the bank could not carry out: the money is yours again."),
        "bounced": t("A payout the bank sent back."),
        "unwithhold": t("Social contributions of a payout that failed, given back."),
        "handed on": t("Social contributions, paid to the authority."),
        "stake": t("Held for judges when an answer in <b>{title}</b> was rejected.", **words),
        "unstake": t("What was held for judges in <b>{title}</b> and nobody earned.", **words),
        "costs": t("What judges in <b>{title}</b> cost, given back from the fees: the rejection was right.", **words),
        "jury": t("Set aside for the judges of an appeal in <b>{title}</b>", **words),
        "unjury": t("Judges' pay in <b>{title}</b> that nobody earned.", **words),
    }


def _payout(of: dict[str, Any], t: Translator) -> list[Html | None]:
    """Where it went, what was kept of it, where it is now."""
    return [
        t("To: {account}", account=of["account"]),
        kept(of, t),
        t("Now: {state}", state=where(of, t)),
        t("Why: {reason}", reason=reason(of["reason"], t)) if of["reason"] else None,
    ]


def _topup(facts: Facts, of: dict[str, int], t: Translator) -> Html:
    """How the sum comes about: anybody can check it."""
    money = {name: t.money(of[name], facts["currency"]) for name in ("needed", "pay", "each")}
    return t.n(
        "An answer took about {seconds} s. At the minimum per hour that is {needed}; {pay} was paid already. This adds {each} for {count} answer.",
        "An answer took about {seconds} s. At the minimum per hour that is {needed}; {pay} was paid already. This adds {each} for each of {count} answers.",
        of["answers"],
        seconds=t.number(round(of["milliseconds"] / 1000, 1)),
        **money,
    )


def _answer(facts: Facts, about: dict[str, Any], t: Translator) -> list[Html | str | None]:
    """The task, the answer, and all that happened to it."""
    others = about["others"]
    return [
        quoted(clipped(about["text"] or about["picture"] or "", TASK)),
        t("The answer is not yours: it was not paid for.")
        if about["hidden"]
        else answer_line(about["kind"], about["answer"], t),
        t("Given on {when} (UTC).", when=t.moment(about["submitted_at"])),
        _rule(facts, about, t),
        _known(about, t),
        _others(about, t) if others is not None else None,
        *_dispute(about, t),
        " " if len(about["history"]) > 1 else None,
        *(_step(step, facts, t) for step in about["history"][-STEPS:] if len(about["history"]) > 1),
    ]


def _rule(facts: Facts, about: dict[str, Any], t: Translator) -> Html | None:
    if facts["movement"] == "release":
        return t("Pending pay is yours when you qualify, when the requester accepts, or after 72 hours.")
    if facts["movement"] != "reward":
        return None
    fee = t.money(about["fee"], facts["currency"])
    rule = {
        "at_once": t("Every answer is paid, “can't tell” too. This one was available at once."),
        "probation": t(
            "Every answer is paid, “can't tell” too. Pending until enough known questions were right, 72 hours at most."
        ),
        "review": t("Every accepted answer is paid. Pending until the requester decided, 72 hours at most."),
    }[about["rule"]]
    waits = t("It is yours on {until} (UTC) at the latest.", until=t.moment(about["until"])) if about["until"] else None
    return lines(rule, waits, t("On top, the requester paid a fee of {fee} to the platform.", fee=fee))


def _known(about: dict[str, Any], t: Translator) -> Html | None:
    if about["gold"] is None:
        return None
    known = screen_of(about["kind"]).right([clipped(each, SAID) for each in about["gold"]["known"]], 5, t)
    if about["gold"]["right"]:
        return t("It was a known question, and the answer was right: {known}.", known=known)
    return t("It was a known question; right would have been: {known}. It was paid all the same.", known=known)


def _others(about: dict[str, Any], t: Translator) -> Html:
    if not about["others"]:
        return t("Nobody else answered this task.")
    rows = [
        t("{answer} × {count}", answer=_said(about, answer, t), count=t.number(count))
        for answer, count in about["others"]
    ]
    return t("Others said: {answers}", answers=Html(", ".join(rows)))


def _said(about: dict[str, Any], answer: str | None, t: Translator) -> str:
    if answer is None:
        return t.plain("can't tell")
    if about["kind"] in ("photo", "voice"):
        return t.plain("another file")
    return clipped(screen_of(about["kind"]).said(answer, t), SAID)


def _dispute(about: dict[str, Any], t: Translator) -> list[Html | None]:
    of = about["rejection"]
    if of is None:
        return []
    return [
        t("❌ Rejected on {when} (UTC).", when=t.moment(of["at"])),
        t("Line {number}: “{clause}”", number=of["line"], clause=clipped(of["clause"], CLAUSE)),
        t("Reason: “{reason}”", reason=clipped(of["reason"], 500)),
        _end(of, t),
    ]


def _end(of: dict[str, Any], t: Translator) -> Html:
    appeal = of["appeal"]
    if appeal is None and of["state"] == "final":
        return t("Nobody appealed until {until} (UTC), so it stands.", until=t.moment(of["until"]))
    if appeal is None:
        return t("An appeal is possible until {until} (UTC). /appeal", until=t.moment(of["until"]))
    if appeal["state"] == "open":
        due = t.moment(appeal["due"])
        return t("⚖️ Appealed: three workers judge it. If they have not by {due} (UTC), the worker wins.", due=due)
    counts = {"votes": t.number(appeal["for"]), "against": t.number(appeal["against"])}
    if appeal["state"] == "won":
        return t("⚖️ Appealed and won. For the worker: {votes}, for the requester: {against}.", **counts)
    return t("⚖️ Appealed and lost. For the worker: {votes}, for the requester: {against}.", **counts)


def _step(step: dict[str, Any], facts: Facts, t: Translator) -> Html:
    names = {
        "reward": t.plain("paid"),
        "fee": t.plain("fee"),
        "release": t.plain("available"),
        "reject": t.plain("rejected, set aside"),
        "appeal": t.plain("appeal granted"),
        "forfeit": t.plain("returned to the requester"),
        "feeback": t.plain("fee given back"),
    }
    return t(
        "#{number} · {when} · {amount} · {what}",
        number=step["operation"],
        when=t.moment(step["at"]),
        amount=t.money(step["amount"], facts["currency"]),
        what=names.get(step["movement"], step["movement"]),
    )
