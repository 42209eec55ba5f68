"""Messages of the people wing: onboarding, settings, roles, erasure, API keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths


@dataclass(frozen=True, slots=True)
class Command:
    """A command in English: `usage` and `means` are keys of their translations, `role` has it in its list.
    `stays`: also for a person whom an admin has suspended."""

    role: str
    name: str
    usage: str
    means: str
    stays: bool = False


MAX_MENU_COMMANDS = 10
# What Telegram's menu shows each role, the most important first; newcomers have no role.
MENUS = {
    "worker": ("work", "tasks", "balance", "payout", "board", "settings"),
    "requester": ("newproject", "projects", "launch", "results", "review", "add", "hold", "stop", "funds"),
    "admin": ("admin", "payouts", "deposit", "verify", "ledger", "role", "audit", "balance", "bank"),
    "": ("start", "language", "terms", "privacy"),
}
# The pages of /help: the role that each is for, and its commands.
HELP_TOPICS = {
    "work": ("worker", ("work", "tasks", "instructions", "ask", "leave", "pause", "stop", "settings")),
    "pay": ("worker", ("balance", "payout", "statement", "why", "record")),
    "say": ("worker", ("board", "appeal", "automated")),
    "projects": (
        "requester",
        ("newproject", "projects", "project", "preview", "pilot", "launch", "add", "gold", "clone"),
    ),
    "running": ("requester", ("hold", "stop", "raise", "invite")),
    "results": ("requester", ("results", "submissions", "quality", "review", "bonus")),
    "funds": ("requester", ("funds", "fund", "team")),
    "programs": ("requester", ("apikey", "apikeys", "webhooks")),
    "house": ("admin", ("admin", "payouts", "verify", "role", "audit", "balance", "withhold", "withheld")),
    "bank": ("admin", ("deposit", "refund", "ledger", "bank", "charge", "draw")),
    "data": ("", ("terms", "privacy", "mydata", "forget")),
    "more": ("", ("language", "faq", "stats", "cancel")),
}
EXAMPLE = "example"  # the topic of /help that shows requesters a project in one message


def select_menu(commands: Sequence[Command]) -> tuple[Command, ...]:
    """Return at most MAX_MENU_COMMANDS of a person's commands for Telegram's menu, each name once, /help last: those of
    MENUS, shared evenly between the person's roles, or those of newcomers for a person without a role."""
    roles = [role for role in MENUS if role and any(command.role == role for command in commands)]
    share = (MAX_MENU_COMMANDS - 1) // max(1, len(roles))
    menu: dict[str, Command] = {}
    for role in roles or [""]:
        commands_by_name = {command.name: command for command in reversed(commands) if command.role == role}
        names = [name for name in MENUS[role] if name in commands_by_name and name not in menu]
        menu |= {name: commands_by_name[name] for name in names[:share]}
    return (*menu.values(), *(command for command in commands if command.name == "help"))


def select_topic(commands: Sequence[Command], topic: str) -> tuple[Command, ...]:
    """Return a person's commands of this topic of HELP_TOPICS, in its order; empty if the person has none of them."""
    role, names = HELP_TOPICS[topic]
    commands_of_topic = [command for command in commands if command.role == role and command.name in names]
    return tuple(sorted(commands_of_topic, key=lambda command: names.index(command.name)))


@dataclass(frozen=True, slots=True)
class Welcome(Message):
    """The first message. `language` is the reader's, by its code; `wise`: countries outside SEPA that are paid through
    Wise, by their codes, from `least` on in `currency`."""

    name: str
    language: str
    wise: tuple[str, ...] = ()
    least: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Ready(Message):
    """In place of the welcome: they agreed to the terms, and the first task comes."""


@dataclass(frozen=True, slots=True)
class WelcomeBack(Message):
    """A greeting for a worker. `gives_work`: they may open projects, so that they need not be told how to ask for it;
    `thanked`: in reply to thanks."""

    name: str
    gives_work: bool = True
    thanked: bool = False


@dataclass(frozen=True, slots=True)
class LanguageQuestion(Message):
    """Which language shall be spoken?"""


@dataclass(frozen=True, slots=True)
class LanguageChosen(Message):
    """Confirmation in the language that was chosen. `reads`: the worker's tasks come in that language now, no longer in
    another."""

    reads: bool = False


@dataclass(frozen=True, slots=True)
class NotUnderstood(Message):
    """Something was typed or sent that nothing waits for."""

    worker: bool


@dataclass(frozen=True, slots=True)
class HelpSuspended(Message):
    """Help for a suspended person: the reason, the `commands` that still work, and the appeal.

    `stop` is the number of the suspension if it can be appealed, else 0; `due`: an appeal was made and is answered
    until then."""

    commands: tuple[Command, ...]
    reason: str
    stop: int
    due: Moment | None


@dataclass(frozen=True, slots=True)
class Help(Message):
    """A page of /help: this person's commands that belong to `topic`, or, where that is empty, those of their menu,
    with a button for each topic. The topic EXAMPLE shows a project in one message."""

    commands: tuple[Command, ...]
    topic: str = ""


@dataclass(frozen=True, slots=True)
class CommandMenu(Message):
    """Telegram's own list of commands for one person; no text is shown."""

    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class PrivacyNotice(Message):
    """Text of /privacy: stored data, purposes and readers."""


@dataclass(frozen=True, slots=True)
class TermsOfUse(Message):
    """`agreed` is when they did; `fee` a decimal number of percent; `floor` is pay for an hour, 0 is none."""

    agreed: Moment | None
    fee: str
    floor: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class ErrorNoticed(Message):
    """An update was given up after several tries: a bug."""
