"""The register of automated decisions: what machines prepare or decide here, from what, and who can change it.

`/automated` is made of it. tests/architecture/test_automated_decisions.py fails where a sweep, a detector, a reason to
stop a project, an act without a person in the audit log, or a column that steers who is asked is named nowhere in it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from statistics import median
from typing import NamedTuple

from domain.conduct.evidence import SUSPICIONS, Evidence
from domain.extensions import load_parts
from domain.fairness.cases import NO_COMPLAINTS, ComplaintFigures
from domain.messages import Message
from domain.moments import HOUR, Moment, as_datetime, get_period_bounds
from domain.money.amounts import Millionths
from domain.money.funds import Holdings
from domain.quality.restrictions import KnownRestriction


class Datum(StrEnum):
    """Kind of data from which a decision is made."""

    ANSWERS = "answers"
    CHECKS = "checks"
    OTHERS = "others"
    TIMES = "times"
    SERVED = "served"
    SETTINGS = "settings"
    UNANSWERED = "unanswered"
    FILES = "files"
    MODELS = "models"
    ACCOUNT = "account"
    TRACE = "trace"
    PAY = "pay"
    REJECTIONS = "rejections"
    REPORTS = "reports"
    QUESTIONS = "questions"
    DELIVERY = "delivery"
    CLOCK = "clock"
    FORM = "form"
    RATE = "rate"


class Who(StrEnum):
    """People who can change a decision."""

    YOU = "you"
    FILLED = "filled"
    ADMIN = "admin"
    ANSWERED = "answered"  # nobody's act changes it; a complaint is answered by a human
    REQUESTER = "requester"
    JUDGES = "judges"


@dataclass(frozen=True, slots=True)
class DecisionKind:
    """`name` is the key of its words. The code is found by what it leaves behind: `sweeps` (bot/sweeps.py), `acts`
    (actions in the audit log without a person), `marks` (columns of people and enrolments), `signs` (suspicions),
    `pauses` (why a project rests)."""

    name: str
    data: tuple[Datum, ...]
    who: tuple[Who, ...]
    sweeps: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()


DECISIONS = (
    DecisionKind(
        "turn",
        (Datum.SERVED, Datum.SETTINGS, Datum.ANSWERS, Datum.OTHERS, Datum.UNANSWERED),
        (Who.YOU,),
        sweeps=("push", "push hours"),
        marks=(
            *("idle", "served_at", "push_changes_at", "unanswered", "choosy"),
            *("cursor", "gold_cursor", "back", "gold_back", "version"),
            *("offered", "skipped", "skipped_on"),
        ),
    ),
    DecisionKind(
        "audience", (Datum.SETTINGS, Datum.ANSWERS, Datum.CHECKS), (Who.YOU, Who.REQUESTER), marks=("called_to",)
    ),
    DecisionKind("programs", (Datum.ANSWERS, Datum.OTHERS), (Who.REQUESTER, Who.JUDGES)),
    DecisionKind(
        "later",
        (Datum.ANSWERS, Datum.CHECKS, Datum.OTHERS),
        (Who.ADMIN,),
        sweeps=("asked later", "refit"),
        marks=("later", "worth"),
    ),
    DecisionKind(
        "evidence",
        (Datum.ANSWERS, Datum.CHECKS, Datum.OTHERS, Datum.TIMES, Datum.FILES, Datum.MODELS),
        (Who.ADMIN,),
        sweeps=("evidence",),
        marks=("watch",),
        signs=SUSPICIONS,
    ),
    DecisionKind(
        "restriction",
        (Datum.ANSWERS, Datum.CHECKS, Datum.OTHERS, Datum.FILES),
        (Who.ADMIN,),
        sweeps=("restrictions", "restrictions to confirm"),
        acts=("restrict", "lapsed"),
        marks=("restricted_until",),
    ),
    DecisionKind(
        "probation",
        (Datum.CHECKS, Datum.OTHERS, Datum.CLOCK),
        (Who.REQUESTER, Who.JUDGES),
        sweeps=("probation", "release"),
        marks=("qualified", "gold_seen", "gold_right"),
    ),
    DecisionKind("topup", (Datum.TIMES, Datum.PAY), (Who.ANSWERED,), sweeps=("topups", "returned tasks")),
    DecisionKind(
        "time",
        (Datum.CLOCK, Datum.DELIVERY),
        (Who.YOU,),
        sweeps=("expire",),
        acts=("downtime",),
        marks=("reachable",),
    ),
    DecisionKind("gold", (Datum.CHECKS, Datum.OTHERS), (Who.REQUESTER,), sweeps=("gold challenges",)),
    DecisionKind(
        "judges",
        (Datum.CHECKS, Datum.ANSWERS, Datum.ACCOUNT, Datum.CLOCK),
        (Who.ANSWERED,),
        sweeps=("appeals",),
        acts=("judges cost too much",),
    ),
    DecisionKind(
        "same_person",
        (Datum.ACCOUNT, Datum.TRACE),
        (Who.ANSWERED,),
        acts=("shared payee", "role"),
        marks=("barred",),
    ),
    DecisionKind(
        "pause",
        (Datum.PAY, Datum.REJECTIONS, Datum.REPORTS, Datum.QUESTIONS, Datum.DELIVERY),
        (Who.REQUESTER, Who.ADMIN),
        sweeps=("questions",),
        acts=("pause", "resumed"),
        pauses=("floor", "rejections", "undelivered", "buttons", "questions", "reports"),
    ),
    *chain(*(part.DECISIONS for part in load_parts("decisions"))),
)
BY_NAME: Mapping[str, DecisionKind] = {decision.name: decision for decision in DECISIONS}
OTHER = "other"  # what a complaint is about that is about none of them

# Sweeps, acts and columns that decide nothing about a person, each with the reason.
NO_DECISION: Mapping[str, str] = {
    "sweep retakes": "counts a photo that waited for its sender as their answer, in their favour",
    "sweep progress": "shows a requester how far a project is",
    "sweep progress counts": "adds up counters",
    "sweep bulk updates": "carries on what a requester began",
    "sweep resting": "ends a project that rested for so long, as was said at its launch",
    "sweep old drafts": "deletes what was never launched",
    "sweep stale files": "deletes uploads that were never finished",
    "sweep faq": "brings answers to those at work",
    "sweep seal": "seals the ledger",
    "sweep board": "seals the log of the board",
    "sweep elections": "counts votes on the day that was said",
    "sweep petitions": "ends a petition on the day that was said",
    "sweep board digests": "sends what was asked for",
    "sweep role requests": "ends a request to give work that no admin answered in time; it may be made again",
    "sweep complaints": "reminds admins of complaints",
    "sweep ratings": "asks workers what they think of a requester",
    "sweep stops": "lifts an admin's stop whose appeal no human answered in time",
    "sweep forget": "erases who asked for it",
    "sweep scrub": "empties the database's log after an erasure",
    "sweep redraw": "computes results again without withdrawn answers",
    "sweep requester digests": "tells requesters once a day how their projects went",
    "sweep pilots": "tells requesters what their first tasks brought",
    "sweep redos": "gives back what nobody earned in the time that was said",
    "sweep prune": "deletes old rows",
    "act erased": "by their own wish",
    "act record key": "a new key for records of work",
    "act lifted": "no human answered an appeal in time",
    "act suspended": "an admin's act, which goes on when somebody comes back",
    "mark id": "a key",
    "mark worker": "a key",
    "mark project": "a key",
    "mark telegram_id": "from Telegram",
    "mark username": "from Telegram",
    "mark name": "from Telegram",
    "mark language": "chosen",
    "mark acts_for": "chosen",
    "mark bot": "chosen",
    "mark joined_at": "a date",
    "mark consented_at": "their own act",
    "mark withdrawn_at": "their own act",
    "mark leaving_at": "their own act",
    "mark erased_at": "their own act",
    "mark taken_back": "their own act",
    "mark terms": "their own act",
    "mark paused": "their own act",
    "mark declined": "their own act",
    "mark blocked": "a requester's act, with a reason that the worker reads",
    "mark requester": "an admin's act",
    "mark suspended": "an admin's act",
    "mark withholding": "an admin's act, by law",
    "mark answered": "counts",
    "mark spared": "an admin's act",
}


MIN_PEOPLE_FOR_QUANTILE = 5  # with fewer people a median would reveal one person's figure


def quantile(values: Iterable[int], share: float) -> int | None:
    """Return the smallest value that at least this share of the values do not exceed; None for too few people."""
    sorted_values = sorted(values)
    if len(sorted_values) < MIN_PEOPLE_FOR_QUANTILE:
        return None
    return sorted_values[max(0, -(-int(share * 1000) * len(sorted_values) // 1000) - 1)]


def count_reaching(values: Iterable[int], bounds: Sequence[int]) -> list[int]:
    """Return how many values reach each bound."""
    counted_values = list(values)
    return [sum(value >= bound for value in counted_values) for bound in bounds]


def count_by_steps(values: Iterable[int], steps: Sequence[int]) -> list[int]:
    """Return how many values lie below the first step, from one step to the next, and from the last step on."""
    counts = [0] * (len(steps) + 1)
    for value in values:
        counts[sum(value >= step for step in steps)] += 1
    return counts


class Quarter(NamedTuple):
    year: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def bounds(self) -> tuple[Moment, Moment]:
        """Return the quarter's first moment and the first moment of the next quarter."""
        first_month, last_month = (f"{self.year}-{month:02}" for month in (3 * self.number - 2, 3 * self.number))
        return get_period_bounds(first_month)[0], get_period_bounds(last_month)[1]


