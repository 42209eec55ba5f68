from collections.abc import Sequence
from math import log

import numpy as np
import pytest

from domain.quality.crowd import Skill, crowd_from_triples
from domain.quality.live import TaskState, WorkerModel
from domain.quality.machine_learning import ModelColumn
from domain.quality.model import mutual_information
from domain.quality.refit import opening_model, refit
from domain.work.dispatch import OpenPlace, choose_best_place, get_standing

COIN = WorkerModel(((log(0.9), log(0.1)), (log(0.1), log(0.9))), 0.0, 10, Skill(0.9, 10))


def test_information_of_a_ninety_percent_coin_by_hand() -> None:
    expected = log(2) + 0.9 * log(0.9) + 0.1 * log(0.1)
    assert mutual_information(np.exp(COIN.evidence)[None], np.array([0.5, 0.5]))[0] == pytest.approx(expected)


def test_a_torn_task_comes_before_a_clear_one() -> None:
    clear, torn, other = OpenPlace(1, 1, (0.0, -3.0)), OpenPlace(2, 2, (0.0, -0.1)), OpenPlace(3, 3, (0.0, -0.1))
    fresh = TaskState((0.0, 0.0))
    assert choose_best_place([clear, torn], COIN, fresh) == torn
    assert choose_best_place([torn, other], COIN, fresh) == torn
    assert choose_best_place([torn, OpenPlace(4, 4)], COIN, fresh).task == 4


def answering(kinds: Sequence[float | None], seed: int, each: int) -> list[bool]:
    """Whether each worker is asked later: right so often, or (None) always the same; `each` answers of everybody."""
    dice = np.random.default_rng(seed)
    tasks, workers, truth = each * len(kinds) // 3, len(kinds), dice.integers(0, 2, each * len(kinds) // 3)
    rows = []
    for task in range(tasks):
        for worker in dice.choice(workers, 3, replace=False):
            skill = kinds[worker]
            rows.append((task, int(worker), int(truth[task] ^ (dice.random() > skill)) if skill is not None else 0))
    found = refit(crowd_from_triples(rows, tasks, workers, 2, {task: int(truth[task]) for task in range(0, tasks, 10)}))
    standings = [get_standing(worker, found.project) for worker in found.workers]
    return [known is not None and known.later for known in standings]


def test_who_tosses_coins_or_has_one_answer_is_asked_later_and_the_honest_are_not() -> None:
    crowd = [0.5, 0.5, None, *np.linspace(0.75, 0.95, 9)]
    after = np.array([answering(crowd, seed, 40) for seed in range(20)])
    assert after[:, :3].mean() > 0.8
    assert after[:, 3:].mean() < 0.03


def test_coin_tossers_are_asked_later_beside_a_model_alone() -> None:
    found = []
    for seed in range(10):
        dice = np.random.default_rng(seed)
        truth, kinds = dice.integers(0, 2, 480), np.array([0.5] * 3 + [0.85] * 9)
        said, model = truth ^ (dice.random(480) > kinds[np.arange(480) % 12]), truth ^ (dice.random(480) > 0.9)
        rows, gold = [(task, task % 12, int(said[task])) for task in range(480)], {t: int(truth[t]) for t in range(24)}
        learnt = refit(crowd_from_triples(rows, 480, 12, 2, gold), [ModelColumn("", model, np.full(480, np.nan))])
        standings = [get_standing(worker, learnt.project) for worker in learnt.workers]
        found.append([known is not None and known.later for known in standings])
    assert np.mean(found, 0)[:3].mean() > 0.7
    assert np.mean(found, 0)[3:].mean() < 0.03


def test_a_newcomer_tells_something() -> None:
    project = opening_model(4)
    assert project.newcomer.information > 0.1
