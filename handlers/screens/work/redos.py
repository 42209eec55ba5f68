"""An answer that is asked for once more, as its requester and its worker read it."""

from domain.fairness.review import LONGEST, SHORTEST
from domain.refusals import CannotRedo
from domain.work.redo_messages import (
    RedoDeclined,
    RedoDone,
    RedoOffered,
    RedoPaid,
    RedoReturned,
    RedoSent,
    RedoWanted,
)
from handlers.payloads.fairness import BackToReview, BeginRedo, DeclineRedo
from handlers.screens.layout.exhibit import exhibited
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.operation_number import numbered
from handlers.screens.layout.requester_name import requester_name
from handlers.screens.screen import Button, Screen, lines, refuses, shows
from locales import Translator

NAMED, WORDS = 60, 500


@shows(RedoWanted)
def wanted(m: RedoWanted, t: Translator) -> Screen:
    money = {"pay": t.money(m.pay, m.currency), "available": t.money(m.available, m.currency)}
    return Screen(
        lines(
            t("🔁 <b>Ask {worker} for this answer once more?</b>", worker=m.worker),
            t("Write what should be different, in {least} to {most} characters.", least=SHORTEST, most=LONGEST),
            t("This answer is then paid. A second one costs {pay} more; you have {available} free.", **money),
        ),
        ((Button(t.plain("↩️ Back"), BackToReview(submission=m.submission).pack()),),),
    )


@shows(RedoSent)
def sent(m: RedoSent, t: Translator) -> Screen:
    said = {"worker": m.worker, "pay": t.money(m.pay, m.currency), "until": t.time(m.until)}
    return Screen(t("🔁 {worker} is asked. {pay} is held until {until}; what is not earned comes back.", **said))


@shows(RedoOffered)
def offered(m: RedoOffered, t: Translator) -> Screen:
    pay = t.money(m.pay, m.about.currency)
    number = m.about.submission
    return exhibited(
        m.about,
        t,
        lines(
            t("🔁 <b>Would you do this once more, for {pay}?</b>", pay=pay),
            t("{requester} writes: “{words}”", requester=requester_name(m.requester, t), words=clipped(m.words, WORDS)),
        ),
        lines(
            t("What you did is paid and stays yours, whatever you choose."),
            t("You can do it until {until}.", until=t.time(m.until)),
        ),
        (
            (Button(t.plain("🔁 Do it once more"), BeginRedo(submission=number).pack(), style="success"),),
            (Button(t.plain("No, thanks"), DeclineRedo(submission=number).pack()),),
        ),
    )


@shows(RedoDeclined)
def declined(m: RedoDeclined, t: Translator) -> Screen:
    title = clipped(m.title, NAMED)
    return Screen(t("Fine. Your answer in <b>{title}</b> stays, and stays paid.", title=title))


@shows(RedoPaid)
def paid(m: RedoPaid, t: Translator) -> Screen:
    said = {"title": clipped(m.title, NAMED), "pay": t.money(m.pay, m.currency)}
    return Screen(
        lines(
            t("🔁 Thank you: {pay} more for your second answer in <b>{title}</b>. It is yours at once.", **said),
            numbered(m.operation, t),
        )
    )


@shows(RedoDone)
def done(m: RedoDone, t: Translator) -> Screen:
    head = t("🔁 <b>{worker} did it once more</b> in project {number}.", worker=m.worker, number=m.number)
    return exhibited(m.about, t, head, t("This answer counts now."))


@shows(RedoReturned)
def returned(m: RedoReturned, t: Translator) -> Screen:
    said = {"worker": m.worker, "title": clipped(m.title, NAMED), "pay": t.money(m.pay, m.currency)}
    return Screen(
        t("🔁 {worker} did not do it once more in time, in <b>{title}</b>. {pay} came back to you.", **said)
        if m.late
        else t("🔁 {worker} would rather not do it once more, in <b>{title}</b>. {pay} came back to you.", **said)
    )


@refuses(CannotRedo)
def cannot(r: CannotRedo, t: Translator) -> Screen:
    return Screen(
        {
            "gold": t("A check question is not asked once more: its answer was explained."),
            "before": t("This answer was asked for once more before. Once is all there is."),
            "gone": t("This worker can't be asked any more."),
        }[r.why]
    )
