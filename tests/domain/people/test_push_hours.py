"""Hours of a wall clock: past midnight, on some days, in the two nights in which the clock is changed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.moments import HOUR, NEVER, Moment, later
from domain.people.settings import USUAL, Hours, PushWindow, day_bounds, find_push_hours, push_window

PARIS = ZoneInfo("Europe/Paris")
WEEKDAYS = 0b0011111
# Paris goes from 2:00 to 3:00 on 29 March 2026, and back from 3:00 to 2:00 on 25 October.


def at(text: str, fold: int = 0) -> Moment:
    """“10-24 21:00” on the wall in Paris."""
    return Moment(int(datetime.fromisoformat(f"2026-{text}").replace(tzinfo=PARIS, fold=fold).timestamp() * 1000))


@pytest.mark.parametrize(
    ("hours", "now", "opens", "closes"),
    [
        (USUAL, "10-20 21:59", "10-20 08:00", "10-20 22:00"),
        (USUAL, "10-20 22:00", "10-21 08:00", "10-21 22:00"),
        (Hours(WEEKDAYS, 9, 18), "10-23 18:00", "10-26 09:00", "10-26 18:00"),
        (Hours(0b0010000, 22, 6), "10-24 05:00", "10-23 22:00", "10-24 06:00"),  # Friday's night ends on Saturday
        (Hours(0b0010000, 22, 6), "10-24 06:00", "10-30 22:00", "10-31 06:00"),
        (Hours(0b1000000, 0, 0), "10-20 12:00", "10-25 00:00", "10-26 00:00"),
    ],
)
def test_hours_are_those_of_the_wall(hours: Hours, now: str, opens: str, closes: str):
    assert find_push_hours(hours, PARIS, at(now)) == (at(opens), at(closes))


@pytest.mark.parametrize(("night", "rest"), [("03-28", 9), ("10-24", 11), ("10-20", 10)])
def test_a_night_ends_at_eight_however_long_it_was(night: str, rest: int):
    evening = at(f"{night} 22:00")
    assert push_window(USUAL, PARIS, evening, NEVER) == PushWindow(False, later(evening, rest * HOUR))


def test_an_hour_the_clock_skips_is_the_moment_it_jumps():
    midnight = at("03-29 00:00")
    assert find_push_hours(Hours(127, 2, 5), PARIS, midnight) == (later(midnight, 2 * HOUR), at("03-29 05:00"))
    assert find_push_hours(Hours(127, 0, 2), PARIS, midnight) == (midnight, later(midnight, 2 * HOUR))
    assert find_push_hours(Hours(127, 2, 3), PARIS, midnight) == (
        at("03-30 02:00"),
        at("03-30 03:00"),
    )  # no such hour today


def test_of_an_hour_that_comes_twice_the_first_counts():
    midnight = at("10-25 00:00")
    assert find_push_hours(Hours(127, 0, 2), PARIS, midnight) == (midnight, later(midnight, 2 * HOUR))
    assert find_push_hours(Hours(127, 2, 3), PARIS, at("10-25 02:30", fold=1)) == (
        later(midnight, 2 * HOUR),
        later(midnight, 4 * HOUR),
    )
    first, after = day_bounds(PARIS, at("10-25 12:00"))
    assert after - first == 25 * HOUR


def test_a_pace_that_ends_at_night_waits_for_the_morning():
    now = at("10-20 21:30")
    assert push_window(USUAL, PARIS, now, later(now, HOUR)) == PushWindow(False, at("10-21 08:00"))
    assert push_window(USUAL, PARIS, at("10-20 09:00"), at("10-20 09:15")) == PushWindow(False, at("10-20 09:15"))


def test_who_asks_at_night_is_up_unless_they_chose_their_hours():
    now = at("10-20 23:00")
    assert push_window(USUAL, PARIS, now, NEVER, just_acted=True) == PushWindow(True, later(now, HOUR))
    assert push_window(Hours(127, 9, 18), PARIS, now, NEVER, just_acted=True) == PushWindow(False, at("10-21 09:00"))
    assert push_window(USUAL, PARIS, now, at("10-21 00:00"), just_acted=True) == PushWindow(False, at("10-21 08:00"))
