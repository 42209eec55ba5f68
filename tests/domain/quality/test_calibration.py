import numpy as np
import pytest

from domain.quality.calibration import Calibration, calibrate, usual_average
from domain.quality.special_functions import digamma, expit, logit


def test_confidence_is_a_logistic_of_posterior_and_answers() -> None:
    calibration = Calibration(0.5, 0.2, -0.1)
    expected = 1 / (1 + np.exp(-(0.5 + 0.2 * np.log(9) - 0.1 * np.log(4))))
    assert calibration.confidence_of(0.9, 4) == pytest.approx(expected)
    assert calibration.confidence(np.array([0.9]), np.array([4.0]))[0] == pytest.approx(expected)


def test_exaggerating_models_are_calmed_by_gold() -> None:
    posterior, answers = np.full(400, 0.999), np.full(400, 5.0)
    correct = (np.arange(400) % 5 > 0).astype(float)
    assert calibrate(posterior, answers, correct).confidence_of(0.999, 5) == pytest.approx(0.8, abs=0.02)


def test_without_gold_the_usual_calibration_holds() -> None:
    none = np.zeros(0)
    assert calibrate(none, none, none) == Calibration()


def test_an_average_of_models_is_believed_less_the_more_classes_there_are_and_is_what_gold_starts_from() -> None:
    none = np.zeros(0)
    assert usual_average(6).confidence_of(0.99, 5) < usual_average(2).confidence_of(0.99, 5)
    assert calibrate(none, none, none, usual_average(6)) == usual_average(6)


def test_more_posterior_never_means_less_confidence() -> None:
    posterior = np.linspace(0.5, 1, 50)
    assert (np.diff(Calibration().confidence(posterior, np.full(50, 3.0))) >= 0).all()


def test_digamma_of_one_and_a_half() -> None:
    assert digamma(np.array([1.0, 0.5])) == pytest.approx([-0.5772156649, -1.9635100260], abs=1e-8)


def test_logit_and_expit_are_inverse() -> None:
    assert expit(logit(np.array([0.01, 0.5, 0.99]))) == pytest.approx([0.01, 0.5, 0.99])
