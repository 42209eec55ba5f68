"""What could not be sent: to its reader, to those who run the bot, to whose tasks can't be shown."""

from handlers.payloads.projects import GoOn, StopProject
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Button, Facts, Screen, lines, screen
from locales import Html, Translator

NAMED = 60  # characters of a title


@screen("undelivered.notice")
def notice(facts: Facts, t: Translator) -> Screen:
    return Screen(
        t("😕 Telegram did not take a message I had for you. Nothing is lost, and whoever runs this bot knows. /help")
    )


@screen("undelivered.alarm")
def alarm(facts: Facts, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🚨 <b>Telegram refuses a message for good.</b>"),
            t("Which: {screen}", screen=clipped(facts["screen"], NAMED)),
            t("Why: <code>{reason}</code>", reason=clipped(facts["reason"], 200)),
            t("Its reader was told in short. Of this kind you hear once an hour; the log has each of them."),
        )
    )


@screen("undelivered.tasks")
def tasks(facts: Facts, t: Translator) -> Screen:
    go_on = Button(t.plain("▶️ Go on all the same"), GoOn(number=facts["number"]).pack())
    end = Button(t.plain("⏹ Stop it"), StopProject(number=facts["number"], sure=False).pack(), style="danger")
    title = clipped(facts["title"], NAMED)
    return Screen(
        lines(
            t("⏸ <b>{title}</b> is paused.", title=title)
            if facts["paused"]
            else t("⚠️ <b>{title}</b>: look at its file, please.", title=title),
            _counted(facts, t),
            t("Workers have a link in their place; they may see nothing there.") if facts["linked"] else None,
            t(
                "Please look at the addresses in your file: Telegram must be able to open them, and a picture may have 5 MB."
            )
            if facts["pictures"]
            else None,
            t(
                "Nobody is asked until you decide. A better file can be added with /add_{number}.",
                number=facts["number"],
            )
            if facts["paused"]
            else None,
        ),
        ((go_on,), (end,)) if facts["paused"] else (),
    )


def _counted(facts: Facts, t: Translator) -> Html:
    counts = {"found": t.number(facts["found"]), "tasks": t.number(facts["tasks"])}
    if facts["pictures"]:
        return t("{found} of {tasks} pictures cannot be loaded.", **counts)
    return t("{found} of {tasks} tasks cannot be shown.", **counts)
