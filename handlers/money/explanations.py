"""Screens of `/why`: operations explained in plain words."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.answers import kind_of
from domain.fairness.appeals import JUDGES
from domain.money.explanations import (
    AnswerExplained,
    AppealExplained,
    Explanation,
    OthersAnswer,
    RejectionExplained,
    Step,
    TopupExplained,
    WhyMenu,
)
from domain.money.payouts import PayoutView
from domain.people import accounts
from domain.people.accounts import EVERYBODY
from handlers import answers, quotations
from handlers.fairness import review
from handlers.money import payouts, wallet
from handlers.payload import NUMBER, FromWord, Payload
from handlers.quality import figures
from handlers.routing import Route
from handlers.screen import Button, Screen, clipped, instructions_version_line, lines, shows
from locales.translator import Html, Translator
from services.money import explanations

OperationNumber = Annotated[int, Field(ge=0, lt=2**63), FromWord(NUMBER.read, "why")]


class AskWhy(Payload):
    """`/why` alone: shows the menu of explanations."""


class Explain(Payload):
    operation: OperationNumber


WORKER = "worker"
MAX_TASK_CHARS, MAX_ANSWER_CHARS, MAX_STEPS = 500, 60, 8


def answer_lines(m: Explanation, answer: AnswerExplained, t: Translator) -> list[Html | str | None]:
    """Lines about the answer that an operation is about."""
    answer_shown, history = answer.shown, answer.history if len(answer.history) > 1 else ()
    return [
        quotations.quote_task(answer_shown.content, answer_shown.kind, answer_shown.options, MAX_TASK_CHARS)[0],
        _hidden_answer_line(answer, t)
        if answer.hidden
        else lines(
            quotations.answer_line(answer_shown.kind, answer_shown.answer, t),
            quotations.other_order_line(answer_shown.meant, t),
        ),
        t("Given on {when}.", when=t.time(answer.submitted_at)),
        _rule_line(m, answer, t),
        _gold_line(answer, t),
        _other_answers_line(answer_shown.kind, answer.others, t) if answer.others is not None else None,
        *(_rejection_lines(answer.rejection, m.side == WORKER, t) if answer.rejection else ()),
        " " if history else None,
        *(_step_line(step, m.currency, t) for step in history[-MAX_STEPS:]),
    ]


def _hidden_answer_line(answer: AnswerExplained, t: Translator) -> Html:
    """Line that says why the reader does not see the answer."""
    if answer.taken_back:
        return t("Its worker has taken this answer back: nobody else reads it.")
    return t("The answer is not yours: it was not paid for.")


def _rule_line(m: Explanation, answer: AnswerExplained, t: Translator) -> Html | None:
    if m.movement == "release":
        return {
            "silence": t("The time to decide was over, and nobody had said anything: then pending pay is yours."),
            "accepted": t("The requester had accepted your answer."),
            "qualified": t("You had qualified in this project, or the requester had accepted your answer."),
        }.get(answer.rule)
    if m.movement != "reward":
        return None
    fee = t.money(answer.fee, m.currency)
    rule = {
        "at_once": t("Every answer is paid, “can't tell” too. This one was available at once."),
        "probation": t(
            "Every answer is paid, “can't tell” too. Pending until enough check questions were right, 72 hours at most."
        ),
        "review": t("Every accepted answer is paid. Pending until the requester decided, 72 hours at most."),
    }[answer.rule]
    waits = t("It is yours by {until}.", until=t.time(answer.until)) if answer.until else None
    return lines(rule, waits, t("On top, the requester paid a fee of {fee} to the platform.", fee=fee))


def _gold_line(answer: AnswerExplained, t: Translator) -> Html | None:
    if answer.gold is None:
        return None
    accepted_answers = clipped(
        answers.screen_of(answer.shown.kind).right(list(answer.gold.known), 5, t), 5 * MAX_ANSWER_CHARS
    )
    if answer.gold.right:
        return t("It was a check question, and the answer was right: {known}.", known=accepted_answers)
    return t(
        "It was a check question; right would have been: {known}. It was paid all the same.", known=accepted_answers
    )


def _other_answers_line(kind: str, other_answers: tuple[OthersAnswer, ...], t: Translator) -> Html:
    if not other_answers:
        return t("Nobody else answered this task.")
    rows = [
        t("{answer} × {count}", answer=_answer_text(kind, other_answer.answer, t), count=t.number(other_answer.count))
        for other_answer in other_answers
    ]
    return t("Others said: {answers}", answers=Html(", ".join(rows)))


def _answer_text(kind: str, answer: str | None, t: Translator) -> str:
    if answer is None:
        return t.plain("can't tell")
    if kind_of(kind).are_files:
        return t.plain("another file")
    return clipped(answers.screen_of(kind).describe(answer, t), MAX_ANSWER_CHARS)


def _rejection_lines(rejection: RejectionExplained, is_own: bool, t: Translator) -> list[Html | None]:
    return [
        t("❌ Rejected on {when}.", when=t.time(rejection.at)),
        t(
            "Line {number}: “{clause}”",
            number=rejection.cited.line,
            clause=clipped(rejection.cited.clause, review.MAX_CLAUSE_CHARS),
        ),
        instructions_version_line(rejection.cited.version, t),
        t("Reason: “{reason}”", reason=clipped(rejection.cited.reason, 500)),
        _rejection_outcome(rejection, is_own, t),
    ]


def _rejection_outcome(rejection: RejectionExplained, is_own: bool, t: Translator) -> Html:
    appeal = rejection.appeal
    if appeal is None and rejection.state == "final":
        return t("Nobody appealed by {until}, so it stands.", until=t.time(rejection.until))
    if appeal is None:
        return _may_appeal(rejection, is_own, t)
    if appeal.state == "open":
        return _being_judged(t.time(appeal.due), is_own, t)
    return Html(f"{_appeal_result(appeal.state == 'won', is_own, t)} {_decision_line(appeal, is_own, t)}")


def _may_appeal(rejection: RejectionExplained, is_own: bool, t: Translator) -> Html:
    until = t.time(rejection.until)
    return (
        t("You can appeal by {until}: /appeal", until=until)
        if is_own
        else t("They can appeal by {until}.", until=until)
    )


def _being_judged(due: Html, is_own: bool, t: Translator) -> Html:
    if is_own:
        return t("⚖️ You appealed. It is being judged; if nobody has decided by {due}, you win.", due=due)
    return t("⚖️ Appealed. It is being judged; if nobody has decided by {due}, the worker wins.", due=due)


def _appeal_result(won: bool, is_own: bool, t: Translator) -> Html:
    if is_own:
        return t("⚖️ You appealed and won.") if won else t("⚖️ You appealed and lost.")
    return t("⚖️ Appealed and won.") if won else t("⚖️ Appealed and lost.")


def _decision_line(appeal: AppealExplained, is_own: bool, t: Translator) -> Html:
    """Line that says who decided an appeal: the judges with their votes, an admin, or nobody in time."""
    votes, against = appeal.votes or 0, appeal.against or 0
    if appeal.ruled:
        return t("Whoever runs this bot decided, as there were too few judges.")
    if votes + against < JUDGES:
        return t("There was no decision in time.")
    counts = {"votes": t.number(votes), "against": t.number(against)}
    if is_own:
        return t("Votes for you: {votes}, for the requester: {against}.", **counts)
    return t("For the worker: {votes}, for the requester: {against}.", **counts)


def _step_line(step: Step, currency: str, t: Translator) -> Html:
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


@shows(WhyMenu)
def why_menu(m: WhyMenu, t: Translator) -> Screen:
    skill = Button(t.plain("📊 Why this skill?"), figures.ShowSkill().pack())
    money = Button(t.plain("💰 My balance"), wallet.ShowBalance().pack())
    return Screen(
        lines(
            t("❓ <b>What would you like explained?</b>"),
            t(
                "Every movement of money has a number, for example #123 in /balance. Write <code>/why 123</code> and I explain it."
            ),
            t("/why_skill shows how well you work, and what that is drawn from.") if m.worker else None,
        ),
        ((money,), (skill,)) if m.worker else (),
    )


@shows(Explanation)
def explanation_screen(m: Explanation, t: Translator) -> Screen:
    head = t(
        "🧾 <b>Operation #{number}: {amount}</b> · {when}",
        number=m.operation,
        amount=t.money(m.amount, m.currency),
        when=t.time(m.at),
    )
    answer_shown = m.about.shown if m.about else None
    shows_memo = m.memo and m.movement not in ("bonus", "test")
    return Screen(
        lines(
            head,
            movement_sentence(m, t),
            t("Reference: {memo}", memo=clipped(m.memo, review.MAX_CLAUSE_CHARS)) if shows_memo else None,
            t("{debit} → {credit}", debit=m.accounts[0], credit=m.accounts[1]) if m.accounts else None,
            *(answer_lines(m, m.about, t) if m.about else ()),
            *(_payout_lines(m.payout, t) if m.payout else ()),
            _topup_line(m, m.topup, t) if m.topup else None,
        ),
        album=quotations.quote_task(answer_shown.content, answer_shown.kind, answer_shown.options, 0)[1]
        if answer_shown
        else (),
    )


def movement_sentence(m: Explanation, t: Translator) -> Html:
    """One sentence for the kind of movement, from the reader's side."""
    words = {
        "title": clipped(m.project or "", review.MAX_TITLE_CHARS),
        "reason": clipped(m.memo, review.MAX_CLAUSE_CHARS),
    }
    for_worker = m.side == "worker"
    texts = _texts_for_worker(words, t) if for_worker else _texts_for_requester(words, t)
    bonus = (
        t("A requester you worked for thanked you: “{reason}”", **words)
        if m.incoming and for_worker
        else t("Your bonus to a worker: “{reason}”", **words)
    )
    wise = _texts_for_wise(t) if m.payout and m.payout.wise else {}
    texts_by_movement = {**_texts_for_everybody(words, t), "bonus": bonus, **texts, **wise}
    if m.payout and m.payout.called_off:
        texts_by_movement["unpaid"] = t("A payout that was called off before it was sent: the money is yours again.")
    return texts_by_movement.get(m.movement, t("A movement of kind “{kind}”.", kind=m.movement))


