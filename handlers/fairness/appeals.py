"""Rejections and appeals as a worker reads them: the rejection, the words for judges, the ruling."""

from __future__ import annotations

from domain.fairness.appeals import (
    JUDGES,
    AnswerRejected,
    AppealId,
    AppealJudged,
    AppealLost,
    AppealOpened,
    AppealRuled,
    AppealToJudge,
    AppealToRule,
    AppealWindowClosed,
    AppealWon,
    Citation,
    Decision,
    JudgesCostTooMuch,
    JudgesPaidBack,
    RejectionOverturned,
    Verdict,
    WordsDropped,
    WordsSent,
    WordsTooLate,
    WordsToSend,
    WordsWanted,
)
from domain.people.accounts import ADMIN, WORKER
from handlers import quotations
from handlers.fairness import review
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import (
    Button,
    Screen,
    Toast,
    clipped,
    lines,
    numbered,
    read_then,
    shows,
    toasts,
)
from handlers.work import answer_messages, corrections
from locales.translator import Html, Translator
from services.fairness import appeals
from services.fairness.appeals import AlreadyNoted, JudgementTaken


class AppealRejection(Payload, code="ap"):
    submission: Number


class AppealWords(Payload, code="aw"):
    """A worker's words for the judges: 0 asks for them, 1 sends the words shown, another value sends none."""

    appeal: Number
    step: Number


class RuleAppeal(Payload, code="ru"):
    """1 the worker is right, 0 the requester: an admin's word where there are too few judges."""

    appeal: Number
    verdict: Number


class ShowRuling(Payload, code="rU"):
    """Such an appeal once more, from /admin."""

    appeal: Number


class Judge(Payload, code="ju"):
    """1: the worker is right; 0: the requester; 2: passes it to another judge."""

    appeal: Number
    verdict: Number


ROOMY = 1_000  # characters of words for judges, where they are shown once more


def cited(why: Citation, t: Translator) -> Html:
    """The line, and the whole reason."""
    return lines(
        t("Line {number}: “{clause}”", number=why.line, clause=clipped(why.clause, review.CLAUSE)),
        read_then(why.version, t),
        t("Reason: “{reason}”", reason=why.reason),
    )


@shows(AnswerRejected)
def rejected(m: AnswerRejected, t: Translator) -> Screen:
    head = t(
        "❌ <b>{title}</b>: the requester rejected an answer of yours. {amount} stays aside until it is clear whose it is.",
        title=clipped(m.about.title, review.NAMED),
        amount=t.money(m.about.pay, m.about.currency),
    )
    tail = lines(
        cited(m.cited, t),
        t(
            "Is that wrong? Press “Appeal” by {until}: three other workers judge, without your name. It costs nothing.",
            until=t.time(m.until),
        ),
        numbered(m.operation, t),
    )
    press = Button(t.plain("⚖️ Appeal"), AppealRejection(submission=m.about.submission).pack())
    return quotations.exhibited(m.about, t, head, tail, ((press,),), is_case=True)


@shows(AppealOpened)
def opened(m: AppealOpened, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⚖️ <b>{title}</b>: your appeal is open.", title=clipped(m.title, review.NAMED)),
            t(
                "Three other workers, drawn by lot, judge it by {until}. If they do not, you win.",
                until=t.time(m.until),
            )
            if m.judged
            else t(
                "Too few workers who don't know the requester could judge it. So whoever runs this bot decides by {until}; if they do not, you win.",
                until=t.time(m.until),
            ),
            t("You may add a few words: just write to me. You see them once more before they are sent.")
            if m.listens
            else t("To add a few words, press the button. You need not."),
        ),
        ((Button(t.plain("✏️ Add a few words"), _words(m.appeal, 0)),),),
    )


def _words(appeal: AppealId, step: int) -> str:
    return AppealWords(appeal=appeal, step=step).pack()


@shows(WordsWanted)
def words(_: WordsWanted, t: Translator) -> Screen:
    return Screen(
        t("✏️ Write to me, in one message, what those who decide should know. You see it once more before it is sent.")
    )


@shows(WordsToSend)
def confirm(m: WordsToSend, t: Translator) -> Screen:
    return Screen(
        lines(
            t("“{words}”", words=clipped(m.words, ROOMY)),
            t("Shall I pass this on? To change it, write it again."),
        ),
        (
            (Button(t.plain("✅ Yes, send it"), _words(m.appeal, 1)),),
            (Button(t.plain("✖️ No, send nothing"), _words(m.appeal, 2)),),
        ),
    )


