"""A worker's preferences: days and hours of pushes, pace, daily goal, kinds of tasks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from domain.answers import Wants, kind_of
from domain.moments import MINUTE, NEVER, Moment
from domain.money.amounts import UNIT, Millionths
from domain.people.push_hours import EVERY_DAY, USUAL, Hours
from domain.refusals import LastChoice, UnknownChoice

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
