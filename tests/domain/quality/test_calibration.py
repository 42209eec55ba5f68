import numpy as np
import pytest

from domain.quality.model import shift_log_odds, usual_confidence


def test_confidence_is_a_logistic_of_posterior_and_answers() -> None:
    expected = 1 / (1 + np.exp(-(0.77 - 0.28 * np.log(2) + 0.2 * np.log(9) - 0.46 * np.log(4))))
    assert usual_confidence(0.9, 4, 4) == pytest.approx(expected)


def test_what_gold_shifts_by_nothing_stays() -> None:
    assert shift_log_odds(0.83, 0.0) == pytest.approx(0.83)


def test_a_crowd_nobody_checked_is_believed_less_the_more_classes_there_are() -> None:
    assert usual_confidence(0.99, 5, 6) < usual_confidence(0.99, 5, 2) < 0.99


def test_more_posterior_never_means_less_confidence() -> None:
    found = [usual_confidence(posterior, 3, 2) for posterior in np.linspace(0.5, 1, 50).tolist()]
    assert found == sorted(found)