@shows(WordsDropped)
def unsaid(_: WordsDropped, t: Translator) -> Screen:
    return Screen(t("Nothing was sent. Your appeal goes on without it."))


@shows(WordsTooLate)
def too_late(_: WordsTooLate, t: Translator) -> Screen:
    return Screen(t("This appeal is decided, or has your words already."))


@shows(WordsSent)
def sent(m: WordsSent, t: Translator) -> Screen:
    return Screen(t("✏️ Passed on: “{words}”", words=m.words))


@toasts(AlreadyNoted)
def already_noted(_: AlreadyNoted, t: Translator) -> Toast:
    return Toast(t.plain("This has been noted already, or decided."))


def _for_worker(decision: Decision, t: Translator, silence: Html) -> Html:
    """The deciding party, as the worker reads it."""
    if decision.ruled or decision.votes + decision.against < JUDGES:
        return _ruled(t) if decision.ruled else silence
    return t("For you: {votes}, for the requester: {against}.", **_counts(decision, t))


def _for_requester(decision: Decision, t: Translator, silence: Html) -> Html:
    if decision.ruled or decision.votes + decision.against < JUDGES:
        return _ruled(t) if decision.ruled else silence
    return t("For the worker: {votes}, for you: {against}.", **_counts(decision, t))


def _ruled(t: Translator) -> Html:
    return t("Whoever runs this bot decided, as there were too few judges.")


def _counts(decision: Decision, t: Translator) -> dict[str, str]:
    return {"votes": t.number(decision.votes), "against": t.number(decision.against)}


@shows(AppealWon)
def won(m: AppealWon, t: Translator) -> Screen:
    head = t(
        "✅ <b>{title}</b>: you won your appeal. {amount} is yours.",
        title=clipped(m.about.title, review.NAMED),
        amount=t.money(m.about.pay, m.about.currency),
    )
    silence = t("There was no decision in time, so you win.")
    tail = lines(_for_worker(m.decision, t, silence), numbered(m.operation, t))
    return quotations.exhibited(m.about, t, head, tail)


@shows(AppealLost)
def lost(m: AppealLost, t: Translator) -> Screen:
    head = t(
        "⚖️ <b>{title}</b>: the rejection was found right. {amount} went back to the requester.",
        title=clipped(m.about.title, review.NAMED),
        amount=t.money(m.about.pay, m.about.currency),
    )
    said = t("The requester does not get your answer.")
    return quotations.exhibited(
        m.about, t, head, lines(_for_worker(m.decision, t, Html("")) or None, said, numbered(m.operation, t))
    )


@shows(AppealWindowClosed)
def closed(m: AppealWindowClosed, t: Translator) -> Screen:
    head = t(
        "⏳ <b>{title}</b>: the seven days for an appeal are over. {amount} went back to the requester.",
        title=clipped(m.about.title, review.NAMED),
        amount=t.money(m.about.pay, m.about.currency),
    )
    return quotations.exhibited(
        m.about, t, head, lines(t("The requester does not get your answer."), numbered(m.operation, t))
    )


@shows(RejectionOverturned)
def overturned(m: RejectionOverturned, t: Translator) -> Screen:
    head = t(
        "⚖️ <b>{title}</b>: a worker appealed against your rejection and won. The answer counts and is paid.",
        title=clipped(m.about.title, review.NAMED),
    )
    silence = t("There was no decision in time, so the worker wins.")
    tail = lines(_for_requester(m.decision, t, silence), numbered(m.operation, t))
    if m.taken_back:
        return Screen(lines(_pay_alone(m, t), tail))
    return quotations.exhibited(m.about, t, head, tail)


def _pay_alone(m: RejectionOverturned, t: Translator) -> Html:
    return t(
        "⚖️ <b>{title}</b>: a worker appealed against your rejection and won. The pay is theirs. They have taken the answer back, so you do not get it.",
        title=clipped(m.about.title, review.NAMED),
    )


RIGHT, WRONG, PASSED_ON = 1, 0, 2  # a judge's verdict as encoded in the button


