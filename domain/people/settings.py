"""Push hours: days and hours by the worker's local time, and the pace.

Hours are what a clock on the wall shows, summer and winter. An hour the clock skips in spring is the moment it
jumps; of an hour that comes twice in autumn the first counts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import (
    UTC,
    date,
    datetime,
    time,
    timedelta,
    tzinfo,
)
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.answers import kind_of
from domain.handing_in import Wants
from domain.messages import Message
from domain.moments import (
    MINUTE,
    NEVER,
    Moment,
    as_datetime,
    later,
)
from domain.money.amounts import UNIT, Millionths
from domain.refusals import LastChoice, UnknownChoice

EVERY_DAY = 0b1111111
AWAKE = 60 * MINUTE  # a worker who has just asked for a task is awake


@dataclass(frozen=True, slots=True)
class Hours:
    """Bit 0 of `days` is Monday; from `begin` to `end` o'clock, into the next day where `end` is not later. Both 0:
    round the clock."""

    days: int
    begin: int
    end: int


USUAL = Hours(EVERY_DAY, 8, 22)


@dataclass(frozen=True, slots=True)
class PushWindow:
    """Whether a push may come now, and the moment at which that ends: `waits` until then, or rests until then."""

    waits: bool
    until: Moment


@dataclass(frozen=True, slots=True)
class QuietUntil:
    """No push comes before `until`; said at the moment `at`, by the clock of `zone`."""

    until: Moment
    at: Moment
    zone: str


def turn(hours: Hours, zone: tzinfo, now: Moment, not_before: Moment, asked: bool = False) -> PushWindow:
    """`not_before` comes from the pace or a reached goal; `asked`: the worker has just acted."""
    opens, closes = stretch(hours, zone, Moment(max(now, not_before)))
    begins = Moment(max(opens, not_before))
    awake = later(now, AWAKE) if asked and hours == USUAL and not_before <= now else now
    if begins <= now:
        return PushWindow(True, Moment(max(closes, awake)))
    return PushWindow(True, awake) if awake > now else PushWindow(False, begins)


def stretch(hours: Hours, zone: tzinfo, at: Moment) -> tuple[Moment, Moment]:
    """Its first moment and the first after it: the one `at` lies in, else the next to come."""
    today = _local(zone, at).date()
    lasts = timedelta(days=int(hours.end <= hours.begin))
    for ahead in range(-1, 9):
        day = today + timedelta(days=ahead)
        opens, closes = _moment(zone, day, hours.begin), _moment(zone, day + lasts, hours.end)
        if hours.days >> day.weekday() & 1 and at < closes and opens < closes:
            return opens, closes
    raise ValueError(f"no day in {hours}")


def day_of(zone: tzinfo, at: Moment) -> tuple[Moment, Moment]:
    """The first moment of this calendar day, and that of the next."""
    today = _local(zone, at).date()
    return _moment(zone, today, 0), _moment(zone, today + timedelta(days=1), 0)


def next_at(zone: tzinfo, hour: int, now: Moment) -> Moment:
    """When a clock there shows this hour next."""
    today = _local(zone, now).date()
    coming = (_moment(zone, today + timedelta(days=ahead), hour) for ahead in range(3))
    return next(moment for moment in coming if moment > now)


def _local(zone: tzinfo, at: Moment) -> datetime:
    return as_datetime(at).astimezone(zone)


def _moment(zone: tzinfo, day: date, hour: int) -> Moment:
    return Moment(int(datetime.combine(day, time(hour), zone).timestamp()) * 1000)


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
class CountryWanted(Message):
    """Where a worker lives is asked for, once; `suggested` are countries' codes."""

    suggested: tuple[str, ...]


