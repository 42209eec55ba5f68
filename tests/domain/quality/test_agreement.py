from collections.abc import Callable, Iterable
from itertools import combinations

import krippendorff
import numpy as np
import pytest

from domain.quality.agreement import measure_reliability, report_classes
from domain.quality.crowd import WorkerAnswer, wilson_interval

STEPS = ("1", "2", "3", "4", "5")


def said_at_random(seed: int, values: int, tasks: int = 40, missing: float = 0.3) -> list[WorkerAnswer]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(values, size=tasks)
    return [
        WorkerAnswer(task, worker, str(1 + (truth[task] if rng.random() < 0.6 else rng.integers(values))))
        for task in range(tasks)
        for worker in range(5)
        if rng.random() > missing
    ]


def table(said: list[WorkerAnswer]) -> list[list[float]]:
    found = np.full((5, 1 + max(each.task for each in said)), np.nan)
    for each in said:
        found[each.worker, each.task] = float(each.answer)
    return found.tolist()


@pytest.mark.parametrize(("kind", "level"), [("choice", "nominal"), ("rating", "ordinal"), ("number", "interval")])
def test_alpha_is_the_usual_librarys(kind: str, level: str) -> None:
    said = said_at_random(1, 5)
    found = measure_reliability(kind, STEPS, said)
    assert found is not None
    assert found.alpha == pytest.approx(krippendorff.alpha(table(said), level_of_measurement=level))
    assert found.low < found.alpha < found.high


def test_kappa_and_percent_by_hand() -> None:
    said = [WorkerAnswer(0, 0, "1"), WorkerAnswer(0, 1, "1"), WorkerAnswer(1, 0, "1"), WorkerAnswer(1, 1, "2")]
    found = measure_reliability("choice", ("1", "2"), said)
    assert found is not None
    assert (found.percent, found.tasks) == (0.5, 2)
    assert found.kappa == pytest.approx((0.5 - 10 / 16) / (1 - 10 / 16))


KRIPPENDORFFS = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
"""Four observers, twelve units (Computing Krippendorff's Alpha-Reliability, 2011)."""


@pytest.mark.parametrize(("kind", "alpha"), [("choice", 0.743), ("rating", 0.815), ("number", 0.849)])
def test_alpha_of_krippendorffs_table(kind: str, alpha: float) -> None:
    found = measure_reliability(kind, STEPS, answered(KRIPPENDORFFS))
    assert found is not None
    assert (found.alpha, found.tasks) == (pytest.approx(alpha, abs=0.0005), 11)


def answered(tasks: Iterable[Iterable[str]]) -> list[WorkerAnswer]:
    return [WorkerAnswer(task, worker, each) for task, said in enumerate(tasks) for worker, each in enumerate(said)]


def a_set(rng: np.random.Generator, options: str) -> str:
    """The first option applies nearly always, the others hardly ever: whole sets coincide by chance."""
    return "|".join(each for each in options if rng.random() < (0.9 if each == options[0] else 0.1)) or options[0]


def an_order(rng: np.random.Generator, options: str) -> list[str]:
    """Everybody likes the later options more, whatever the task."""
    strengths = np.arange(len(options)) + rng.gumbel(size=len(options))
    return [options[at] for at in np.argsort(-strengths)]


DRAWN: dict[str, Callable[[np.random.Generator, str], str]] = {
    "choices": a_set,
    "rank": lambda rng, options: ">".join(an_order(rng, options)),
    "best_worst": lambda rng, options: ">".join(an_order(rng, options)[:: len(options) - 1]),
}
OF_SEVERAL_PARTS = [
    ("choices", "abcd"),
    ("choices", "abcdefghij"),
    ("rank", "abc"),
    ("rank", "abcd"),
    ("best_worst", "abcd"),
]


@pytest.mark.parametrize(("kind", "options"), OF_SEVERAL_PARTS)
def test_answers_drawn_by_chance_do_not_agree(kind: str, options: str) -> None:
    """They have their habits, but none of them comes from the task."""
    rng = np.random.default_rng(0)
    tasks = [[DRAWN[kind](rng, options) for _ in range(3)] for _ in range(1000)]
    found = measure_reliability(kind, tuple(options), answered(tasks))
    assert found is not None
    assert abs(found.alpha) < 0.05
    assert found.kappa is None
    alike = np.mean([one == other for said in tasks for one, other in combinations(said, 2)])
    assert found.percent == pytest.approx(alike)


@pytest.mark.parametrize(("kind", "options"), OF_SEVERAL_PARTS)
def test_answers_that_are_the_same_agree_fully(kind: str, options: str) -> None:
    rng = np.random.default_rng(1)
    found = measure_reliability(kind, tuple(options), answered([[DRAWN[kind](rng, options)] * 3 for _ in range(100)]))
    assert found is not None
    assert (found.alpha, found.low, found.high, found.percent) == (pytest.approx(1.0), *[pytest.approx(1.0)] * 2, 1.0)


