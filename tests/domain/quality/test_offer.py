from math import log

import numpy as np
import pytest

from benchmarks.quality import policy
from benchmarks.quality.measures import calibration_error
from domain.quality.live import TaskState, WorkerModel, opened
from domain.quality.offer import best_task, information_on
from domain.quality.skill import Skill
from domain.quality.worth import stop_rule
from tests.domain.quality.crowds import simulated

COIN = WorkerModel(((log(0.9), log(0.1)), (log(0.1), log(0.9))), 0.0, 10, Skill(0.9, 10, 0.5))


def test_information_of_a_ninety_percent_coin_by_hand() -> None:
    expected = log(2) + 0.9 * log(0.9) + 0.1 * log(0.1)
    assert information_on(TaskState((0.0, 0.0)), COIN) == pytest.approx(expected)


def test_a_torn_task_comes_before_a_clear_one() -> None:
    clear, torn = TaskState((0.0, -3.0), 2), TaskState((0.0, -0.1), 2)
    assert best_task([clear, torn], COIN, stop_rule(0.99)) == 1
    assert best_task([torn, torn], COIN, stop_rule(0.99)) == 0


def test_closed_tasks_are_not_offered() -> None:
    assert best_task([TaskState((0.0, -9.0), 4)], COIN, stop_rule(0.9)) is None


def test_a_newcomer_tells_something() -> None:
    project = opened(4)
    assert information_on(project.fresh, project.newcomer) > 0.1


def test_policy_stops_early_and_stays_right() -> None:
    truth, rows = simulated(1, 150, np.full(20, 0.9), 9)
    bought, order = policy(0.95), np.random.default_rng(0).permutation(len(rows))
    bought.start(150, 20, 2, {})
    for at in order.tolist():
        task, worker, label = rows[at]
        if bought.wants(task, worker, False):
            bought.observe(task, worker, label)
    assert len(bought.answers) < 0.5 * len(rows)
    assert (bought.result() == truth).mean() > 0.93


def test_calibration_error_by_hand() -> None:
    assert calibration_error(np.array([0.95, 0.95, 0.55, 0.55]), np.array([1, 1, 0, 1])) == pytest.approx(0.05)
