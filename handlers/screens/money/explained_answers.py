"""The answer of an operation: task, answer, rule, and its history."""

from domain.answers import kind_of
from domain.fairness.appeals import JUDGES
from domain.money.messages.explanations import (
    AnswerExplained,
    AppealExplained,
    Explanation,
    OthersAnswer,
    RejectionExplained,
    Step,
)
from handlers.screens.answers import screen_of
from handlers.screens.fairness.review import CLAUSE
from handlers.screens.layout.editions import read_then
from handlers.screens.layout.exhibit import answer_line, other_order, shown_again
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import lines
from locales import Html, Translator

WORKER = "worker"
TASK, SAID, STEPS = 500, 60, 8


def answer(m: Explanation, about: AnswerExplained, t: Translator) -> list[Html | str | None]:
    shown, history = about.shown, about.history if len(about.history) > 1 else ()
    return [
        shown_again(shown.content, shown.kind, shown.options, TASK)[0],
        _not_theirs(about, t)
        if about.hidden
        else lines(answer_line(shown.kind, shown.answer, t), other_order(shown.meant, t)),
        t("Given on {when}.", when=t.time(about.submitted_at)),
        _rule(m, about, t),
        _known(about, t),
        _others(shown.kind, about.others, t) if about.others is not None else None,
        *(_dispute(about.rejection, m.side == WORKER, t) if about.rejection else ()),
        " " if history else None,
        *(_step(step, m.currency, t) for step in history[-STEPS:]),
    ]


def _not_theirs(about: AnswerExplained, t: Translator) -> Html:
    """Why the reader does not see the answer."""
    if about.taken_back:
        return t("Its worker has taken this answer back: nobody else reads it.")
    return t("The answer is not yours: it was not paid for.")


def _rule(m: Explanation, about: AnswerExplained, t: Translator) -> Html | None:
    if m.movement == "release":
        return {
            "silence": t("The time to decide was over, and nobody had said anything: then pending pay is yours."),
            "accepted": t("The requester had accepted your answer."),
            "qualified": t("You had qualified in this project, or the requester had accepted your answer."),
        }.get(about.rule)
    if m.movement != "reward":
        return None
    fee = t.money(about.fee, m.currency)
    rule = {
        "at_once": t("Every answer is paid, “can't tell” too. This one was available at once."),
        "probation": t(
            "Every answer is paid, “can't tell” too. Pending until enough check questions were right, 72 hours at most."
        ),
        "review": t("Every accepted answer is paid. Pending until the requester decided, 72 hours at most."),
    }[about.rule]
    waits = t("It is yours by {until}.", until=t.time(about.until)) if about.until else None
    return lines(rule, waits, t("On top, the requester paid a fee of {fee} to the platform.", fee=fee))


def _known(about: AnswerExplained, t: Translator) -> Html | None:
    if about.gold is None:
        return None
    known = clipped(screen_of(about.shown.kind).right(list(about.gold.known), 5, t), 5 * SAID)
    if about.gold.right:
        return t("It was a check question, and the answer was right: {known}.", known=known)
    return t("It was a check question; right would have been: {known}. It was paid all the same.", known=known)


def _others(kind: str, others: tuple[OthersAnswer, ...], t: Translator) -> Html:
    if not others:
        return t("Nobody else answered this task.")
    rows = [t("{answer} × {count}", answer=_said(kind, each.answer, t), count=t.number(each.count)) for each in others]
    return t("Others said: {answers}", answers=Html(", ".join(rows)))


def _said(kind: str, answer: str | None, t: Translator) -> str:
    if answer is None:
        return t.plain("can't tell")
    if kind_of(kind).are_files:
        return t.plain("another file")
    return clipped(screen_of(kind).said(answer, t), SAID)


def _dispute(of: RejectionExplained, own: bool, t: Translator) -> list[Html | None]:
    return [
        t("❌ Rejected on {when}.", when=t.time(of.at)),
        t("Line {number}: “{clause}”", number=of.cited.line, clause=clipped(of.cited.clause, CLAUSE)),
        read_then(of.cited.version, t),
        t("Reason: “{reason}”", reason=clipped(of.cited.reason, 500)),
        _end(of, own, t),
    ]


def _end(of: RejectionExplained, own: bool, t: Translator) -> Html:
    appeal = of.appeal
    if appeal is None and of.state == "final":
        return t("Nobody appealed by {until}, so it stands.", until=t.time(of.until))
    if appeal is None:
        return _may_appeal(of, own, t)
    if appeal.state == "open":
        return _being_judged(t.time(appeal.due), own, t)
    return Html(f"{_result(appeal.state == 'won', own, t)} {_decided(appeal, own, t)}")


def _may_appeal(of: RejectionExplained, own: bool, t: Translator) -> Html:
    until = t.time(of.until)
    return (
        t("You can appeal by {until}: /appeal", until=until) if own else t("They can appeal by {until}.", until=until)
    )


def _being_judged(due: Html, own: bool, t: Translator) -> Html:
    if own:
        return t("⚖️ You appealed. It is being judged; if nobody has decided by {due}, you win.", due=due)
    return t("⚖️ Appealed. It is being judged; if nobody has decided by {due}, the worker wins.", due=due)


def _result(won: bool, own: bool, t: Translator) -> Html:
    if own:
        return t("⚖️ You appealed and won.") if won else t("⚖️ You appealed and lost.")
    return t("⚖️ Appealed and won.") if won else t("⚖️ Appealed and lost.")


def _decided(appeal: AppealExplained, own: bool, t: Translator) -> Html:
    """By whom: the judges' votes, an admin, or nobody in time."""
    votes, against = appeal.votes or 0, appeal.against or 0
    if appeal.ruled:
        return t("Whoever runs this bot decided, as there were too few judges.")
    if votes + against < JUDGES:
        return t("There was no decision in time.")
    counts = {"votes": t.number(votes), "against": t.number(against)}
    if own:
        return t("Votes for you: {votes}, for the requester: {against}.", **counts)
    return t("For the worker: {votes}, for the requester: {against}.", **counts)


def _step(step: Step, currency: str, t: Translator) -> Html:
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
        number=step.operation,
        when=t.time(step.at),
        amount=t.money(step.amount, currency),
        what=names.get(step.movement, step.movement),
    )
