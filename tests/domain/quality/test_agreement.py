import krippendorff
import numpy as np
import pytest

from domain.quality.agreement import classes_on_gold, reliability
from domain.quality.given_answers import Said
from domain.quality.intervals import wilson

STEPS = ("1", "2", "3", "4", "5")


def said_at_random(seed: int, values: int, tasks: int = 40, missing: float = 0.3) -> list[Said]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(values, size=tasks)
    return [
        Said(task, worker, str(1 + (truth[task] if rng.random() < 0.6 else rng.integers(values))))
        for task in range(tasks)
        for worker in range(5)
        if rng.random() > missing
    ]


def table(said: list[Said]) -> list[list[float]]:
    found = np.full((5, 1 + max(each.task for each in said)), np.nan)
    for each in said:
        found[each.worker, each.task] = float(each.answer)
    return found.tolist()


@pytest.mark.parametrize(("kind", "level"), [("choice", "nominal"), ("rating", "ordinal"), ("number", "interval")])
def test_alpha_is_the_usual_librarys(kind: str, level: str) -> None:
    said = said_at_random(1, 5)
    found = reliability(kind, STEPS, said)
    assert found is not None
    assert found.alpha == pytest.approx(krippendorff.alpha(table(said), level_of_measurement=level))
    assert found.low < found.alpha < found.high


def test_kappa_and_percent_by_hand() -> None:
    said = [Said(0, 0, "1"), Said(0, 1, "1"), Said(1, 0, "1"), Said(1, 1, "2")]
    found = reliability("choice", ("1", "2"), said)
    assert found is not None
    assert (found.percent, found.tasks) == (0.5, 2)
    assert found.kappa == pytest.approx((0.5 - 10 / 16) / (1 - 10 / 16))


def test_agreement_by_parts_of_an_answer() -> None:
    same = [Said(task, worker, "a|b" if task % 2 else "c") for task in range(10) for worker in range(3)]
    found = reliability("choices", ("a", "b", "c"), same)
    assert found is not None
    assert (found.alpha, found.percent, found.tasks) == (1.0, 1.0, 10)
    orders = [Said(task, worker, ("a>b>c", "a>c>b")[worker % 2]) for task in range(10) for worker in range(4)]
    ranked = reliability("rank", ("a", "b", "c"), orders)
    assert ranked is not None
    assert 0 < ranked.alpha < 1
    assert ranked.percent == pytest.approx((2 + 1 / 3) / 3)


@pytest.mark.parametrize("kind", ["choice", "rating", "number"])
def test_where_all_answers_are_the_same_neither_alpha_nor_kappa_is_defined(kind: str) -> None:
    """Both compare with the disagreement by chance, of which there is none (Krippendorff 2004, ch. 11)."""
    found = reliability(kind, STEPS, [Said(task, worker, "3") for task in range(400) for worker in range(3)])
    assert found is not None
    assert (found.alpha, found.low, found.high, found.kappa) == (None, None, None, None)
    assert (found.percent, found.tasks) == (1.0, 400)


@pytest.mark.parametrize("kind", ["choice", "rating", "number"])
def test_resamples_without_variation_do_not_widen_the_interval(kind: str) -> None:
    """Of three tasks one has other answers: without it, as in three resamples of ten, α is not defined."""
    same = [Said(task, worker, "2") for task in range(2) for worker in range(3)]
    found = reliability(kind, STEPS, [*same, Said(2, 0, "1"), Said(2, 1, "2"), Said(2, 2, "2")])
    assert found is not None
    assert found.alpha == pytest.approx(0.0)
    assert found.high is not None
    assert found.high < 0.01


def test_what_cannot_be_compared_has_no_agreement() -> None:
    assert reliability("photo", (), [Said(0, 0, "x y"), Said(0, 1, "x y")]) is None
    assert reliability("choice", ("a", "b"), [Said(task, 0, "a") for task in range(9)]) is None


def test_precision_of_each_class_against_gold() -> None:
    gold = {1: ("a",), 2: ("a",), 3: ("b",), 4: ("b", "a")}
    one, other = classes_on_gold("choice", ("a", "b"), {1: "a", 2: "b", 3: "b", 4: "a"}, gold)
    assert (one.given, one.right, one.truly, one.precision) == (2, 2, 3, 1.0)
    assert (other.given, other.right, other.confusion) == (2, 1, {"b": 1})
    assert one.confusion == {"a": 2, "b": 1}
    assert wilson(9, 10) == (pytest.approx(0.596, abs=0.001), pytest.approx(0.982, abs=0.001))