# How an answer is given, as workers see it: each kind of answer has one of these ways.
WAYS = tuple(str(wants) for wants in Wants if wants is not Wants.PRESSES)
GAPS = (0, 15, 60, 240)  # minutes from one push to the next
GOAL_TASKS = (10, 20, 50, 100)
GOAL_MONEY = (1, 2, 5, 10)  # in whole units of the currency
SHIFTS = ((8, 22), (9, 18), (18, 22), (0, 0))
NOTHING = Millionths(0)
NO_HOUR = -1
BOARD_HOURS = (8, 12, 18, 20)  # of the board's digest


@dataclass(frozen=True, slots=True)
class Preferences:
    """`zone` and `languages` empty: the defaults of the worker's language. A goal is 0 where there is none;
    `reached_on` is the day (its first moment) on which that was announced. `in_place`: session mode, in which the
    message of an answered task becomes the next one. `board_hour` is that of the board's digest, `digest_at` when
    the next one is due; `contacts`: they exchange contacts with other workers. `country`: two letters,
    empty where never asked, UNTOLD where asked and not told."""

    days: int = EVERY_DAY
    begin_hour: int = USUAL.begin
    end_hour: int = USUAL.end
    zone: str = ""
    gap: int = 0
    goal_tasks: int = 0
    goal_money: Millionths = NOTHING
    currency: str = ""
    unwanted: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    pushed_at: Moment = NEVER
    reached_on: Moment = NEVER
    in_place: bool = False
    board_hour: int = NO_HOUR
    digest_at: Moment = NEVER
    contacts: bool = True
    country: str = ""

    @property
    def hours(self) -> Hours:
        return Hours(self.days, self.begin_hour, self.end_hour)

    @property
    def has_goal(self) -> bool:
        return bool(self.goal_tasks or self.goal_money)

    @property
    def next_at_pace(self) -> Moment:
        return Moment(self.pushed_at + self.gap * MINUTE) if self.gap else NEVER

    def reads(self, language: str) -> tuple[str, ...]:
        return self.languages or (language,)

    def wants(self, kind: str, options: Sequence[str] = ()) -> bool:
        """Whether nothing on the way to such an answer is unwanted."""
        return not any(_named(way) in self.unwanted for way in kind_of(kind).ways(options))

    def is_reached(self, tasks: int, earned: int) -> bool:
        by_tasks = 0 < self.goal_tasks <= tasks
        return by_tasks or 0 < self.goal_money <= earned


def way_of(kind: str) -> str:
    return _named(kind_of(kind).wants)


def _named(wants: Wants) -> str:
    return str(Wants.PRESS if wants is Wants.PRESSES else wants)


def changed(old: Preferences, what: str, value: str) -> Preferences:
    """The preferences after one press; `value` comes from a client and may be anything."""
    if what not in CHANGES:
        raise UnknownChoice()
    return CHANGES[what](old, value)


def read_also(old: Preferences, value: str, known: Iterable[str]) -> Preferences:
    """One ticked language more or less. With none ticked, tasks come in the language of their chat."""
    return replace(old, languages=_toggled(old.languages, value, tuple(known), least=0))


def _day(old: Preferences, value: str) -> Preferences:
    days = old.days ^ (1 << _number(value, range(7)))
    if not days:
        raise LastChoice()
    return replace(old, days=days)


def _shift(old: Preferences, value: str) -> Preferences:
    begin, end = SHIFTS[_number(value, range(len(SHIFTS)))]
    return replace(old, begin_hour=begin, end_hour=end)


def _begin(old: Preferences, value: str) -> Preferences:
    return _round(replace(old, begin_hour=_number(value, range(24))))


def _end(old: Preferences, value: str) -> Preferences:
    return _round(replace(old, end_hour=_number(value, range(24))))


def _round(new: Preferences) -> Preferences:
    """From eight to eight is round the clock."""
    return replace(new, begin_hour=0, end_hour=0) if new.begin_hour == new.end_hour else new


def _gap(old: Preferences, value: str) -> Preferences:
    return replace(old, gap=_number(value, GAPS))


def _tasks(old: Preferences, value: str) -> Preferences:
    return replace(old, goal_tasks=_number(value, (0, *GOAL_TASKS)), goal_money=NOTHING, reached_on=NEVER)


