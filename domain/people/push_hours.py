"""Push hours: days and hours by the worker's local time, and the pace.

Hours are what a clock on the wall shows, summer and winter. An hour the clock skips in spring is the moment it
jumps; of an hour that comes twice in autumn the first counts.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from domain.moments import MINUTE, Moment, as_datetime, later

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