def quarter_of(moment: Moment) -> Quarter:
    day = as_datetime(moment)
    return Quarter(day.year, (day.month + 2) // 3)


def quarters(first_moment: Moment, last_moment: Moment) -> list[Quarter]:
    """Return all quarters from that of `first_moment` to that of `last_moment`."""
    list_of_quarters = [quarter_of(first_moment)]
    while list_of_quarters[-1] < quarter_of(last_moment):
        year, number = list_of_quarters[-1]
        list_of_quarters.append(Quarter(year, number + 1) if number < 4 else Quarter(year + 1, 1))
    return list_of_quarters


class RestrictionRow(NamedTuple):
    state: str
    by_human: bool
    lapsed: bool
    appeal: str | None
    imposed_at: Moment
    decided_at: Moment | None


@dataclass(frozen=True, slots=True)
class RestrictionFigures:
    """Restrictions imposed in a quarter by their fate: `lifted` by a human, `lapsed` without one, `granted` to an
    appeal by silence, `faded` with their evidence, `waiting` for a human. `hours`: the median until a human decided,
    None without any."""

    imposed: int
    confirmed: int
    lifted: int
    lapsed: int
    granted: int
    faded: int
    waiting: int
    appealed: int
    hours: float | None


def count_restrictions(rows: Iterable[RestrictionRow]) -> RestrictionFigures:
    fates = Counter[str]()
    appealed, took = 0, list[int]()
    for row in rows:
        fates[_restriction_fate(row)] += 1
        appealed += row.appeal is not None
        if row.by_human and row.decided_at is not None:
            took.append(row.decided_at - row.imposed_at)
    hours = round(median(took) / HOUR, 1) if took else None
    fate = {name: fates[name] for name in ("confirmed", "lifted", "lapsed", "granted", "faded", "waiting")}
    return RestrictionFigures(imposed=sum(fates.values()), appealed=appealed, hours=hours, **fate)


def _restriction_fate(row: RestrictionRow) -> str:
    if row.lapsed:
        return "lapsed"
    if row.state == "lifted":
        return "lifted" if row.by_human else "granted" if row.appeal == "granted" else "faded"
    return "confirmed" if row.by_human else "waiting" if row.state == "standing" else "faded"


@dataclass(frozen=True, slots=True)
class AutomatedMovement:
    """Transfers of one kind and currency: their number and sum, in millionths."""

    kind: str
    currency: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One quarter. `measures`: soft measures that began, by kind, and how many a human ended (`spared`). `pauses`:
    projects stopped by a machine, resumed by a machine, resumed or ended by a human. `gold`: check questions set aside
    by a machine, overturned and kept. `appeals`: opened, won, lost, decided by an admin."""

    quarter: str
    answers: int
    workers: int
    restrictions: RestrictionFigures
    measures: dict[str, int]
    pauses: dict[str, int]
    gold: dict[str, int]
    appeals: dict[str, int]
    complaints: ComplaintFigures
    pay: tuple[AutomatedMovement, ...]


@dataclass(frozen=True, slots=True)
class AutomatedSystems(Message):
    """The register's first page; `touched`: how many decisions touched the reader lately."""

    touched: int


@dataclass(frozen=True, slots=True)
class AutomatedDecision(Message):
    """One decision of the register, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class TouchingRestriction:
    """`may_object` with one press; `lapsed`: no human confirmed it; `words`: an admin's reason to let it stand."""

    of: KnownRestriction
    cause: Evidence
    may_object: bool
    lapsed: bool
    words: str


@dataclass(frozen=True, slots=True)
class TouchingMeasure:
    """`kind`: later, checks or held; `ended_at` None: it goes on."""

    project: int
    title: str
    kind: str
    since: Moment
    ended_at: Moment | None


@dataclass(frozen=True, slots=True)
class TouchingTopup:
    """A top-up of a project's pay; `number` is its operation's."""

    number: int
    project: int
    title: str
    amount: Millionths
    currency: str
    at: Moment


@dataclass(frozen=True, slots=True)
class Touched(Message):
    """Recent automated decisions about the reading worker, of the last `days`, the newest first of each kind."""

    days: int
    restrictions: tuple[TouchingRestriction, ...]
    measures: tuple[TouchingMeasure, ...]
    topups: tuple[TouchingTopup, ...]


@dataclass(frozen=True, slots=True)
class DecisionFigures:
    """`active` in the last days, for each number of `DAYS`; `paid` count who ever earned each of `PAID` or more.

    `month` (earned in 30 days) and `hour` (pay for an hour of answering) are a median and a lowest tenth, None where
    so few people could be identified; `spread` counts people between `STEPS`.
    """

    registered: int
    active: tuple[int, ...]
    paid: tuple[int, ...]
    month: tuple[Millionths | None, Millionths | None]
    hour: tuple[Millionths | None, Millionths | None]
    spread: tuple[int, ...]
    books: tuple[Holdings, ...]
    complaints: ComplaintFigures = NO_COMPLAINTS


@dataclass(frozen=True, slots=True)
class PlatformFigures(Message):
    """Public figures as of `at`; `days`, `bounds` and `steps` (units of `currency`) are what the figures refer to.

    `hash` seals the ledger after `position` operations."""

    currency: str
    at: Moment
    days: tuple[int, ...]
    bounds: tuple[int, ...]
    steps: tuple[int, ...]
    figures: DecisionFigures
    position: int
    hash: str
