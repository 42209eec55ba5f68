"""When a project will be done."""

from dataclasses import replace

import pytest

from domain.moments import DAY, HOUR, MINUTE, SECOND, Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.progress import WINDOW, Finish, count_answers_left, expected_finish, forecast_finish
from domain.projects.projects import CountedProgress
from tests.house import a_project

NOW = Moment(1_800_000_000_000)
STEADY = [Moment(NOW - 6 * SECOND * at) for at in range(1, 101)]  # ten a minute
COUNTED = CountedProgress(200, 60, 20, 220, 10, 8, 18, 20, Millionths(100_000_000), Millionths(0), Millionths(0), 4)


def test_a_hundred_steady_answers_give_a_fifth_either_way():
    assert expected_finish(400, STEADY, 4, NOW) == Finish(40 * MINUTE * 5 // 6, 40 * MINUTE * 6 // 5)


def test_few_answers_say_less_and_too_few_or_old_or_forsaken_ones_nothing():
    few = expected_finish(400, STEADY[:16], 4, NOW)
    assert few == Finish(40 * MINUTE * 2 // 3, 40 * MINUTE * 3 // 2)
    assert expected_finish(400, STEADY[:9], 4, NOW) is None
    assert expected_finish(400, STEADY, 4, Moment(NOW + WINDOW)) is None
    assert expected_finish(400, STEADY, 0, Moment(NOW + HOUR)) is None
    assert expected_finish(0, STEADY, 4, NOW) is None


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, 440),  # 200 of 3 each less 200, and a tenth of gold beside them
        ({"confidence": 0.9, "max_overlap": 5}, 513),  # those that are closed took three and a third
    ],
)
def test_what_is_left_is_what_open_tasks_take(changes: dict[str, object], left: int):
    project = a_project(PersonId(1), NOW, **changes)
    assert count_answers_left(project, COUNTED) == left
    assert count_answers_left(project, replace(COUNTED, held=Millionths(10 * project.cost_each))) == 10


def test_a_plan_is_done_in_the_hours_at_which_people_have_worked():
    ten = Moment(1_700_000_000_000 // DAY * DAY + 10 * HOUR)  # an hour of work each morning, from nine to ten
    week = [(Moment(ten - day * DAY - minute * MINUTE), 6 * MINUTE) for day in range(7) for minute in range(5, 55, 5)]
    found = forecast_finish(90 * MINUTE, week, 0, ten)
    assert found is not None
    assert found.soonest == found.latest
    assert 47 * HOUR < found.soonest < 48 * HOUR  # an hour tomorrow, the rest in that of the day after
    shared = forecast_finish(90 * MINUTE, week, 1, ten)
    assert shared is not None
    assert shared.soonest == found.soonest
    assert 71 * HOUR < shared.latest < 72 * HOUR
    assert forecast_finish(90 * MINUTE, week[:9], 0, ten) is None  # too few
    assert forecast_finish(1_000 * HOUR, week, 0, ten) is None  # too far
    assert forecast_finish(90 * MINUTE, week, 0, Moment(ten + 8 * DAY)) is None  # too long ago


def test_on_its_first_day_a_house_is_taken_to_work_on_at_the_same_rate():
    """Ten minutes of work within the last hour are no one hour of the day in which alone anybody works."""
    new = [(Moment(NOW - 2 * MINUTE * at), MINUTE) for at in range(1, 11)]
    assert forecast_finish(30 * MINUTE, new, 0, NOW) == Finish(3 * HOUR, 3 * HOUR)
    assert forecast_finish(30 * MINUTE, new, 1, NOW) == Finish(3 * HOUR, 6 * HOUR)
