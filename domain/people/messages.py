"""Messages of the people wing: onboarding, settings, roles, erasure, API keys."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.api_keys import ApiKey
from domain.people.push_hours import QuietUntil
from domain.work.messages import LastAnswer


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
    """They agreed to the terms; the next press brings the first task. `used`: they had one, and nothing is pressed here
    any more."""

    used: bool = False


@dataclass(frozen=True, slots=True)
class WelcomeBack(Message):
    name: str


@dataclass(frozen=True, slots=True)
class LanguageQuestion(Message):
    """Which language shall be spoken?"""


@dataclass(frozen=True, slots=True)
class LanguageChosen(Message):
    """Said in the language that was chosen. `reads`: tasks come in that language now, where they came in another."""

    reads: bool = False


@dataclass(frozen=True, slots=True)
class NotUnderstood(Message):
    """Something was typed or sent that nothing waits for."""

    worker: bool


@dataclass(frozen=True, slots=True)
class HelpSuspended(Message):
    """What is left to a suspended person: why, the `commands` that still work, and the appeal against `stop`, where one
    can be made; `due`: one was made, and is answered until then."""

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
    """What is kept, why, and who sees it."""


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


@dataclass(frozen=True, slots=True)
class RoleSet(Message):
    """To the admin: whether `who`, as they are called, may open projects now."""

    who: str
    on: bool


@dataclass(frozen=True, slots=True)
class RoleGranted(Message):
    """To a person who may open projects now."""


@dataclass(frozen=True, slots=True)
class RoleWithdrawn(Message):
    """To a person who may no longer open projects."""


@dataclass(frozen=True, slots=True)
class GoalReached(Message):
    """The day's goal is reached: `tasks` that `earned` so much. Until `quiet` no task comes unasked."""

    tasks: int
    earned: Millionths
    currency: str
    quiet: QuietUntil | None
    last: LastAnswer | None = None


@dataclass(frozen=True, slots=True)
class PaceKept(Message):
    """The next task comes at the pace they chose: `gap` minutes apart."""

    gap: int
    quiet: QuietUntil | None
    last: LastAnswer | None = None


@dataclass(frozen=True, slots=True)
class LeftInPeace(Message):
    """Several tasks went unanswered: no more come until they want some."""


@dataclass(frozen=True, slots=True)
class SettingsPage(Message):
    """One page of /settings: `main`, `when`, `zone`, `pace`, `goal`, `tasks`, `session` or `board`.

    `zones` are offered on the page of zones, of the `region` or, where it is empty, of what was searched for. `days`
    begin on Monday; `begin` and `end` are hours of the day in `zone`; `gap` is in minutes; `tasks` and `earned` are
    today's; `in_place` is session mode; `board_hour` that of the board's digest, -1 for none;
    `contacts`: exchanged with other workers.
    """

    page: str
    region: str
    zones: tuple[str, ...]
    at: Moment
    days: tuple[bool, ...]
    begin: int
    end: int
    zone: str
    guessed: bool
    gap: int
    goal_tasks: int
    goal_money: Millionths
    currency: str
    ways: tuple[str, ...]
    languages: tuple[str, ...]
    tasks: int
    earned: int
    paused: bool
    quiet: bool
    in_place: bool = False
    board_hour: int = -1
    contacts: bool = True
    country: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiKeyMade(Message):
    """The key, this once; `url` is where programs ask, empty where this installation has no door for them.

    `access_id` and `secret` are its pair for programs of Mechanical Turk, which ask at `origin`; both are empty where
    nothing can be encrypted (SECRETS_KEY). It may spend `budget`, in millionths, or all."""

    key: str
    url: str
    scope: str = "spend"
    budget: int | None = None
    currency: str = ""
    access_id: str = ""
    secret: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ApiKeys(Message):
    """A requester's keys that work, oldest first; of the team of this number, 0 for their own."""

    keys: tuple[ApiKey, ...]
    url: str
    currency: str = ""
    team: int = 0


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked(Message):
    """`hint` is how the key ended."""

    hint: str


@dataclass(frozen=True, slots=True)
class CountryWanted(Message):
    """Where a worker lives is asked for, once; `suggested` are countries' codes."""

    suggested: tuple[str, ...]