@shows(AppealToJudge)
def judge(m: AppealToJudge, t: Translator) -> Screen:
    head = lines(
        answer_messages.said_of_last(m.last, t),
        t(
            "⚖️ <b>Please judge</b> · {amount} · “{title}”",
            amount=t.money(m.about.pay, m.about.currency),
            title=clipped(m.about.title, review.NAMED),
        ),
        t("Another worker's answer was rejected. Was that right? Nobody sees who you are."),
    )
    tail = _both_sides(m, t)
    verdicts = [Judge(appeal=m.appeal, verdict=verdict).pack() for verdict in (RIGHT, WRONG, PASSED_ON)]
    rows = (
        (Button(t.plain("👍 The answer is fine: pay it"), verdicts[0]),),
        (Button(t.plain("👎 The rejection is right"), verdicts[1]),),
        (Button(t.plain("⏭ Skip"), verdicts[2]),),
        *corrections.after(m.last, t),
    )
    return quotations.exhibited(m.about, t, head, tail, rows, rules=m.instructions, is_case=True)


def _both_sides(m: AppealToJudge | AppealToRule, t: Translator) -> Html:
    words = t("The worker says: “{words}”", words=m.words) if m.words else None
    return lines(cited(m.cited, t), words)


@shows(AppealToRule)
def rule(m: AppealToRule, t: Translator) -> Screen:
    head = lines(
        t("⚖️ <b>An appeal to decide</b> · “{title}”", title=clipped(m.about.title, review.NAMED)),
        t(
            "Too few workers who don't know the requester could judge it. If nobody decides by {until}, the worker is paid.",
            until=t.time(m.until),
        ),
    )
    verdicts = [RuleAppeal(appeal=m.appeal, verdict=verdict).pack() for verdict in (RIGHT, WRONG)]
    rows = (
        (Button(t.plain("👍 The answer is fine: pay it"), verdicts[0]),),
        (Button(t.plain("👎 The rejection is right"), verdicts[1]),),
    )
    return quotations.exhibited(m.about, t, head, _both_sides(m, t), rows, rules=m.instructions, is_case=True)


@shows(AppealRuled)
def ruled(m: AppealRuled, t: Translator) -> Screen:
    if m.verdict is Verdict.WORKER:
        return Screen(t("⚖️ Decided: the worker is paid. Both were told."))
    return Screen(t("⚖️ Decided: the rejection stands. Both were told."))


@shows(JudgesPaidBack)
def costs(m: JudgesPaidBack, t: Translator) -> Screen:
    money = {"due": t.money(m.due, m.currency), "back": t.money(m.back, m.currency)}
    title = clipped(m.title, review.NAMED)
    if m.back == m.due:
        return Screen(
            t("⚖️ <b>{title}</b>: you were right, so the judges' {due} came back to you.", title=title, **money)
        )
    return Screen(
        lines(
            t("⚖️ <b>{title}</b>: you were right. Of the judges' {due}, {back} came back to you.", title=title, **money),
            t("At most half of the fees your projects have paid goes back for judges. Whoever runs this bot was told."),
        )
    )


@shows(JudgesCostTooMuch)
def alarm(m: JudgesCostTooMuch, t: Translator) -> Screen:
    money = {"due": t.money(m.due, m.currency), "back": t.money(m.back, m.currency)}
    told = {"who": clipped(m.who, review.NAMED), "title": clipped(m.title, review.NAMED), "number": m.project}
    return Screen(
        lines(
            t("🚨 <b>{who}</b> rejects more than their fees can bear: project {number}, “{title}”.", **told),
            t(
                "Judges cost {due}, of which {back} went back. Look at whether the reasons are fair; /audit of the requester shows who judged often.",
                **money,
            ),
        )
    )


@shows(AppealJudged)
def judged(m: AppealJudged, t: Translator) -> Screen:
    title = clipped(m.title, review.NAMED)
    if m.verdict is None:
        return Screen(t("<b>{title}</b>\n{said}", title=title, said=t.plain("⏭ skipped")))
    fine = m.verdict is Verdict.WORKER
    said = t.plain("👍 the answer is fine") if fine else t.plain("👎 the rejection is right")
    return Screen(t("<b>{title}</b>\n{said} · {pay}", title=title, said=said, pay=t.money(m.pay, m.currency)))


@toasts(JudgementTaken)
def taken(result: JudgementTaken, t: Translator) -> Toast:
    if result.verdict is None:
        return Toast(t.plain("Skipped. Skipping costs you nothing."))
    return Toast(t.plain("Received. + {pay}", pay=t.money(result.pay, result.currency)))


ROUTES = (
    Route(AppealRejection, WORKER, appeals.open_appeal, stays=True),
    Route(AppealWords, WORKER, appeals.handle_words_button, stays=True),
    Route(Judge, WORKER, appeals.give_judgement),
    Route(RuleAppeal, ADMIN, appeals.rule_appeal),
    Route(ShowRuling, ADMIN, appeals.show_ruling_case),
)
