"""Undelivered messages: notices to the reader, to admins, and to the requester of tasks that cannot be shown."""

from domain.work.delivery import DiskFull, FileWaits, MessageLost, MessageRefused, TasksUnshown
from handlers.payloads.projects import GoOn, StopProject
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator

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
    go_on = Button(t.plain("▶️ Go on all the same"), GoOn(number=unshown.project).pack())
    end = Button(t.plain("⏹ Stop it"), StopProject(number=unshown.project, sure=False).pack(), style="danger")
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