def _texts_for_worker(words: dict[str, str], t: Translator) -> dict[str, Html]:
    return {
        "reward": t("Your pay for an answer in <b>{title}</b>", **words),
        "redo": t("Your pay for an answer you gave once more in <b>{title}</b>", **words),
        "test": t("Your pay for taking the test “{reason}”, whatever it came to.", **words),
        "release": t("Pay from <b>{title}</b> that was pending became yours.", **words),
        "reject": t("The requester of <b>{title}</b> rejected your answer: its pay was set aside.", **words),
        "appeal": t("Your appeal in <b>{title}</b> was granted: the pay is yours.", **words),
        "forfeit": t("The rejection in <b>{title}</b> stands: the pay went back to the requester.", **words),
        "waived": t(
            "You gave this pay up to leave: it went back to the requester who had paid it, or, where they had left, to the fees of whoever runs this bot."
        ),
        "judge": t("Your pay for judging an appeal in <b>{title}</b>", **words),
        "topup": t("Work in <b>{title}</b> took longer than announced: this lifts your pay to the minimum.", **words),
    }


def _texts_for_requester(words: dict[str, str], t: Translator) -> dict[str, Html]:
    return {
        "deposit": t("Money you sent arrived."),
        "refund": t("Money you had not used was sent back to you."),
        "launch": t("Set aside when you launched <b>{title}</b>", **words),
        "raise": t("Set aside when you raised the pay of <b>{title}</b>", **words),
        "return": t("What <b>{title}</b> did not need came back to you.", **words),
        "reserve": t("Set aside for <b>{title}</b>, in case its pay must be lifted to the minimum.", **words),
        "unreserve": t("What was set aside to lift the pay in <b>{title}</b> was not needed.", **words),
        "reward": t("A worker's pay for an answer in <b>{title}</b>", **words),
        "training": t("Set aside for the attempts at a test of yours."),
        "untraining": t("Came back of what was set aside for a test: to pay an attempt, or because it ended."),
        "test": t("A worker's pay for taking your test “{reason}”", **words),
        "extra": t("Set aside in <b>{title}</b> for an answer you asked for once more.", **words),
        "unextra": t("What was set aside in <b>{title}</b> beside its answers and nobody earned.", **words),
        "redo": t("A worker's pay for an answer given once more in <b>{title}</b>", **words),
        "reject": t("You rejected an answer in <b>{title}</b>: its pay was set aside.", **words),
        "appeal": t("A worker's appeal in <b>{title}</b> was granted: the pay is theirs.", **words),
        "waived": t("A worker who left gave up pay that had come from you, or could not be paid it: it came back."),
        "forfeit": t("Your rejection in <b>{title}</b> stands: the pay came back to you.", **words),
        "topup": t("Work in <b>{title}</b> took longer than announced: pay was lifted to the minimum.", **words),
    }


