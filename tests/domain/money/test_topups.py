"""The measured pace of a window of submissions, and workers who cannot move it."""

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.topups import WINDOW, Time, Work, learned, pace, paces, reserve_each, shortfall
from domain.people.people import PersonId
from domain.work.submissions import time_taken

FLOOR = Millionths(12_880_000)
EXPECTED = 8_000


def times(*of_workers: tuple[int, ...]) -> list[Time]:
    """One tuple of milliseconds a worker."""
    return [Time(PersonId(worker), ms) for worker, found in enumerate(of_workers, 1) for ms in found]


def test_the_pace_is_the_median_of_the_workers_medians():
    assert pace(times((7_000, 9_000, 90_000), (10_000,), (30_000, 11_000, 12_000)), EXPECTED).milliseconds == 10_000


def test_one_of_five_who_stalls_up_to_the_deadline_changes_nothing():
    honest = [(7_000, 8_000, 9_000, 8_000, 8_000)] * 4
    calm = pace(times(*honest, (8_000,) * 5), EXPECTED)
    stalled = pace(times(*honest, (600_000,) * 5), EXPECTED)
    assert stalled == calm
    assert shortfall(Millionths(50_000), FLOOR, stalled.milliseconds) == 0


def test_whoever_stalls_and_answers_most_has_one_voice_all_the_same():
    honest = [(8_000,)] * 4
    assert pace(times(*honest, (600_000,) * 21), EXPECTED).milliseconds == 8_000


def test_one_of_two_cannot_stall_either():
    assert pace(times((8_000,) * 12, (600_000,) * 13), EXPECTED).milliseconds == 8_000


def test_somebody_alone_is_believed_up_to_what_was_held():
    assert pace(times((11_000,) * WINDOW), EXPECTED).milliseconds == 11_000
    assert pace(times((600_000,) * WINDOW), EXPECTED).milliseconds == 12_000


def test_hasty_ones_do_not_hide_that_the_others_need_longer():
    assert pace(times((100,) * 20, (20_000, 21_000), (20_000, 22_000), (19_000,)), EXPECTED).milliseconds == 19_000


def test_time_in_which_a_task_lay_unasked_is_nobodys():
    waited = [Time(PersonId(worker), 400_000, pushed=True) for worker in range(10, 20)]
    assert pace([*waited, *times((8_000,), (9_000,), (9_000,))], EXPECTED).milliseconds == 9_000
    assert pace(waited, EXPECTED) is None


def test_the_shortfall_lifts_exactly_to_the_floor():
    assert shortfall(Millionths(50_000), FLOOR, 13_975) == 0
    assert shortfall(Millionths(50_000), FLOOR, 20_000) == 21_556  # 71,555.6 needed, and nobody is paid less
    assert shortfall(Millionths(50_000), Millionths(0), 10**9) == 0


@pytest.mark.parametrize(("pay", "seconds", "held"), [(50_000, 9.3, 0), (50_000, 10, 3_700), (36_000, 10, 17_700)])
def test_what_half_as_long_again_would_need_is_held(pay: int, seconds: float, held: int):
    assert reserve_each(Millionths(pay), FLOOR, seconds) == held


def test_the_last_answers_are_each_workers_own_up_to_half_as_long_again_as_usual():
    assert paces(times((8_000,), (9_000, 10_000, 11_000), (600_000,)), EXPECTED) == {1: 8_000, 2: 10_000, 3: 15_000}
    assert paces(times((8_000,), (600_000,)), EXPECTED) == {1: 8_000, 2: 12_000}
    assert paces(times((600_000,)), EXPECTED) == {1: 12_000}
    waited = [Time(PersonId(9), 400_000, pushed=True)]
    assert paces([*waited, *times((8_000,), (9_000,))], EXPECTED) == {9: 8_000, 1: 8_000, 2: 9_000}
    assert paces(waited, EXPECTED) == {}
    assert paces(times((8_000,), (9_000,)), EXPECTED, [PersonId(7)]) == {1: 8_000, 2: 9_000, 7: 8_000}


def small(base: int, *of_workers: tuple[int, ...]) -> Work:
    return Work(base, times(*of_workers))


def test_a_launch_expects_what_the_same_requesters_work_took_in_whatever_project():
    ten = [small(3_000, (60_000,) * 2, (66_000,) * 2, (3_000,) * 1) for _ in range(10)]
    assert learned(3_000, ten) == 60_000
    assert learned(6_000, ten) == 60_000  # no longer than it took, however long it is said to take
    assert learned(70_000, ten) == 70_000
    assert learned(300, ten) == 6_000
    assert learned(3_000, ten[:4]) == 3_000  # 20 answers say nothing yet


def test_somebody_alone_is_believed_up_to_half_as_long_again():
    assert learned(3_000, [small(3_000, (60_000,) * 25)]) == 4_500


def test_quick_work_lowers_nothing():
    assert learned(3_000, [small(3_000, (500,) * 15, (500,) * 15)]) == 3_000


def test_late_time_is_work_up_to_an_hour():
    assert time_taken(Moment(0), Moment(60_000), Moment(600_000)) == 600_000
    assert time_taken(Moment(0), Moment(60_000), Moment(10 * 3_600_000)) == 3_600_000
    assert time_taken(Moment(0), Moment(2 * 3_600_000), Moment(10 * 3_600_000)) == 2 * 3_600_000