def _money(old: Preferences, value: str) -> Preferences:
    amount = Millionths(_number(value, (0, *GOAL_MONEY)) * UNIT)
    return replace(old, goal_money=amount, goal_tasks=0, reached_on=NEVER)


def _in_place(old: Preferences, value: str) -> Preferences:
    return replace(old, in_place=bool(_number(value, (0, 1))))


def _board(old: Preferences, value: str) -> Preferences:
    """24 is none."""
    hour = _number(value, (*BOARD_HOURS, 24))
    return replace(old, board_hour=NO_HOUR if hour == 24 else hour)


def _contacts(old: Preferences, value: str) -> Preferences:
    return replace(old, contacts=bool(_number(value, (0, 1))))


def _way(old: Preferences, value: str) -> Preferences:
    wanted = _toggled(tuple(way for way in WAYS if way not in old.unwanted), value, WAYS)
    return replace(old, unwanted=tuple(way for way in WAYS if way not in wanted))


CHANGES: dict[str, Callable[[Preferences, str], Preferences]] = {
    "day": _day,
    "shift": _shift,
    "begin": _begin,
    "end": _end,
    "gap": _gap,
    "tasks": _tasks,
    "money": _money,
    "way": _way,
    "session": _in_place,
    "board": _board,
    "contacts": _contacts,
}


def _toggled(chosen: tuple[str, ...], value: str, known: tuple[str, ...], least: int = 1) -> tuple[str, ...]:
    """Return the chosen ones with `value` added or taken out, in the order of `known`. Raise LastChoice where fewer
    than `least` would stay."""
    if value not in known:
        raise UnknownChoice()
    after = tuple(each for each in known if (each in chosen) != (each == value))
    if len(after) < least:
        raise LastChoice()
    return after


def _number(value: str, known: range | tuple[int, ...]) -> int:
    if not value.isascii() or not value.isdigit() or int(value) not in known:
        raise UnknownChoice()
    return int(value)


REGIONS: dict[str, tuple[str, ...]] = {
    "europe": (
        "Atlantic/Reykjavik",
        "Europe/London",
        "Europe/Paris",
        "Europe/Athens",
        "Europe/Istanbul",
        "Europe/Moscow",
        "Asia/Tbilisi",
    ),
    "africa": (
        "Africa/Abidjan",
        "Africa/Casablanca",
        "Africa/Algiers",
        "Africa/Johannesburg",
        "Africa/Cairo",
        "Africa/Nairobi",
        "Indian/Antananarivo",
        "Indian/Reunion",
    ),
    "america": (
        "America/Los_Angeles",
        "America/Denver",
        "America/Mexico_City",
        "America/Chicago",
        "America/Bogota",
        "America/New_York",
        "America/Martinique",
        "America/Cayenne",
        "America/Sao_Paulo",
        "America/Argentina/Buenos_Aires",
    ),
    "asia": (
        "Asia/Beirut",
        "Asia/Riyadh",
        "Asia/Tehran",
        "Asia/Dubai",
        "Asia/Karachi",
        "Asia/Kolkata",
        "Asia/Dhaka",
        "Asia/Bangkok",
        "Asia/Manila",
        "Asia/Tokyo",
    ),
    "pacific": (
        "Australia/Perth",
        "Australia/Adelaide",
        "Australia/Sydney",
        "Pacific/Noumea",
        "Pacific/Auckland",
        "Pacific/Honolulu",
        "Pacific/Tahiti",
    ),
}


def region_of(zone: str) -> str:
    return next((region for region, zones in REGIONS.items() if zone in zones), "europe")


def zone_called(name: str) -> tzinfo | None:
    """Its rules, as the tz database has them; None for a name it does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def rules_of(name: str) -> tzinfo:
    """The rules of a zone; UTC for one that no longer exists."""
    return zone_called(name) or UTC
