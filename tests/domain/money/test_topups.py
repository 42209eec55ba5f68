"""The measured pace of a window of submissions, and workers who cannot move it."""

from random import Random

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.topups import (
    WINDOW_ANSWERS,
    AnswerTime,
    EarlierWork,
    WorkerRelation,
    expected_milliseconds,
    floor_shortfall,
    max_at_work,
    measure_pace,
    measure_paces,
    reserve_each,
)
from domain.people.accounts import PersonId
from domain.work.assignments import time_taken

FLOOR = Millionths(12_880_000)
EXPECTED = 8_000


def times(*of_workers: tuple[int, ...]) -> list[AnswerTime]:
    """One tuple of milliseconds a worker."""
    return [AnswerTime(PersonId(worker), ms) for worker, found in enumerate(of_workers, 1) for ms in found]


def test_the_pace_is_the_median_of_the_workers_medians():
    assert (
        measure_pace(times((7_000, 9_000, 90_000), (10_000,), (30_000, 11_000, 12_000)), EXPECTED).milliseconds
        == 10_000
    )


def test_one_stalling_worker_of_five_does_not_change_the_pace():
    honest = [(7_000, 8_000, 9_000, 8_000, 8_000)] * 4
    calm = measure_pace(times(*honest, (8_000,) * 5), EXPECTED)
    stalled = measure_pace(times(*honest, (600_000,) * 5), EXPECTED)
    assert stalled == calm
    assert floor_shortfall(Millionths(50_000), FLOOR, stalled.milliseconds) == 0


def test_a_stalling_worker_with_most_answers_has_one_voice():
    honest = [(8_000,)] * 4
    assert measure_pace(times(*honest, (600_000,) * 21), EXPECTED).milliseconds == 8_000


def test_one_stalling_worker_of_two_does_not_change_the_pace():
    assert measure_pace(times((8_000,) * 12, (600_000,) * 13), EXPECTED).milliseconds == 8_000


def test_single_worker_counts_up_to_the_reserve_factor():
    assert measure_pace(times((11_000,) * WINDOW_ANSWERS), EXPECTED).milliseconds == 11_000
    assert measure_pace(times((600_000,) * WINDOW_ANSWERS), EXPECTED).milliseconds == 12_000


def test_hasty_workers_do_not_lower_the_pace_of_others():
    assert (
        measure_pace(times((100,) * 20, (20_000, 21_000), (20_000, 22_000), (19_000,)), EXPECTED).milliseconds == 20_000
    )


def seen(
    standing: WorkerRelation, *of_workers: int, first: int = 1, pushed: bool = False, worked: int = 0
) -> list[AnswerTime]:
    """One answer a worker."""
    return [AnswerTime(PersonId(worker), ms, pushed, worked, standing) for worker, ms in enumerate(of_workers, first)]


def test_a_requesters_own_quick_accounts_do_not_lower_the_pace():
    honest = seen(WorkerRelation.STRANGER, *(120_000,) * 4)
    for standing in (WorkerRelation.UNKNOWN, WorkerRelation.RELATED):
        assert measure_pace([*honest, *seen(standing, *(1_000,) * 96, first=10)], 3_000, 3_000).milliseconds == 120_000
    unknown = seen(
        WorkerRelation.UNKNOWN, *(120_000,) * 4
    )  # where nobody works for others: as long as they are a quarter
    assert (
        measure_pace([*unknown, *seen(WorkerRelation.UNKNOWN, *(1_000,) * 9, first=10)], 3_000, 3_000).milliseconds
        == 120_000
    )
    assert (
        measure_pace([*unknown, *seen(WorkerRelation.RELATED, *(1_000,) * 96, first=10)], 3_000, 3_000).milliseconds
        == 120_000
    )
    only_own = measure_pace(seen(WorkerRelation.RELATED, *(1_000,) * 25), 3_000, 3_000)
    assert only_own.milliseconds == 3_000  # thin evidence leads no lower than the estimate


def test_strangers_who_are_quick_may_undercut_the_estimate():
    assert measure_pace(seen(WorkerRelation.STRANGER, *(2_000,) * 5), 3_000, 3_000).milliseconds == 2_000
    assert measure_pace(seen(WorkerRelation.STRANGER, *(2_000,) * 4), 3_000, 3_000).milliseconds == 3_000


def test_waiting_time_of_pushed_tasks_is_not_work():
    waited = seen(
        WorkerRelation.UNKNOWN, *(40_000 + 35_000 * n for n in range(10)), first=10, pushed=True, worked=5_000
    )
    measured = seen(WorkerRelation.STRANGER, 8_000, 9_000, 9_000)
    assert measure_pace([*waited, *measured], EXPECTED).milliseconds == 9_000
    assert measure_pace(waited, 5_000, 5_000).milliseconds == 5_000  # they spread as waiting does: the estimate counts
    assert measure_pace(waited[:1], 3_000, 3_000).milliseconds == 4_500  # somebody alone, whose press was seen