@pytest.mark.parametrize(
    ("one", "other", "masi"),
    [
        ("a|b", "a|b|c|d", 1 - 2 / 4 * 2 / 3),  # NLTK's example, there .665 with thirds of two digits
        ("a|b|c|d", "c|d|e", 1 - 2 / 5 * 1 / 3),  # NLTK's other one, there .868
        ("a|b", "c", 1.0),
    ],
)
def test_sets_differ_by_masi(one: str, other: str, masi: float) -> None:
    """By hand: `f` twice, and two sets that differ by `masi` from each other and fully from `f`."""
    found = measure_reliability("choices", tuple("abcdef"), answered([(one, other), ("f", "f")]))
    assert found is not None
    assert found.alpha == pytest.approx(1 - (2 * masi / 4) / ((2 * masi + 8) / 12))


def test_orders_differ_by_the_pairs_that_they_turn_around() -> None:
    """By hand: of three pairs `a>b>c` and `a>c>b` differ in one, either and `c>b>a` in three and two (Kendall's τ)."""
    found = measure_reliability("rank", tuple("abc"), answered([("a>b>c", "a>c>b"), ("c>b>a", "c>b>a")]))
    assert found is not None
    assert found.alpha == pytest.approx(1 - (2 * 1 / 4) / (2 * (1 + 2 * 3 + 2 * 2) / 12))
    assert found.percent == 0.5


def test_best_and_worst_each_differ_or_not() -> None:
    found = measure_reliability("best_worst", tuple("abc"), answered([("a>b", "a>c"), ("b>c", "b>c")]))
    assert found is not None
    assert found.alpha == pytest.approx(1 - (2 * 1 / 4) / (2 * (1 + 2 * 2 + 2 * 1) / 12))


def test_of_very_many_different_sets_some_are_compared() -> None:
    rng, options = np.random.default_rng(0), tuple(map(str, range(50)))
    sets = ["|".join(each for each in options if rng.random() < 0.5) for _ in range(3000)]
    found = measure_reliability("choices", options, answered([(each, each) for each in sets]))
    assert found is not None
    assert found.alpha == pytest.approx(1.0)
    assert 500 < found.tasks < 3000


@pytest.mark.parametrize("kind", ["choice", "rating", "number"])
def test_where_all_answers_are_the_same_neither_alpha_nor_kappa_is_defined(kind: str) -> None:
    """Both compare with the disagreement by chance, of which there is none (Krippendorff 2004, ch. 11)."""
    found = measure_reliability(
        kind, STEPS, [WorkerAnswer(task, worker, "3") for task in range(400) for worker in range(3)]
    )
    assert found is not None
    assert (found.alpha, found.low, found.high, found.kappa) == (None, None, None, None)
    assert (found.percent, found.tasks) == (1.0, 400)


@pytest.mark.parametrize("kind", ["choice", "rating", "number"])
def test_resamples_without_variation_do_not_widen_the_interval(kind: str) -> None:
    """Of three tasks one has other answers: without it, as in three resamples of ten, α is not defined."""
    same = [WorkerAnswer(task, worker, "2") for task in range(2) for worker in range(3)]
    found = measure_reliability(
        kind, STEPS, [*same, WorkerAnswer(2, 0, "1"), WorkerAnswer(2, 1, "2"), WorkerAnswer(2, 2, "2")]
    )
    assert found is not None
    assert found.alpha == pytest.approx(0.0)
    assert found.high is not None
    assert found.high < 0.01


def test_what_cannot_be_compared_has_no_agreement() -> None:
    assert measure_reliability("photo", (), [WorkerAnswer(0, 0, "x y"), WorkerAnswer(0, 1, "x y")]) is None
    assert measure_reliability("choice", ("a", "b"), [WorkerAnswer(task, 0, "a") for task in range(9)]) is None


def test_precision_of_each_class_against_gold() -> None:
    gold = {1: ("a",), 2: ("a",), 3: ("b",), 4: ("b", "a")}
    one, other = report_classes("choice", ("a", "b"), {1: "a", 2: "b", 3: "b", 4: "a"}, gold)
    assert (one.given, one.right, one.truly, one.precision) == (2, 2, 3, 1.0)
    assert (other.given, other.right, other.confusion) == (2, 1, {"b": 1})
    assert one.confusion == {"a": 2, "b": 1}
    assert wilson_interval(9, 10) == (pytest.approx(0.596, abs=0.001), pytest.approx(0.982, abs=0.001))
