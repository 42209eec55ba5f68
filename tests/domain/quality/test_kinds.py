import numpy as np
import pytest

from domain.answers.rank import wins_of
from domain.answers.text import medoid, network
from domain.quality.agreement import bradley_terry, strength_log_prior
from domain.quality.trust import huber_location, robust_centre, weighted_median


def test_weighted_median_by_hand() -> None:
    assert weighted_median([3.0, 1.0, 2.0], [1.0, 1.0, 1.0]) == 2
    assert weighted_median([1.0, 2.0], [1.0, 1.0]) == 1.5
    assert weighted_median([1.0, 10.0], [1.0, 3.0]) == 10


def test_one_absurd_number_hardly_moves_the_location() -> None:
    centre, spread = huber_location([10.0, 11.0, 9.0, 10.0, 10.5, 1000.0], [1.0] * 6)
    assert centre == pytest.approx(10.2, abs=0.4)
    assert spread < 2


def test_equal_numbers_leave_no_doubt() -> None:
    found = robust_centre([7.0] * 4, [1.0] * 4, 1.0)
    assert (found.value, robust_centre([7.0, 7.0, 7.0, 9e9], [1.0] * 4, 1.0).value) == (7, 7)
    assert found.error < robust_centre([7.0, 7.0, 8.0, 9.0], [1.0] * 4, 1.0).error


def test_medoid_is_the_middle_text() -> None:
    assert medoid(["rue Hugo 12", "rue Hugo 12", "rue Hugo 72", "?"], [1, 1, 1, 1]) == 0
    assert medoid(["a b x", "a b c", "a y c"], [1, 1, 1]) == 1


def test_words_stand_at_the_place_they_have_in_other_texts() -> None:
    said = [
        text.split() for text in ("the cat sat down", "the Bat sat down", "cat sat right down", "cat sat left down")
    ]
    found = network(said, str.casefold)
    assert found[:3] == [["the", "the", "", ""], ["cat", "Bat", "cat", "cat"], ["sat"] * 4]
    assert found[3:] == [["", "", "right", "left"], ["down"] * 4]


def test_bradley_terry_gives_the_odds_of_a_pair() -> None:
    one, other = bradley_terry(np.array([[0.0, 30.0], [10.0, 0.0]]))
    assert np.exp(one - other) == pytest.approx(30.25 / 10.25, abs=1e-6)  # a quarter of a win imagined each way


def test_an_item_that_always_wins_stays_finite() -> None:
    found = bradley_terry(wins_of([[0, 1, 2], [0, 2, 1]], [1, 1], 3))
    assert found.argmax() == 0
    assert np.isfinite(found).all()
    assert found[1] == pytest.approx(found[2], abs=1e-6)


def compared(seed: int, shared: bool) -> tuple[float, float]:
    """Share of 300 comparisons of 40 things that are right by their own three answers, and with what others say."""
    dice = np.random.default_rng(seed)
    sides = np.array([dice.choice(40, 2, replace=False) for _ in range(300)])
    strength = dice.normal(0, 2, 40)
    truth = (strength[sides[:, 1]] > strength[sides[:, 0]]).astype(int) if shared else dice.integers(0, 2, 300)
    told = np.zeros((300, 2))
    for _ in range(3):
        said = np.where(dice.random(300) < 0.7, truth, 1 - truth)
        told[np.arange(300), said] += 0.7
    both = told + strength_log_prior(told, sides, 40)
    return float((told.argmax(1) == truth).mean()), float((both.argmax(1) == truth).mean())


def test_things_that_meet_again_tell_of_one_another() -> None:
    alone, together = np.mean([compared(seed, shared=True) for seed in range(4)], 0)
    assert together > alone + 0.05


def test_where_tastes_share_no_strengths_next_to_nothing_is_lost() -> None:
    alone, together = np.mean([compared(seed, shared=False) for seed in range(8)], 0)
    assert together > alone - 0.015
