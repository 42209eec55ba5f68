"""The commands a person can use, and what is left to a suspended one."""

from domain.people.messages import Command, Help, HelpSuspended
from handlers.screens.fairness.stops import appeal_button
from handlers.screens.layout.task_text import quoted
from handlers.screens.screen import Screen, lines, shows
from locales import Html, Translator

START = "start"  # Telegram's own button: in the menu of newcomers, in no list


@shows(Help)
def help_(m: Help, t: Translator) -> Screen:
    parts = [t("👍 <b>What you can do here</b>"), *_listed(m.commands, t)]
    return Screen(lines(*parts, *([" ", project_example(t)] if m.example else [])))


@shows(HelpSuspended)
def help_suspended(m: HelpSuspended, t: Translator) -> Screen:
    """The appeal comes first: it is what can be done about it."""
    appealed = t("Your appeal is being looked at. An answer comes by {day}, or you have won.", day=t.date(m.due or 0))
    upheld = t("Your appeal was answered: it stays so.")
    appeal = t("You can appeal, with the button or with /appeal. A human answers within 14 days.")
    said = lines(
        t("⛔ <b>Your account is suspended.</b> The reason:"),
        quoted(m.reason),
        appeal if m.stop else appealed if m.due else upheld,
        " ",
        t("<b>What still works</b>"),
        *_listed(m.commands, t),
    )
    return Screen(said, appeal_button(m.stop, t))


def _listed(commands: tuple[Command, ...], t: Translator) -> list[Html]:
    parts: list[Html] = []
    for role, title in {
        "worker": t("<b>Your work</b>"),
        "requester": t("<b>Your projects</b>"),
        "admin": t("<b>Run the bot</b>"),
        "": t("<b>At any time</b>"),
    }.items():
        listed = [_line(command, t) for command in commands if command.role == role and command.name != START]
        parts += [Html(" "), title, *listed] if listed else []
    return parts


def _line(command: Command, t: Translator) -> Html:
    usage = f" {t.plain(command.usage)}" if command.usage else ""
    return t("{command} {means}", command=f"/{command.name}{usage}", means=t.plain(command.means))


def project_example(t: Translator) -> Html:
    """A caption that can be copied and changed."""
    example = t.plain(
        "/newproject\ntitle: Is the review positive?\ninstructions: Read the review. Is the writer pleased?\n"
        "options: positive, negative\npay: 0.05\noverlap: 3"
    )
    return lines(
        t(
            "<b>A project in one message:</b> send your file (.csv, .xlsx, .ods, .json …) with this caption:\n<pre>{example}</pre>",
            example=example,
        ),
        t("Too long for a caption (1,024 characters)? Send it as a message first, then the file."),
    )
