import numpy as np
import pytest

from domain.quality.comparisons import bradley_terry, wins_of
from domain.quality.numbers import location, weight_of, weighted_median
from domain.quality.options import applies, per_option, picked
from domain.quality.texts import distance, medoid, rover


def test_weighted_median_by_hand() -> None:
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 1.0])) == 2
    assert weighted_median(np.array([1.0, 2.0]), np.array([1.0, 1.0])) == 1.5
    assert weighted_median(np.array([1.0, 10.0]), np.array([1.0, 3.0])) == 10


def test_one_absurd_number_hardly_moves_the_location() -> None:
    values, ones = np.array([10.0, 11.0, 9.0, 10.0, 10.5, 1000.0]), np.ones(6)
    found = location(values, ones)
    assert found.value == pytest.approx(10.2, abs=0.4)
    assert found.low < 10 < found.high


def test_equal_numbers_leave_no_doubt() -> None:
    found = location(np.full(4, 7.0), np.ones(4))
    assert (found.value, found.low, found.high) == (7, 7, 7)


def test_precise_workers_weigh_more() -> None:
    assert weight_of(np.full(20, 0.1), 1.0) > weight_of(np.full(20, 2.0), 1.0)


def test_edit_distance_by_hand() -> None:
    assert (distance("kitten", "sitting"), distance("", "abc"), distance("a", "a")) == (3, 3, 0)


def test_medoid_is_the_middle_text() -> None:
    assert medoid(["rue Hugo 12", "rue Hugo 12", "rue Hugo 72", "?"], [1, 1, 1, 1]).text == "rue Hugo 12"


def test_words_are_voted_on_one_by_one() -> None:
    said = ["the cat sat down", "the bat sat down", "the cat sad down", "cat sat down"]
    assert rover(said, [1, 1, 1, 1]).text == "the cat sat down"


def test_bradley_terry_gives_the_odds_of_a_pair() -> None:
    found = bradley_terry(np.array([[0.0, 30.0], [10.0, 0.0]]), prior=1e-9)
    assert found.wins(0, 1) == pytest.approx(0.75, abs=1e-6)


def test_an_item_that_always_wins_stays_finite() -> None:
    found = bradley_terry(wins_of([[0, 1, 2], [0, 2, 1]], [1, 1], 3))
    assert found.score.argmax() == 0
    assert np.isfinite(found.score).all()
    assert found.score[1] == pytest.approx(found.score[2], abs=1e-6)


def test_options_are_judged_one_by_one() -> None:
    chosen = [(task, worker, frozenset({0, 2})) for task in range(10) for worker in range(4)]
    chosen += [(task, 4, frozenset({1})) for task in range(10)]
    crowds = per_option(chosen, 10, 5, 3)
    assert picked(applies(crowds, np.random.default_rng(0))[0]) == {0, 2}
