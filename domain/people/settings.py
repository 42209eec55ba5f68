"""Push hours: days and hours by the worker's local time, and the pace.

Hours are what a clock on the wall shows, summer and winter. An hour the clock skips in spring is the moment it
jumps; of an hour that comes twice in autumn the first counts.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.answers import kind_of
from domain.handing_in import Wants
from domain.messages import Message
from domain.moments import MINUTE, NEVER, Moment, as_datetime, later
from domain.money.amounts import UNIT, Millionths
from domain.refusals import LastChoice, UnknownChoice

EVERY_DAY = 0b1111111
AWAKE = 60 * MINUTE  # a worker who has just asked for a task is awake


@dataclass(frozen=True, slots=True)
class Hours:
    """Push hours: bit 0 of `days` is Monday; from `begin` to `end` o'clock, into the next day if `end` is not later.
    Both 0: round the clock."""

    days: int
    begin: int
    end: int


USUAL = Hours(EVERY_DAY, 8, 22)


@dataclass(frozen=True, slots=True)
class PushWindow:
    """A period in which pushes may come (`waits`) or may not, until the moment at which it ends."""

    waits: bool
    until: Moment


@dataclass(frozen=True, slots=True)
class QuietUntil:
    """The moment before which no push comes, as read at the moment `at` by the clock of `zone`."""

    until: Moment
    at: Moment
    zone: str


def push_window(hours: Hours, zone: tzinfo, now: Moment, not_before: Moment, just_acted: bool = False) -> PushWindow:
    """Return the push window at `now`. `not_before` comes from the pace or a reached goal; a worker who has
    `just_acted` is awake for an hour outside the usual hours, too."""
    opens, closes = find_push_hours(hours, zone, Moment(max(now, not_before)))
    begins = Moment(max(opens, not_before))
    awake = later(now, AWAKE) if just_acted and hours == USUAL and not_before <= now else now
    if begins <= now:
        return PushWindow(True, Moment(max(closes, awake)))
    return PushWindow(True, awake) if awake > now else PushWindow(False, begins)


def find_push_hours(hours: Hours, zone: tzinfo, moment: Moment) -> tuple[Moment, Moment]:
    """Return start and end of the push hours that contain the moment, or of the next ones. Raise ValueError if no day
    of the week is allowed."""
    today = _local(zone, moment).date()
    lasts = timedelta(days=int(hours.end <= hours.begin))
    for ahead in range(-1, 9):
        day = today + timedelta(days=ahead)
        opens, closes = _moment(zone, day, hours.begin), _moment(zone, day + lasts, hours.end)
        if hours.days >> day.weekday() & 1 and moment < closes and opens < closes:
            return opens, closes
    raise ValueError(f"no day in {hours}")


def day_bounds(zone: tzinfo, moment: Moment) -> tuple[Moment, Moment]:
    """Return the first moment of this calendar day, and that of the next."""
    today = _local(zone, moment).date()
    return _moment(zone, today, 0), _moment(zone, today + timedelta(days=1), 0)


def next_clock_hour(zone: tzinfo, hour: int, now: Moment) -> Moment:
    """Return the next moment at which a clock in the zone shows this hour."""
    today = _local(zone, now).date()
    coming = (_moment(zone, today + timedelta(days=ahead), hour) for ahead in range(3))
    return next(moment for moment in coming if moment > now)


def _local(zone: tzinfo, moment: Moment) -> datetime:
    return as_datetime(moment).astimezone(zone)


def _moment(zone: tzinfo, day: date, hour: int) -> Moment:
    return Moment(int(datetime.combine(day, time(hour), zone).timestamp()) * 1000)


@dataclass(frozen=True, slots=True)
class SettingsPage(Message):
    """One page of /settings: `main`, `when`, `zone`, `pace`, `goal`, `tasks`, `session` or `board`.

    `zones` are offered on the page of zones, of the `region` or, where it is empty, of what was searched for. `days`
    begin on Monday; `begin` and `end` are hours of the day in `zone`; `gap` is in minutes; `tasks` and `earned` are
    today's; `in_place`: a task takes the message of the one before it; `board_hour` that of the board's digest, -1 for
    none;
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
    in_place: bool = True
    board_hour: int = -1
    contacts: bool = True
    country: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountryWanted(Message):
    """Question in which country a worker lives, asked once; `suggested` are codes of countries."""

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
    """A worker's preferences.

    Empty `zone` and `languages` are the defaults of the worker's language. A goal of 0 is none; `reached_on` is the
    first moment of the day on which it was announced. `in_place`: the message of an answered task becomes the next one.
    `board_hour` is that of the board's digest, `digest_at` when the next one is due; `contacts`: they exchange contacts
    with other workers. `country`: two letters, empty if never asked, UNTOLD if asked and not answered."""

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
    in_place: bool = True
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
        """Return whether the worker takes every way of answering that this kind of task needs."""
        return not any(_way_name(way) in self.unwanted for way in kind_of(kind).list_inputs(options))

    def is_reached(self, tasks: int, earned: int) -> bool:
        by_tasks = 0 < self.goal_tasks <= tasks
        return by_tasks or 0 < self.goal_money <= earned


