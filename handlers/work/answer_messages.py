"""Feedback on the last answer: in the message that shows it, or above the next task."""

from __future__ import annotations

from domain.moments import MINUTE
from domain.money.pricing import hourly_pay
from domain.work.messages import (
    AnswerStands,
    DiskFull,
    FileWaits,
    LastAnswer,
    MessageLost,
    MessageRefused,
    Miss,
    MissExplained,
    Recap,
    TasksUnshown,
)
from handlers import answers, quotations
from handlers.projects import launches, progress
from handlers.quality import gold_challenges
from handlers.screen import (
    CAPTION,
    MESSAGE,
    Button,
    Keyboard,
    Screen,
    clipped,
    lines,
    shows,
    visible,
)
from locales.translator import Html, Translator

SAID, ABOUT = 60, 30  # characters of an answer, and of what it was given to, in one line
SHOWN, WORDS = 5, 100  # right answers named after a miss, and characters of each


def said_of_last(last: LastAnswer | None, t: Translator) -> Html | None:
    """What was answered here, that what was sent has arrived, and what the run of tasks that ends here has brought."""
    if last is None:
        return None
    return lines(in_a_line(last.stands, t) if last.stands else None, _received(last, t), recap(last.recap, t))


def in_a_line(stands: AnswerStands, t: Translator) -> Html:
    """What was answered, what it brought, and what it was given to."""
    said = answers.screen_of(stands.kind).said(stands.answer, t) if stands.answer else t.plain("can't tell")
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
    earned, hour = (t.money(amount, run.currency) for amount in (run.earned, hourly_pay(run.earned, run.milliseconds)))
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
    about = answers.screen_of(miss.kind)
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
    left = room - visible(first) - 2 * quotations.FEW
    reason = clipped(miss.reason, left) if miss.reason and left > quotations.FEW else None
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
    return ((Button(t.plain("⚖️ No, I was right"), gold_challenges.Contest(submission=miss.submission).pack()),),)


NAMED = 60  # characters of a title


@shows(MessageLost)
def notice(lost: MessageLost, t: Translator) -> Screen:
    return Screen(
        t("😕 Telegram did not take a message I had for you. Nothing is lost, and whoever runs this bot knows. /help")
    )


@shows(FileWaits)
def file_waits(waits: FileWaits, t: Translator) -> Screen:
    if waits.theirs:
        return Screen(
            t("⏳ There is no room on this bot's disk to read your file. It is kept, and read as soon as there is.")
        )
    return Screen(t("⏳ There is no room on this bot's disk to make your file. It comes as soon as there is."))


@shows(DiskFull)
def disk_full(_: DiskFull, t: Translator) -> Screen:
    return Screen(
        t(
            "🚨 <b>The disk of temporary files is full.</b> Files can't be made or read. What waits is tried again every minute."
        )
    )


@shows(MessageRefused)
def alarm(refused: MessageRefused, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🚨 <b>Telegram refuses a message for good.</b>"),
            t("Which: {screen}", screen=clipped(refused.screen, NAMED)),
            t("Why: <code>{reason}</code>", reason=clipped(refused.reason, 200)),
            t(
                "Telegram refuses a button in it. Buttons that open pages need <code>PUBLIC_URL</code>, an https address."
            )
            if refused.button
            else None,
            t("Its reader was told in short. You hear of such messages once an hour; the log has them all."),
        )
    )


@shows(TasksUnshown)
def tasks(unshown: TasksUnshown, t: Translator) -> Screen:
    go_on = Button(t.plain("▶️ Go on all the same"), launches.GoOn(number=unshown.project).pack())
    end = Button(t.plain("⏹ Stop it"), progress.StopProject(number=unshown.project, sure=False).pack(), style="danger")
    return Screen(
        lines(
            _headline(unshown, t),
            _counted(unshown, t),
            *_refused_button(unshown, t),
            t("Workers get a link instead; it may show nothing.") if unshown.linked else None,
            t(
                "Please look at the addresses in your file: Telegram must be able to open them, and a picture may have 5 MB."
            )
            if unshown.pictures
            else None,
            t(
                "Nobody is asked until you decide. A better file can be added with /add_{number}.",
                number=unshown.project,
            )
            if unshown.paused and not unshown.button
            else None,
        ),
        ((go_on,), (end,)) if unshown.paused else (),
    )


def _headline(unshown: TasksUnshown, t: Translator) -> Html:
    title = clipped(unshown.title, NAMED)
    if unshown.paused:
        return t("⏸ <b>{title}</b> is paused.", title=title)
    if unshown.button:
        return t("⚠️ <b>{title}</b>: a task could not be shown.", title=title)
    return t("⚠️ <b>{title}</b>: look at its file, please.", title=title)


def _refused_button(unshown: TasksUnshown, t: Translator) -> list[Html]:
    """Say why a button was refused, and that the requester's file is not the cause."""
    if not unshown.button:
        return []
    return [
        t("Telegram refuses a button of these tasks: <code>{reason}</code>", reason=clipped(unshown.button, 200)),
        t("Your file is fine. Whoever runs this bot was told and can mend it."),
    ]


def _counted(unshown: TasksUnshown, t: Translator) -> Html:
    counts = {"found": t.number(unshown.found), "tasks": t.number(unshown.tasks)}
    if unshown.pictures:
        return t("{found} of {tasks} pictures cannot be loaded.", **counts)
    return t("{found} of {tasks} tasks cannot be shown.", **counts)
