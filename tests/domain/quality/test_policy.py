"""The benchmark's policy: one project asked with and without a model's answers; and its calibration error."""

import numpy as np
import pytest

from benchmarks.quality import policy
from benchmarks.quality.measures import calibration_error
from benchmarks.quality.policy import Machines, columns
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


def read(ai: Machines, tasks: int = 4, classes: int = 2) -> list[tuple[str, list[int], list[float | None]]]:
    """Name, labels and probabilities of each model."""
    return [
        (each.name, each.label.tolist(), [share(odds, classes) for odds in each.own.tolist()])
        for each in columns(ai, tasks, classes)
    ]


def share(odds: float, classes: int) -> float | None:
    return None if np.isnan(odds) else round(float(1 / (1 + (classes - 1) * np.exp(-odds))), 6)


NONE = [None] * 4


def test_what_is_no_label_or_no_probability_says_nothing() -> None:
    nan = float("nan")
    plain = [("", [0, 1, -1, 1], NONE)]
    for other in (nan, None, 7, -3, 0.5, "x", ""):
        said = [0, 1.0, other, "1"]
        assert read(said) == read(np.array(said, dtype=object)) == plain
    assert read([0, 1, None, 1, 0, 0]) == read({0: 0, 1: 1, 3: 1, 9: 0}) == plain
    assert read({"0": 0, "1": 1, "3": 1}) == read({np.int64(0): 0, np.int64(1): 1, np.int64(3): 1}) == plain
    told = [0.9, None, None, None]
    sure = [("", [0, 1, -1, 1], told)]
    assert read([(0, 0.9), (1, nan), (2, 0.9), (1, 90.0)]) == read(([0, 1, -1, 1], [0.9, nan, 0.8, -1])) == sure
    assert read({"0": (0, 0.9), "1": 1, "3": (1, None)}) == sure


def test_several_models_are_read_with_names_or_without() -> None:
    one, other = [0, 1, -1, 1], [1, 1, 0, 0]
    both = [one, NONE], [other, NONE]
    assert [row[1:] for row in map(list, read([one, other]))] == list(both)
    assert read(np.array([one, other])) == read([one, other])
    assert read({"0": one, "1": other}) == [("0", *both[0]), ("1", *both[1])]
    named = {"x": dict(enumerate(one)), "y": {"0": 1, "1": 1, "2": 0, "3": 0}}
    assert read(named) == [("x", *both[0]), ("y", *both[1])]


def test_a_matrix_is_read_as_probabilities_where_its_rows_are() -> None:
    rows = np.array([[0.8, 0.2], [0.1, 0.9], [np.nan, np.nan], [0.4, 0.6]])
    found = [("", [0, 1, -1, 1], [0.8, 0.9, None, 0.6])]
    assert read(rows) == read(rows.tolist()) == read(dict(enumerate(rows))) == found
    assert read({"x": rows})[0][1:] == found[0][1:]
    assert read([(0, 0.8), (1, 0.9), (-1, 0.5), (1, 0.6)]) == found
    assert read(np.array([[1.0, 0.5], [0.0, 1.0], [1.0, 0.7], [1.0, 0.9]]))[0][1] == [1, 0, 1, 1], "pairs"
    assert read(np.eye(2)[[0, 1, 1, 0]])[0][1] == [0, 1, 1, 0], "no pairs: a label would always be as sure as it is not"
    three = [[0.2, 0.5, 0.3], [1.0, 0.0, 0.0], [0.0, 0.1, 0.9], [1 / 3, 1 / 3, 1 / 3]]
    assert read(three, classes=3)[0][1:] == ([1, 0, 2, 0], [0.5, 0.98, 0.9, round(1 / 3, 6)])


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
