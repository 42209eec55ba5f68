"""Messages of the people wing: onboarding, settings, roles, erasure, API keys."""

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
    """Answer after a worker agreed to the terms; its button brings the first task. `used`: they had one, and there is
    no button."""

    used: bool = False


@dataclass(frozen=True, slots=True)
class WelcomeBack(Message):
    """`gives_work`: they may open projects, so that they need not be told how to ask for it."""

    name: str
    gives_work: bool = True


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
    """The commands of this person; `example`: a project in one message follows."""

    commands: tuple[Command, ...]
    example: bool


@dataclass(frozen=True, slots=True)
class CommandMenu(Message):
    """Telegram's own list of commands for one person; no text is shown."""

    commands: tuple[Command, ...]
    worker: bool


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