def _texts_for_wise(t: Translator) -> dict[str, Html]:
    return {
        "payout": t("A payout you asked for: this left your available money for Wise."),
        "paid": t("Wise has paid it out."),
        "unpaid": t("A payout Wise could not carry out: the money is yours again."),
        "bounced": t("A payout Wise sent back."),
    }


def _texts_for_everybody(words: dict[str, str], t: Translator) -> dict[str, Html]:
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
        "handed back": t("Social contributions, given back by the authority."),
        "stake": t("Held for judges when an answer in <b>{title}</b> was rejected.", **words),
        "unstake": t("What was held for judges in <b>{title}</b> and nobody earned.", **words),
        "costs": t("What judges in <b>{title}</b> cost, given back from the fees: the rejection was right.", **words),
        "gather": t("Fees, moved from one account of the platform to another."),
        "jury": t("Set aside for the judges of an appeal in <b>{title}</b>", **words),
        "unexplained": t("The bank says that this moved, and nobody has explained it yet: /bank"),
        "explained": t("What the bank had moved was explained: the next operation says as what."),
        "card fee": t("The provider of cards kept this: the platform bears it."),
        "card fee back": t("The provider of cards gave this back."),
        "card payout": t("The provider of cards paid this to the bank."),
        "card payout back": t("The provider of cards took this back from the bank."),
        "charge": t("A charge of the bank, out of the fees."),
        "charge back": t("A charge that the bank gave back."),
        "drawn": t("Fees that whoever runs this bot took out."),
        "paid in": t("Money that whoever runs this bot paid in."),
        "advance": t(
            "Social contributions of a payout that came back, advanced from the fees: the next declaration brings them back."
        ),
        "advance back": t("Social contributions that had been advanced, back to the fees."),
        "unjury": t("Judges' pay in <b>{title}</b> that nobody earned.", **words),
    }


