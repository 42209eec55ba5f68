"""Feedback on the last answer: in the message that shows it, or above the next task."""

from domain.moments import MINUTE
from domain.money.pricing import hourly
from domain.work.messages import AnswerStands, LastAnswer, Miss, MissExplained
from domain.work.recaps import Recap
from handlers.payloads.quality import Contest
from handlers.screens.answers import screen_of
from handlers.screens.layout.fitting import CAPTION, MESSAGE, clipped, visible
from handlers.screens.layout.task_text import FEW
from handlers.screens.screen import Button, Keyboard, Screen, lines, shows
from locales import Html, Translator

SAID, ABOUT = 60, 30  # characters of an answer, and of what it was given to, in one line
SHOWN, WORDS = 5, 100  # right answers named after a miss, and characters of each


def said_of_last(last: LastAnswer | None, t: Translator) -> Html | None:
    """What was answered here, that what was sent has arrived, and what the run of tasks that ends here has brought."""
    if last is None:
        return None
    return lines(in_a_line(last.stands, t) if last.stands else None, _received(last, t), recap(last.recap, t))


def in_a_line(stands: AnswerStands, t: Translator) -> Html:
    """What was answered, what it brought, and what it was given to."""
    said = screen_of(stands.kind).said(stands.answer, t) if stands.answer else t.plain("can't tell")
    facts = {"said": clipped(said, SAID), "pay": t.money(stands.pay, stands.currency)}
    about = t("<i>{about}</i>", about=clipped(stands.about, ABOUT))
    if stands.miss is not None:
        line = t("✗ {said} · {pay}", **facts)
    else:
        line = t("✓ changed: {said} · {pay}", **facts) if stands.changed else t("✓ {said} · {pay}", **facts)
    return Html(f"{line} · {about}")


def recap(run: Recap | None, t: Translator) -> Html | None:
    """A run of tasks in one line."""
    if run is None:
        return None
    tasks, time = t.n("{count} task", "{count} tasks", run.tasks), t.duration(run.milliseconds)
    earned, hour = (t.money(amount, run.currency) for amount in (run.earned, hourly(run.earned, run.milliseconds)))
    if run.milliseconds < MINUTE:
        summed = t("🏁 {tasks}, {time} of work, {earned}", tasks=tasks, time=time, earned=earned)
    else:
        summed = t("🏁 {tasks}, {time} of work, {earned}, {hour}/h", tasks=tasks, time=time, earned=earned, hour=hour)
    if not run.topped_up:
        return summed
    topped_up = t("({amount} of it topped up)", amount=t.money(run.topped_up, run.currency))
    return Html(f"{summed} {topped_up}")


def _received(last: LastAnswer, t: Translator) -> Html | None:
    """What was sent instead of pressed has arrived, and what it brought."""
    if last.received is None:
        return None
    pay = t.money(last.received, last.currency)
    return t("✅ Received. {pay} pending", pay=pay) if last.held else t("✅ Received. + {pay}", pay=pay)


def explained(miss: Miss, t: Translator, room: int = MESSAGE) -> Html:
    """The explanation of a missed check question, which is paid like any answer."""
    most, length = (SHOWN, WORDS) if room > CAPTION else (1, WORDS)
    about = screen_of(miss.kind)
    gold = list(miss.gold)
    right, said = clipped(about.right(gold, most, t), most * length), ""
    if miss.answer:
        right, said = about.missed(miss.answer, gold, most, length, t)
    first = (
        t(
            "💡 <b>We knew the answer:</b> {right}, not {said}. You are paid all the same.",
            right=right,
            said=said,
        )
        if said
        else t("💡 <b>We knew the answer:</b> {right}. You are paid all the same.", right=right)
    )
    left = room - visible(first) - 2 * FEW
    reason = clipped(miss.reason, left) if miss.reason and left > FEW else None
    pairs = [t.plain("{name} is your {seen}", name=name, seen=seen) for name, seen in miss.called]
    called = t("<i>There, {pairs}.</i>", pairs=t.all_of(pairs)) if reason and pairs else None
    return lines(first, t("Why: {reason}", reason=reason) if reason else None, called)


@shows(MissExplained)
def missed(message: MissExplained, t: Translator) -> Screen:
    return Screen(explained(message.miss, t), contest(message.miss, t))


def contest(miss: Miss | None, t: Translator) -> Keyboard:
    """Under an explanation: the known answer itself may be wrong."""
    if miss is None:
        return ()
    return ((Button(t.plain("⚖️ No, I was right"), Contest(submission=miss.submission).pack()),),)
