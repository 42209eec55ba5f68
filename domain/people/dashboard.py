"""The message of /admin: the state of the whole installation."""

from dataclasses import dataclass
from datetime import date

from domain.fairness.cases import WaitingCase
from domain.messages import Message, Note
from domain.moments import Moment
from domain.money.funds import Holdings
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class RunningProject:
    number: ProjectId
    title: str


@dataclass(frozen=True, slots=True)
class RefusedTasks:
    """So many `tasks` of a running project that Telegram refused to show within 24 hours; `rests`: the project pauses
    for it."""

    number: ProjectId
    title: str
    tasks: int
    rests: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """Money of the last 24 hours, in millionths."""

    deposited: int
    earned: int
    paid: int


@dataclass(frozen=True, slots=True)
class LastVerification:
    """Result of the last check of the ledger: the number of `broken` rules."""

    broken: int
    at: Moment


@dataclass(frozen=True, slots=True)
class ActingRole:
    """`role` is done by a process on `host`; `silent`: its lease has run out."""

    role: str
    host: str
    silent: bool


@dataclass(frozen=True, slots=True)
class BotState:
    """One of several bots: letters that wait to be sent by it, and whether Telegram refuses its token."""

    username: str
    letters: int
    is_refused: bool


@dataclass(frozen=True, slots=True)
class TaxFormsState:
    """Number of people who were asked for a tax form and have not answered, and of payouts that wait for one."""

    missing: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Dashboard(Message):
    """State of the whole installation at one moment.

    `inbox` and `outbox` count what waits, the oldest for so many milliseconds (`…_lag`); `sent` counts messages of the
    last minute, `refused` those that Telegram refused within 24 hours; `hours` holds the answers of each of the last 24
    hours. `zone` is the admin's time zone. `waiting_cases` count what waits for this admin's decision, `cases` are the
    most urgent ones. `floor_since` is the day of a wage floor that must be looked up
    again. `notes`: what extensions add. `refused_tasks`: projects with tasks that Telegram
    does not show. `bots` is empty where there is but one.
    """

    at: Moment
    currency: str
    workers: int
    waiting: int
    suspected: int
    running: tuple[RunningProject, ...]
    inbox: int
    inbox_lag: int
    outbox: int
    outbox_lag: int
    sent: int
    refused: int
    hours: tuple[int, ...]
    moved: Moved
    books: tuple[Holdings, ...]
    verified: LastVerification | None
    processes: int
    acting: tuple[ActingRole, ...]
    zone: str = "UTC"
    floor_since: date | None = None
    notes: tuple[Note, ...] = ()
    bots: tuple[BotState, ...] = ()
    cases: tuple[WaitingCase, ...] = ()
    waiting_cases: int = 0
    refused_tasks: tuple[RefusedTasks, ...] = ()
