import numpy as np
import pytest

from domain.quality.calibration import Calibration, usual


def test_confidence_is_a_logistic_of_posterior_and_answers() -> None:
    expected = 1 / (1 + np.exp(-(0.5 + 0.2 * np.log(9) - 0.1 * np.log(4))))
    assert Calibration(0.5, 0.2, -0.1).confidence_of(0.9, 4) == pytest.approx(expected)


def test_checked_by_gold_a_posterior_is_the_confidence() -> None:
    assert Calibration().confidence_of(0.83, 7) == pytest.approx(0.83)


def test_a_crowd_nobody_checked_is_believed_less_the_more_classes_there_are() -> None:
    assert usual(6).confidence_of(0.99, 5) < usual(2).confidence_of(0.99, 5) < 0.99


def test_more_posterior_never_means_less_confidence() -> None:
    found = [usual(2).confidence_of(posterior, 3) for posterior in np.linspace(0.5, 1, 50).tolist()]
    assert found == sorted(found)
