"""The benchmark's policy: one project asked with and without a model's answers; and its calibration error."""

import numpy as np
import pytest

from benchmarks.quality import policy
from benchmarks.quality.measures import calibration_error
from benchmarks.quality.policy import Machines
from tests.domain.quality.crowds import simulated

TASKS, WORKERS, GOLD = 200, 30, 20


def asked(seed: int, ai: Machines, confidence: float = 0.9) -> tuple[float, float]:
    """Answers a task, and accuracy of the ordinary tasks."""
    rng = np.random.default_rng(seed)
    truth, skill = rng.integers(3, size=TASKS), rng.uniform(0.6, 0.85, WORKERS)
    one = policy(confidence, ai)
    one.start(TASKS, WORKERS, 3, {task: int(truth[task]) for task in range(GOLD)})
    offers = [(task, worker) for task in range(TASKS) for worker in rng.permutation(WORKERS)[:8].tolist()]
    for at in rng.permutation(len(offers)).tolist():
        task, worker = offers[at]
        if one.wants(task, worker, True):
            right = rng.random() < skill[worker]
            one.observe(task, worker, int(truth[task] if right else (truth[task] + rng.integers(1, 3)) % 3))
    said = one.result()
    assert (one.confidences()[:GOLD] == 1).all()
    return len(one.answers) / TASKS, float((said == truth)[GOLD:].mean())


def model(seed: int, accuracy: float) -> list[int]:
    truth = np.random.default_rng(seed).integers(3, size=TASKS)
    other = np.random.default_rng(seed + 7)
    return [int(t if other.random() < accuracy else (t + other.integers(1, 3)) % 3) for t in truth]


def test_a_good_model_saves_answers_and_a_bad_one_costs_no_accuracy() -> None:
    runs = [[asked(seed, ai) for ai in (None, model(seed, 0.92), model(seed, 0.3))] for seed in (2, 3, 4)]
    alone, beside, misled = np.mean(runs, 0).tolist()
    assert beside[0] < 0.5 * alone[0]
    assert beside[1] >= alone[1] - 0.01
    assert misled[1] >= alone[1] - 0.02


def test_beside_a_model_gold_which_judges_it_unasked_is_asked_once_of_each() -> None:
    for ai, each in ((None, 10), ([0] * TASKS, 1)):
        one = policy(0.9, ai)
        one.start(TASKS, WORKERS, 3, dict.fromkeys(range(GOLD), 0))
        for task in range(GOLD):
            if one.wants(task, 0, True):
                one.observe(task, 0, 0)
        assert len(one.answers) == each


def test_a_project_without_tasks_has_no_results() -> None:
    for ai in (None, []):
        one = policy(0.9, ai)
        one.start(0, 0, 2, {})
        assert (len(one.result()), len(one.confidences())) == (0, 0)


def test_what_a_model_says_is_read_however_it_is_written_down() -> None:
    """Labels by task, in a row or in a mapping, with probabilities or without, of one model or of several by name."""
    said, sure = model(2, 0.8), [0.9] * TASKS
    plain = asked(2, said)
    for same in (tuple(said), np.array(said), dict(enumerate(said)), {"one": said}, {"one": dict(enumerate(said))}):
        assert asked(2, same) == plain
    assert asked(2, dict(enumerate(said[:50]))) == asked(2, [*said[:50], *[-1] * 150]) == asked(2, said[:50])
    assert asked(2, [*said[:50], *[None] * 150]) == asked(2, said[:50])
    weighed = asked(2, (said, sure))
    pairs = list(zip(said, sure, strict=True))
    assert asked(2, pairs) == asked(2, dict(enumerate(pairs))) == asked(2, {"one": pairs}) == weighed


def test_policy_stops_early_and_stays_right() -> None:
    truth, rows = simulated(1, 150, np.full(20, 0.9), 9)
    bought, order = policy(0.95), np.random.default_rng(0).permutation(len(rows))
    bought.start(150, 20, 2, {})
    again = [rows[at] for at in order.tolist()]
    for last in [False] * (bought.passes - 1) + [True]:
        asked, again = again, []
        for task, worker, label in asked:
            if bought.wants(task, worker, last):
                bought.observe(task, worker, label)
            else:
                again.append((task, worker, label))
    assert len(bought.answers) < 0.5 * len(rows)
    assert (bought.result() == truth).mean() > 0.93


def test_calibration_error_by_hand() -> None:
    assert calibration_error(np.array([0.95, 0.95, 0.55, 0.55]), np.array([1, 1, 0, 1])) == pytest.approx(0.05)