def way_of_kind(kind: str) -> str:
    return _way_name(kind_of(kind).wants)


def _way_name(wants: Wants) -> str:
    return str(Wants.PRESS if wants is Wants.PRESSES else wants)


def apply_choice(old: Preferences, what: str, value: str) -> Preferences:
    """Return the preferences after one press. `value` comes from a client: raise UnknownChoice if it is impossible,
    LastChoice if it would remove the last day or way."""
    if what not in CHANGES:
        raise UnknownChoice()
    return CHANGES[what](old, value)


def toggle_language(old: Preferences, value: str, languages: Iterable[str]) -> Preferences:
    """Return the preferences with one language ticked or unticked; with none ticked, tasks come in the language of the
    chat. Raise UnknownChoice for a language that is not offered."""
    return replace(old, languages=_toggle(old.languages, value, tuple(languages), min_chosen=0))


def _day(old: Preferences, value: str) -> Preferences:
    days = old.days ^ (1 << _number(value, range(7)))
    if not days:
        raise LastChoice()
    return replace(old, days=days)


def _shift(old: Preferences, value: str) -> Preferences:
    begin, end = SHIFTS[_number(value, range(len(SHIFTS)))]
    return replace(old, begin_hour=begin, end_hour=end)


def _begin(old: Preferences, value: str) -> Preferences:
    return _join_ends(replace(old, begin_hour=_number(value, range(24))))


def _end(old: Preferences, value: str) -> Preferences:
    return _join_ends(replace(old, end_hour=_number(value, range(24))))


def _join_ends(new: Preferences) -> Preferences:
    """Return the preferences with equal hours, as from eight to eight, as round the clock."""
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
    """Return the preferences with this hour of the board's digest; 24 is none."""
    hour = _number(value, (*BOARD_HOURS, 24))
    return replace(old, board_hour=NO_HOUR if hour == 24 else hour)


def _contacts(old: Preferences, value: str) -> Preferences:
    return replace(old, contacts=bool(_number(value, (0, 1))))


def _way(old: Preferences, value: str) -> Preferences:
    ways = _toggle(tuple(way for way in WAYS if way not in old.unwanted), value, WAYS)
    return replace(old, unwanted=tuple(way for way in WAYS if way not in ways))


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


def _toggle(chosen: tuple[str, ...], value: str, choices: tuple[str, ...], min_chosen: int = 1) -> tuple[str, ...]:
    """Return the chosen values with `value` added or taken out, in the order of `choices`. Raise UnknownChoice if it is
    not among them, LastChoice if fewer than `min_chosen` would stay."""
    if value not in choices:
        raise UnknownChoice()
    after = tuple(choice for choice in choices if (choice in chosen) != (choice == value))
    if len(after) < min_chosen:
        raise LastChoice()
    return after


def _number(value: str, allowed: range | tuple[int, ...]) -> int:
    """Return the allowed number that the text gives. Raise UnknownChoice for anything else."""
    if not value.isascii() or not value.isdigit() or int(value) not in allowed:
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


def find_zone(name: str) -> tzinfo | None:
    """Return the zone's rules from the tz database; None for an unknown name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def get_zone(name: str) -> tzinfo:
    """Return the rules of a zone; UTC for one that no longer exists."""
    return find_zone(name) or UTC
