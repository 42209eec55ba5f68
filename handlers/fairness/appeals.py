"""Screens of rejections and appeals: the rejection, the words for judges, the judges' case and the ruling."""

from __future__ import annotations

from domain.fairness.appeals import (
    JUDGES,
    AnswerRejected,
    AppealDecision,
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
    instructions_version_line,
    lines,
    operation_line,
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
    """Button under an appeal, for the worker's words to the judges: step 0 asks for them, 1 sends the words shown,
    another value sends none."""

    appeal: Number
    step: Number


class RuleAppeal(Payload, code="ru"):
    """An admin's ruling if there are too few judges: verdict 1 for the worker, 0 for the requester."""

    appeal: Number
    verdict: Number


class ShowRuling(Payload, code="rU"):
    """The ruling case again, from /admin."""

    appeal: Number


class Judge(Payload, code="ju"):
    """A judge's press: 1 for the worker, 0 for the requester, 2 passes the place to another judge."""

    appeal: Number
    verdict: Number


MAX_CONFIRMED_CHARS = 1_000  # characters of words for judges, where they are shown once more


def citation_lines(citation: Citation, t: Translator) -> Html:
    """Lines with the cited instruction and the whole reason of a rejection."""
    return lines(
        t("Line {number}: “{clause}”", number=citation.line, clause=clipped(citation.clause, review.MAX_CLAUSE_CHARS)),
        instructions_version_line(citation.version, t),
        t("Reason: “{reason}”", reason=citation.reason),
    )


@shows(AnswerRejected)
def answer_rejected_screen(m: AnswerRejected, t: Translator) -> Screen:
    head = t(
        "❌ <b>{title}</b>: answer rejected, {amount} kept aside.",
        title=clipped(m.about.title, review.MAX_TITLE_CHARS),
        amount=t.money(m.about.pay, m.about.currency),
    )
    tail = lines(
        citation_lines(m.cited, t),
        t(
            "Wrong? An appeal is free, until {until}. {why}",
            until=t.time(m.until),
            why=Html(f"/why_{m.operation}" if m.operation else ""),
        ),
    )
    press = Button(t.plain("⚖️ Appeal"), AppealRejection(submission=m.about.submission).pack())
    return quotations.show_answer_for_decision(m.about, t, head, tail, ((press,),), is_case=True)


@shows(AppealOpened)
def appeal_opened_screen(m: AppealOpened, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⚖️ <b>{title}</b>: your appeal is open.", title=clipped(m.title, review.MAX_TITLE_CHARS)),
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
        ((Button(t.plain("✏️ Add a few words"), _words_button_data(m.appeal, 0)),),),
    )


def _words_button_data(appeal: AppealId, step: int) -> str:
    return AppealWords(appeal=appeal, step=step).pack()


@shows(WordsWanted)
def words_wanted_screen(_: WordsWanted, t: Translator) -> Screen:
    return Screen(
        t("✏️ Write to me, in one message, what those who decide should know. You see it once more before it is sent.")
    )


@shows(WordsToSend)
def words_to_send_screen(m: WordsToSend, t: Translator) -> Screen:
    return Screen(
        lines(
            t("“{words}”", words=clipped(m.words, MAX_CONFIRMED_CHARS)),
            t("Shall I pass this on? To change it, write it again."),
        ),
        (
            (Button(t.plain("✅ Yes, send it"), _words_button_data(m.appeal, 1)),),
            (Button(t.plain("✖️ No, send nothing"), _words_button_data(m.appeal, 2)),),
        ),
    )


@shows(WordsDropped)
def words_dropped_screen(_: WordsDropped, t: Translator) -> Screen:
    return Screen(t("Nothing was sent. Your appeal goes on without it."))


@shows(WordsTooLate)
def words_too_late_screen(_: WordsTooLate, t: Translator) -> Screen:
    return Screen(t("This appeal is decided, or has your words already."))


@shows(WordsSent)
def words_sent_screen(m: WordsSent, t: Translator) -> Screen:
    return Screen(t("✏️ Passed on: “{words}”", words=m.words))


@toasts(AlreadyNoted)
def already_noted_toast(_: AlreadyNoted, t: Translator) -> Toast:
    return Toast(t.plain("This has been noted already, or decided."))


def _outcome_for_worker(decision: AppealDecision, t: Translator, silence: Html) -> Html:
    """Line about who decided, as the worker reads it; `silence` if no decision came in time."""
    if decision.ruled or decision.votes + decision.against < JUDGES:
        return _admin_ruling_line(t) if decision.ruled else silence
    return t("For you: {votes}, for the requester: {against}.", **_vote_counts(decision, t))


def _outcome_for_requester(decision: AppealDecision, t: Translator, silence: Html) -> Html:
    """Line about who decided, as the requester reads it; `silence` if no decision came in time."""
    if decision.ruled or decision.votes + decision.against < JUDGES:
        return _admin_ruling_line(t) if decision.ruled else silence
    return t("For the worker: {votes}, for you: {against}.", **_vote_counts(decision, t))


def _admin_ruling_line(t: Translator) -> Html:
    return t("Whoever runs this bot decided, as there were too few judges.")


def _vote_counts(decision: AppealDecision, t: Translator) -> dict[str, str]:
    return {"votes": t.number(decision.votes), "against": t.number(decision.against)}


@shows(AppealWon)
def appeal_won_screen(m: AppealWon, t: Translator) -> Screen:
    head = t(
        "✅ <b>{title}</b>: you won your appeal. {amount} is yours.",
        title=clipped(m.about.title, review.MAX_TITLE_CHARS),
        amount=t.money(m.about.pay, m.about.currency),
    )
    silence = t("There was no decision in time, so you win.")
    tail = lines(_outcome_for_worker(m.decision, t, silence), operation_line(m.operation, t))
    return quotations.show_answer_for_decision(m.about, t, head, tail)


@shows(AppealLost)
def appeal_lost_screen(m: AppealLost, t: Translator) -> Screen:
    head = t(
        "⚖️ <b>{title}</b>: the rejection was found right. {amount} went back to the requester.",
        title=clipped(m.about.title, review.MAX_TITLE_CHARS),
        amount=t.money(m.about.pay, m.about.currency),
    )
    no_answer_line = t("The requester does not get your answer.")
    return quotations.show_answer_for_decision(
        m.about,
        t,
        head,
        lines(_outcome_for_worker(m.decision, t, Html("")) or None, no_answer_line, operation_line(m.operation, t)),
    )


@shows(AppealWindowClosed)
def appeal_window_closed_screen(m: AppealWindowClosed, t: Translator) -> Screen:
    head = t(
        "⏳ <b>{title}</b>: the seven days for an appeal are over. {amount} went back to the requester.",
        title=clipped(m.about.title, review.MAX_TITLE_CHARS),
        amount=t.money(m.about.pay, m.about.currency),
    )
    return quotations.show_answer_for_decision(
        m.about, t, head, lines(t("The requester does not get your answer."), operation_line(m.operation, t))
    )


@shows(RejectionOverturned)
def rejection_overturned_screen(m: RejectionOverturned, t: Translator) -> Screen:
    head = t(
        "⚖️ <b>{title}</b>: a worker appealed against your rejection and won. The answer counts and is paid.",
        title=clipped(m.about.title, review.MAX_TITLE_CHARS),
    )
    silence = t("There was no decision in time, so the worker wins.")
    tail = lines(_outcome_for_requester(m.decision, t, silence), operation_line(m.operation, t))
    if m.taken_back:
        return Screen(lines(_pay_alone(m, t), tail))
    return quotations.show_answer_for_decision(m.about, t, head, tail)


def _pay_alone(m: RejectionOverturned, t: Translator) -> Html:
    return t(
        "⚖️ <b>{title}</b>: a worker appealed against your rejection and won. The pay is theirs. They have taken the answer back, so you do not get it.",
        title=clipped(m.about.title, review.MAX_TITLE_CHARS),
    )


RIGHT, WRONG, PASSED_ON = 1, 0, 2  # a judge's verdict as encoded in the button


@shows(AppealToJudge)
def appeal_to_judge_screen(m: AppealToJudge, t: Translator) -> Screen:
    head = lines(
        answer_messages.format_last_answer(m.last, t),
        t(
            "⚖️ <b>Please judge</b> · {amount} · “{title}”",
            amount=t.money(m.about.pay, m.about.currency),
            title=clipped(m.about.title, review.MAX_TITLE_CHARS),
        ),
        t("Another worker's answer was rejected. Was that right? Nobody sees who you are."),
    )
    tail = _citation_and_words(m, t)
    verdicts = [Judge(appeal=m.appeal, verdict=verdict).pack() for verdict in (RIGHT, WRONG, PASSED_ON)]
    rows = (
        (Button(t.plain("👍 The answer is fine: pay it"), verdicts[0]),),
        (Button(t.plain("👎 The rejection is right"), verdicts[1]),),
        (Button(t.plain("⏭ Skip"), verdicts[2]),),
        *corrections.last_answer_keyboard(m.last, t),
    )
    return quotations.show_answer_for_decision(m.about, t, head, tail, rows, rules=m.instructions, is_case=True)


def _citation_and_words(m: AppealToJudge | AppealToRule, t: Translator) -> Html:
    words = t("The worker says: “{words}”", words=m.words) if m.words else None
    return lines(citation_lines(m.cited, t), words)


@shows(AppealToRule)
def appeal_to_rule_screen(m: AppealToRule, t: Translator) -> Screen:
    head = lines(
        t("⚖️ <b>An appeal to decide</b> · “{title}”", title=clipped(m.about.title, review.MAX_TITLE_CHARS)),
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
    return quotations.show_answer_for_decision(
        m.about, t, head, _citation_and_words(m, t), rows, rules=m.instructions, is_case=True
    )


@shows(AppealRuled)
def appeal_ruled_screen(m: AppealRuled, t: Translator) -> Screen:
    if m.verdict is Verdict.WORKER:
        return Screen(t("⚖️ Decided: the worker is paid. Both were told."))
    return Screen(t("⚖️ Decided: the rejection stands. Both were told."))


@shows(JudgesPaidBack)
def judges_paid_back_screen(m: JudgesPaidBack, t: Translator) -> Screen:
    money = {"due": t.money(m.due, m.currency), "back": t.money(m.back, m.currency)}
    title = clipped(m.title, review.MAX_TITLE_CHARS)
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
def judges_cost_too_much_screen(m: JudgesCostTooMuch, t: Translator) -> Screen:
    money = {"due": t.money(m.due, m.currency), "back": t.money(m.back, m.currency)}
    labels = {
        "who": clipped(m.who, review.MAX_TITLE_CHARS),
        "title": clipped(m.title, review.MAX_TITLE_CHARS),
        "number": m.project,
    }
    return Screen(
        lines(
            t("🚨 <b>{who}</b> rejects more than their fees can bear: project {number}, “{title}”.", **labels),
            t(
                "Judges cost {due}, of which {back} went back. Look at whether the reasons are fair; /audit of the requester shows who judged often.",
                **money,
            ),
        )
    )


@shows(AppealJudged)
def appeal_judged_screen(m: AppealJudged, t: Translator) -> Screen:
    title = clipped(m.title, review.MAX_TITLE_CHARS)
    if m.verdict is None:
        return Screen(t("<b>{title}</b>\n{said}", title=title, said=t.plain("⏭ skipped")))
    fine = m.verdict is Verdict.WORKER
    verdict_line = t.plain("👍 the answer is fine") if fine else t.plain("👎 the rejection is right")
    return Screen(t("<b>{title}</b>\n{said} · {pay}", title=title, said=verdict_line, pay=t.money(m.pay, m.currency)))


@toasts(JudgementTaken)
def judgement_taken_toast(result: JudgementTaken, t: Translator) -> Toast:
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
