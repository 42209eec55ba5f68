"""Explanations of operations in plain words."""

from domain.money.messages.explanations import Explanation, TopupExplained, WhyMenu
from domain.money.messages.payouts import PayoutView
from handlers.payloads.money import ShowBalance
from handlers.payloads.quality import ShowSkill
from handlers.screens.fairness.review import CLAUSE, NAMED
from handlers.screens.layout.exhibit import shown_again
from handlers.screens.layout.fitting import clipped
from handlers.screens.money.channels import reason, where
from handlers.screens.money.explained_answers import answer as _answer
from handlers.screens.money.payouts import kept
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator


@shows(WhyMenu)
def menu(m: WhyMenu, t: Translator) -> Screen:
    skill = Button(t.plain("📊 Why this skill?"), ShowSkill().pack())
    money = Button(t.plain("💰 My balance"), ShowBalance().pack())
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
def explanation(m: Explanation, t: Translator) -> Screen:
    head = t(
        "🧾 <b>Operation #{number}: {amount}</b> · {when}",
        number=m.operation,
        amount=t.money(m.amount, m.currency),
        when=t.time(m.at),
    )
    about = m.about.shown if m.about else None
    noted = m.memo and m.movement not in ("bonus", "test")
    return Screen(
        lines(
            head,
            what(m, t),
            t("Reference: {memo}", memo=clipped(m.memo, CLAUSE)) if noted else None,
            t("{debit} → {credit}", debit=m.accounts[0], credit=m.accounts[1]) if m.accounts else None,
            *(_answer(m, m.about, t) if m.about else ()),
            *(_payout(m.payout, t) if m.payout else ()),
            _topup(m, m.topup, t) if m.topup else None,
        ),
        album=shown_again(about.content, about.kind, about.options, 0)[1] if about else (),
    )


def what(m: Explanation, t: Translator) -> Html:
    """One sentence for each kind of movement, from the reader's side."""
    words = {"title": clipped(m.project or "", NAMED), "reason": clipped(m.memo, CLAUSE)}
    mine = m.side == "worker"
    texts = _worker(words, t) if mine else _requester(words, t)
    bonus = (
        t("A requester you worked for thanked you: “{reason}”", **words)
        if m.incoming and mine
        else t("Your bonus to a worker: “{reason}”", **words)
    )
    wise = _through_wise(t) if m.payout and m.payout.wise else {}
    known = {**_everybody(words, t), "bonus": bonus, **texts, **wise}
    if m.payout and m.payout.called_off:
        known["unpaid"] = t("A payout that was called off before it was sent: the money is yours again.")
    return known.get(m.movement, t("A movement of kind “{kind}”.", kind=m.movement))


def _worker(words: dict[str, str], t: Translator) -> dict[str, Html]:
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


def _through_wise(t: Translator) -> dict[str, Html]:
    return {
        "payout": t("A payout you asked for: this left your available money for Wise."),
        "paid": t("Wise has paid it out."),
        "unpaid": t("A payout Wise could not carry out: the money is yours again."),
        "bounced": t("A payout Wise sent back."),
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
        "handed back": t("Social contributions, given back by the authority."),
        "stake": t("Held for judges when an answer in <b>{title}</b> was rejected.", **words),
        "unstake": t("What was held for judges in <b>{title}</b> and nobody earned.", **words),
        "costs": t("What judges in <b>{title}</b> cost, given back from the fees: the rejection was right.", **words),
        "gather": t("Fees, moved from one account of the platform to another."),
        "jury": t("Set aside for the judges of an appeal in <b>{title}</b>", **words),
        "unexplained": t("The bank says that this moved, and nobody has explained it yet: /bank"),
        "explained": t("What the bank had moved was explained: the next operation says as what."),
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


def _payout(of: PayoutView, t: Translator) -> list[Html | None]:
    """A payout: account, withheld sum, state."""
    return [
        t("To: {account}", account=of.account),
        kept(of, t),
        t("Now: {state}", state=where(of, t)),
        t("Why: {reason}", reason=reason(of.reason, of.wise, t)) if of.reason else None,
    ]


def _topup(m: Explanation, of: TopupExplained, t: Translator) -> Html:
    """The arithmetic of a top-up."""
    return t.n(
        "An answer took about {seconds} s. At the minimum per hour that is {needed}; {pay} was paid already. This adds {each} for {count} answer.",
        "An answer took about {seconds} s. At the minimum per hour that is {needed}; {pay} was paid already. This adds {each} for each of {count} answers.",
        of.answers,
        seconds=t.number(round(of.milliseconds / 1000, 1)),
        needed=t.money(of.needed, m.currency),
        pay=t.money(of.pay, m.currency),
        each=t.money(of.each, m.currency),
    )