def test_pushed_answers_that_all_take_long_are_measured():
    """Before, 101 answers of 120 s to tasks that came unasked were paid 0.33 an hour."""
    dice = Random(7)
    together = [round(120_000 * dice.uniform(0.9, 1.1)) for _ in range(101)]
    assert (
        measure_pace(seen(WorkerRelation.UNKNOWN, *together, pushed=True, worked=3_000), 3_000, 3_000).milliseconds
        > 118_000
    )
    late = [round(120_000 + dice.expovariate(1 / 300_000)) for _ in range(101)]
    assert (
        measure_pace(seen(WorkerRelation.UNKNOWN, *late, pushed=True, worked=3_000), 3_000, 3_000).milliseconds
        > 100_000
    )
    in_pockets = [round(3_000 + dice.expovariate(1 / 300_000)) for _ in range(101)]
    assert (
        measure_pace(seen(WorkerRelation.UNKNOWN, *in_pockets, pushed=True, worked=3_000), 3_000, 3_000).milliseconds
        == 3_000
    )


def test_max_at_work_limits_the_first_answers():
    assert [max_at_work(answers, pushed=False) for answers in (1, 100, 300, 3_000)] == [10, 10, 10, 100]
    assert [max_at_work(answers, pushed=True) for answers in (1, 100, 300, 3_000)] == [5, 5, 10, 100]


def test_the_shortfall_lifts_exactly_to_the_floor():
    assert floor_shortfall(Millionths(50_000), FLOOR, 13_975) == 0
    assert floor_shortfall(Millionths(50_000), FLOOR, 20_000) == 21_556  # 71,555.6 needed, and nobody is paid less
    assert floor_shortfall(Millionths(50_000), Millionths(0), 10**9) == 0


@pytest.mark.parametrize(("pay", "seconds", "held"), [(50_000, 9.3, 0), (50_000, 10, 3_700), (36_000, 10, 17_700)])
def test_reserve_covers_half_as_long_again(pay: int, seconds: float, held: int):
    assert reserve_each(Millionths(pay), FLOOR, seconds) == held


def test_last_answers_are_measured_by_worker_up_to_the_factor():
    assert measure_paces(times((8_000,), (9_000, 10_000, 11_000), (600_000,)), EXPECTED) == {
        1: 8_000,
        2: 10_000,
        3: 15_000,
    }
    assert measure_paces(times((8_000,), (600_000,)), EXPECTED) == {1: 8_000, 2: 12_000}
    assert measure_paces(times((600_000,)), EXPECTED) == {1: 12_000}
    waited = [AnswerTime(PersonId(9), 400_000, pushed=True)]
    assert measure_paces([*waited, *times((8_000,), (9_000,))], EXPECTED) == {9: 8_000, 1: 8_000, 2: 9_000}
    assert measure_paces([], EXPECTED) == {}
    assert measure_paces(times((8_000,), (9_000,)), EXPECTED, [PersonId(7)]) == {1: 8_000, 2: 9_000, 7: 8_000}


def small(base: int, *of_workers: tuple[int, ...]) -> EarlierWork:
    return EarlierWork(base, times(*of_workers))


def test_expected_time_follows_the_requesters_earlier_work():
    ten = [small(3_000, (60_000,) * 2, (66_000,) * 2, (3_000,) * 1) for _ in range(10)]
    assert expected_milliseconds(3_000, ten) == 60_000
    assert expected_milliseconds(6_000, ten) == 60_000  # no longer than it took, however long it is said to take
    assert expected_milliseconds(70_000, ten) == 70_000
    assert expected_milliseconds(300, ten) == 6_000
    assert expected_milliseconds(3_000, ten[:4]) == 3_000  # 20 answers say nothing yet


def test_earlier_work_of_a_single_worker_counts_up_to_the_factor():
    assert expected_milliseconds(3_000, [small(3_000, (60_000,) * 25)]) == 4_500


def test_quick_earlier_work_does_not_lower_the_expected_time():
    assert expected_milliseconds(3_000, [small(3_000, (500,) * 15, (500,) * 15)]) == 3_000


def test_late_time_is_work_up_to_an_hour():
    assert time_taken(Moment(0), Moment(60_000), Moment(600_000)) == 600_000
    assert time_taken(Moment(0), Moment(60_000), Moment(10 * 3_600_000)) == 3_600_000
    assert time_taken(Moment(0), Moment(2 * 3_600_000), Moment(10 * 3_600_000)) == 2 * 3_600_000
