"""Feedback on the last answer, in the message that shows it or above the next task; and notices about messages that
Telegram refused."""

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
from handlers.screen import CAPTION, MESSAGE, Button, Keyboard, Screen, clipped, lines, shows, visible_length
from locales.translator import Html, Translator

MAX_ANSWER_CHARS, MAX_BEGINNING_CHARS = 60, 30  # characters of an answer, and of what it was given to, in one line
MAX_RIGHT_ANSWERS, MAX_RIGHT_ANSWER_CHARS = 5, 100  # right answers named after a miss, and characters of each


def format_last_answer(last: LastAnswer | None, t: Translator) -> Html | None:
    """Return the feedback on the last answer: what was answered, that a sent answer has arrived, and the recap of a run
    that ends here. None without a last answer."""
    if last is None:
        return None
    return lines(
        _format_answer(last.stands, t) if last.stands else None,
        _format_received(last, t),
        format_recap(last.recap, t),
    )


def format_answer_line(stands: AnswerStands, t: Translator) -> Html:
    """Return an answer in one line, with its pay and the beginning of its task."""
    task_beginning = t("<i>{about}</i>", about=clipped(stands.about, MAX_BEGINNING_CHARS))
    return Html(f"{_format_answer(stands, t)} · {task_beginning}")


def _format_answer(stands: AnswerStands, t: Translator) -> Html:
    """Return an answer with its pay, as it stands above the task that took its message."""
    answer = answers.screen_of(stands.kind).describe(stands.answer, t) if stands.answer else t.plain("can't tell")
    line_fields = {"said": clipped(answer, MAX_ANSWER_CHARS), "pay": t.money(stands.pay, stands.currency)}
    if stands.miss is not None:
        return t("✗ {said} · {pay}", **line_fields)
    return t("✓ changed: {said} · {pay}", **line_fields) if stands.changed else t("✓ {said} · {pay}", **line_fields)


def format_recap(run: Recap | None, t: Translator) -> Html | None:
    """Return a run's recap in one line, None without one. The pay an hour is left out for less than a minute."""
    if run is None:
        return None
    tasks, time = t.n("{count} task", "{count} tasks", run.tasks), t.short_duration(run.milliseconds)
    earned, hour = (t.money(amount, run.currency) for amount in (run.earned, hourly_pay(run.earned, run.milliseconds)))
    parts = (
        tasks,
        time,
        earned,
        t("{hour} an hour", hour=hour) if run.milliseconds >= MINUTE else None,
        t("{amount} of it topped up", amount=t.money(run.topped_up, run.currency)) if run.topped_up else None,
    )
    return Html("🏁 " + " · ".join(filter(None, parts)))


def _format_received(last: LastAnswer, t: Translator) -> Html | None:
    """Return that a sent answer has arrived, with its pay; None for one that was pressed."""
    if last.received is None:
        return None
    pay = t.money(last.received, last.currency)
    return t("✅ Received. {pay} pending", pay=pay) if last.held else t("✅ Received. + {pay}", pay=pay)


def explain_miss(miss: Miss, t: Translator, room: int = MESSAGE) -> Html:
    """Return the explanation of a missed check question, within `room` characters: the right answers, the reason, and
    how its labels map to those that the worker saw."""
    max_answers, length = (MAX_RIGHT_ANSWERS, MAX_RIGHT_ANSWER_CHARS) if room > CAPTION else (1, MAX_RIGHT_ANSWER_CHARS)
    answer_screen = answers.screen_of(miss.kind)
    gold = list(miss.gold)
    right_answers, given_answer = clipped(answer_screen.right(gold, max_answers, t), max_answers * length), ""
    if miss.answer:
        right_answers, given_answer = answer_screen.describe_miss(miss.answer, gold, max_answers, length, t)
    answer_line = (
        t(
            "💡 <b>We knew the answer:</b> {right}, not {said}. You are paid all the same.",
            right=right_answers,
            said=given_answer,
        )
        if given_answer
        else t("💡 <b>We knew the answer:</b> {right}. You are paid all the same.", right=right_answers)
    )
    room_left = room - visible_length(answer_line) - 2 * quotations.MIN_LINE_CHARS
    reason = clipped(miss.reason, room_left) if miss.reason and room_left > quotations.MIN_LINE_CHARS else None
    pairs = [t.plain("{name} is your {seen}", name=name, seen=seen) for name, seen in miss.called]
    label_note = t("<i>There, {pairs}.</i>", pairs=t.all_of(pairs)) if reason and pairs else None
    return lines(answer_line, t("Why: {reason}", reason=reason) if reason else None, label_note)


