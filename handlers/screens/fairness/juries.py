"""Appeals as judges and admins see them, and judges' costs."""

from domain.fairness.appeals import Verdict
from domain.fairness.messages.appeals import (
    AppealJudged,
    AppealRuled,
    AppealToJudge,
    AppealToRule,
    JudgesCostTooMuch,
    JudgesPaidBack,
)
from handlers.payloads.fairness import Judge, RuleAppeal
from handlers.screens.fairness.appeals import cited
from handlers.screens.fairness.review import NAMED
from handlers.screens.layout.exhibit import exhibited
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Screen, Toast, lines, shows, toasts
from handlers.screens.work.corrections import after
from handlers.screens.work.last_answer import said_of_last
from locales import Html, Translator
from services.fairness.appeals import JudgementTaken

RIGHT, WRONG, PASSED_ON = 1, 0, 2  # a judge's verdict as encoded in the button


@shows(AppealToJudge)
def judge(m: AppealToJudge, t: Translator) -> Screen:
    head = lines(
        said_of_last(m.last, t),
        t(
            "⚖️ <b>Please judge</b> · {amount} · “{title}”",
            amount=t.money(m.about.pay, m.about.currency),
            title=clipped(m.about.title, NAMED),
        ),
        t("Another worker's answer was rejected. Was that right? Nobody sees who you are."),
    )
    tail = _both_sides(m, t)
    verdicts = [Judge(appeal=m.appeal, verdict=verdict).pack() for verdict in (RIGHT, WRONG, PASSED_ON)]
    rows = (
        (Button(t.plain("👍 The answer is fine: pay it"), verdicts[0]),),
        (Button(t.plain("👎 The rejection is right"), verdicts[1]),),
        (Button(t.plain("⏭ Skip"), verdicts[2]),),
        *after(m.last, t),
    )
    return exhibited(m.about, t, head, tail, rows, rules=m.instructions, is_case=True)


def _both_sides(m: AppealToJudge | AppealToRule, t: Translator) -> Html:
    words = t("The worker says: “{words}”", words=m.words) if m.words else None
    return lines(cited(m.cited, t), words)


@shows(AppealToRule)
def rule(m: AppealToRule, t: Translator) -> Screen:
    head = lines(
        t("⚖️ <b>An appeal to decide</b> · “{title}”", title=clipped(m.about.title, NAMED)),
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
    return exhibited(m.about, t, head, _both_sides(m, t), rows, rules=m.instructions, is_case=True)


@shows(AppealRuled)
def ruled(m: AppealRuled, t: Translator) -> Screen:
    if m.verdict is Verdict.WORKER:
        return Screen(t("⚖️ Decided: the worker is paid. Both were told."))
    return Screen(t("⚖️ Decided: the rejection stands. Both were told."))


@shows(JudgesPaidBack)
def costs(m: JudgesPaidBack, t: Translator) -> Screen:
    money = {"due": t.money(m.due, m.currency), "back": t.money(m.back, m.currency)}
    title = clipped(m.title, NAMED)
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
    told = {"who": clipped(m.who, NAMED), "title": clipped(m.title, NAMED), "number": m.project}
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
    title = clipped(m.title, NAMED)
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
