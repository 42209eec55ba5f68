"""Rejections and appeals as a worker reads them: the rejection, the words for judges, the ruling."""

from domain.fairness.appeals import JUDGES, AppealId
from domain.fairness.messages.appeals import (
    AnswerRejected,
    AppealLost,
    AppealOpened,
    AppealWindowClosed,
    AppealWon,
    Citation,
    Decision,
    RejectionOverturned,
    WordsDropped,
    WordsSent,
    WordsTooLate,
    WordsToSend,
    WordsWanted,
)
from handlers.payloads.fairness import AppealRejection, AppealWords
from handlers.screens.fairness.review import CLAUSE, NAMED
from handlers.screens.layout.editions import read_then
from handlers.screens.layout.exhibit import exhibited
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.operation_number import numbered
from handlers.screens.screen import Button, Screen, Toast, lines, shows, toasts
from locales import Html, Translator
from services.fairness.appeals import AlreadyNoted

ROOMY = 1_000  # characters of words for judges, where they are shown once more


def cited(why: Citation, t: Translator) -> Html:
    """The line, and the whole reason."""
    return lines(
        t("Line {number}: “{clause}”", number=why.line, clause=clipped(why.clause, CLAUSE)),
        read_then(why.version, t),
        t("Reason: “{reason}”", reason=why.reason),
    )


@shows(AnswerRejected)
def rejected(m: AnswerRejected, t: Translator) -> Screen:
    head = t(
        "❌ <b>{title}</b>: the requester rejected an answer of yours. {amount} stays aside until it is clear whose it is.",
        title=clipped(m.about.title, NAMED),
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
    return exhibited(m.about, t, head, tail, ((press,),), is_case=True)


@shows(AppealOpened)
def opened(m: AppealOpened, t: Translator) -> Screen:
    return Screen(
        lines(
            t("⚖️ <b>{title}</b>: your appeal is open.", title=clipped(m.title, NAMED)),
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
        title=clipped(m.about.title, NAMED),
        amount=t.money(m.about.pay, m.about.currency),
    )
    silence = t("There was no decision in time, so you win.")
    tail = lines(_for_worker(m.decision, t, silence), numbered(m.operation, t))
    return exhibited(m.about, t, head, tail)


@shows(AppealLost)
def lost(m: AppealLost, t: Translator) -> Screen:
    head = t(
        "⚖️ <b>{title}</b>: the rejection was found right. {amount} went back to the requester.",
        title=clipped(m.about.title, NAMED),
        amount=t.money(m.about.pay, m.about.currency),
    )
    said = t("The requester does not get your answer.")
    return exhibited(
        m.about, t, head, lines(_for_worker(m.decision, t, Html("")) or None, said, numbered(m.operation, t))
    )


@shows(AppealWindowClosed)
def closed(m: AppealWindowClosed, t: Translator) -> Screen:
    head = t(
        "⏳ <b>{title}</b>: the seven days for an appeal are over. {amount} went back to the requester.",
        title=clipped(m.about.title, NAMED),
        amount=t.money(m.about.pay, m.about.currency),
    )
    return exhibited(m.about, t, head, lines(t("The requester does not get your answer."), numbered(m.operation, t)))


@shows(RejectionOverturned)
def overturned(m: RejectionOverturned, t: Translator) -> Screen:
    head = t(
        "⚖️ <b>{title}</b>: a worker appealed against your rejection and won. The answer counts and is paid.",
        title=clipped(m.about.title, NAMED),
    )
    silence = t("There was no decision in time, so the worker wins.")
    tail = lines(_for_requester(m.decision, t, silence), numbered(m.operation, t))
    if m.taken_back:
        return Screen(lines(_pay_alone(m, t), tail))
    return exhibited(m.about, t, head, tail)


def _pay_alone(m: RejectionOverturned, t: Translator) -> Html:
    return t(
        "⚖️ <b>{title}</b>: a worker appealed against your rejection and won. The pay is theirs. They have taken the answer back, so you do not get it.",
        title=clipped(m.about.title, NAMED),
    )