@shows(MissExplained)
def show_miss(message: MissExplained, t: Translator) -> Screen:
    return Screen(explain_miss(message.miss, t), contest_keyboard(message.miss, t))


def contest_keyboard(miss: Miss | None, t: Translator) -> Keyboard:
    """Return the button with which the worker contests the known answer, below an explanation; none without a miss."""
    if miss is None:
        return ()
    return ((Button(t.plain("⚖️ No, I was right"), gold_challenges.Contest(submission=miss.submission).pack()),),)


MAX_TITLE_CHARS = 60  # characters of a title


@shows(MessageLost)
def show_message_lost(lost: MessageLost, t: Translator) -> Screen:
    return Screen(
        t("😕 Telegram did not take a message I had for you. Nothing is lost, and whoever runs this bot knows. /help")
    )


@shows(FileWaits)
def show_file_waits(waits: FileWaits, t: Translator) -> Screen:
    if waits.theirs:
        return Screen(
            t("⏳ There is no room on this bot's disk to read your file. It is kept, and read as soon as there is.")
        )
    return Screen(t("⏳ There is no room on this bot's disk to make your file. It comes as soon as there is."))


@shows(DiskFull)
def show_disk_full(_: DiskFull, t: Translator) -> Screen:
    return Screen(
        t(
            "🚨 <b>The disk of temporary files is full.</b> Files can't be made or read. What waits is tried again every minute."
        )
    )


@shows(MessageRefused)
def show_message_refused(refused: MessageRefused, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🚨 <b>Telegram refuses a message for good.</b>"),
            t("Which: {screen}", screen=clipped(refused.screen, MAX_TITLE_CHARS)),
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
def show_tasks_unshown(unshown: TasksUnshown, t: Translator) -> Screen:
    go_on = Button(t.plain("▶️ Go on all the same"), launches.GoOn(number=unshown.project).pack())
    end = Button(t.plain("⏹ Stop it"), progress.StopProject(number=unshown.project, sure=False).pack(), style="danger")
    return Screen(
        lines(
            _format_headline(unshown, t),
            _format_unshown_count(unshown, t),
            *_explain_refused_button(unshown, t),
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


def _format_headline(unshown: TasksUnshown, t: Translator) -> Html:
    title = clipped(unshown.title, MAX_TITLE_CHARS)
    if unshown.paused:
        return t("⏸ <b>{title}</b> is paused.", title=title)
    if unshown.button:
        return t("⚠️ <b>{title}</b>: a task could not be shown.", title=title)
    return t("⚠️ <b>{title}</b>: look at its file, please.", title=title)


def _explain_refused_button(unshown: TasksUnshown, t: Translator) -> list[Html]:
    """Return why Telegram refused a button, and that the requester's file is not the cause; nothing if no button was
    refused."""
    if not unshown.button:
        return []
    return [
        t("Telegram refuses a button of these tasks: <code>{reason}</code>", reason=clipped(unshown.button, 200)),
        t("Your file is fine. Whoever runs this bot was told and can mend it."),
    ]


def _format_unshown_count(unshown: TasksUnshown, t: Translator) -> Html:
    counts = {"found": t.number(unshown.found), "tasks": t.number(unshown.tasks)}
    if unshown.pictures:
        return t("{found} of {tasks} pictures cannot be loaded.", **counts)
    return t("{found} of {tasks} tasks cannot be shown.", **counts)