def _payout_lines(payout: PayoutView, t: Translator) -> list[Html | None]:
    """Lines about a payout: account, withheld sum, state, reason of a failure."""
    return [
        t("To: {account}", account=payout.account),
        payouts.withheld_line(payout, t),
        t("Now: {state}", state=payouts.progress_text(payout, t)),
        t("Why: {reason}", reason=payouts.failure_reason(payout.reason, payout.wise, t)) if payout.reason else None,
    ]


def _topup_line(m: Explanation, topup: TopupExplained, t: Translator) -> Html:
    """Line with the arithmetic of a top-up."""
    return t.n(
        "An answer took about {seconds} s. At the minimum per hour that is {needed}; {pay} was paid already. This adds {each} for {count} answer.",
        "An answer took about {seconds} s. At the minimum per hour that is {needed}; {pay} was paid already. This adds {each} for each of {count} answers.",
        topup.answers,
        seconds=t.number(round(topup.milliseconds / 1000, 1)),
        needed=t.money(topup.needed, m.currency),
        pay=t.money(topup.pay, m.currency),
        each=t.money(topup.each, m.currency),
    )


ROUTES = (
    Route(
        AskWhy,
        EVERYBODY,
        explanations.show_menu,
        command="why",
        usage="ID",
        means="any movement of money, or your skill, explained",
        listed=accounts.WORKER,
    ),
    Route(Explain, EVERYBODY, explanations.explain_operation, command="why"),
)
