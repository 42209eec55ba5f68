"""The accuracy foretold for a project, from the number of its classes and what its answers showed."""

import numpy as np
import pytest

from domain.projects.preflight import (
    AccuracyEvidence,
    expected_answers,
    foresee_accuracy,
    foresee_beside_model,
    foresee_until_sure,
)

GOOD = AccuracyEvidence(gold=((3, 3),) * 55 + ((2, 3),) * 5)
POOR = AccuracyEvidence(gold=((3, 3),) * 20 + ((1, 3),) * 20 + ((0, 3),) * 20)


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_more_answers_are_never_foretold_to_be_worse(classes: int):
    for seen in (AccuracyEvidence(), GOOD):
        told = [foresee_accuracy(classes, seen, overlap).accuracy for overlap in (1, 3, 5, 7)]
        assert told == sorted(told)
        assert 1 / classes < told[0] < told[-1] < 1


def test_gold_moves_the_prediction_and_narrows_its_range():
    usual, good, poor = (foresee_accuracy(2, seen, 3) for seen in (AccuracyEvidence(), GOOD, POOR))
    assert poor.accuracy < usual.accuracy < good.accuracy
    assert good.accuracy > 0.95
    assert good.high - good.low < (usual.high - usual.low) / 2
    for told in (usual, good, poor):
        assert told.low <= told.accuracy <= told.high


def test_the_range_is_never_narrower_than_the_model_is_exact():
    told = foresee_accuracy(2, AccuracyEvidence(gold=((3, 3),) * 500 + ((1, 3),) * 500), 3)
    assert 0.05 < told.high - told.low < 0.1


def test_crowds_known_to_be_better_are_foretold_to_be():
    better, worse = (foresee_accuracy(4, AccuracyEvidence(usual=usual), 3).accuracy for usual in (1.5, 0.2))
    assert worse < foresee_accuracy(4, AccuracyEvidence(), 3).accuracy < better


def test_a_confidence_takes_fewer_answers_of_a_crowd_that_is_right():
    good, poor = foresee_until_sure(2, GOOD, 0.9, 5), foresee_until_sure(2, POOR, 0.9, 5)
    assert 1 <= good.answers < 2 < poor.answers <= 5
    assert foresee_until_sure(2, GOOD, 0.99, 5).answers > good.answers
    assert good.accuracy == foresee_accuracy(2, GOOD, 5).accuracy


def test_beside_a_model_results_are_as_right_as_the_better_of_the_two():
    people = foresee_accuracy(2, POOR, 3)
    useless, good = (foresee_beside_model(2, POOR, 3, right, 400) for right in (120, 380))
    assert people.accuracy <= useless.accuracy < people.accuracy + 0.01
    assert abs(good.accuracy - 0.95) < 0.01
    few = foresee_beside_model(2, POOR, 3, 10, 10)
    assert few.accuracy < 0.95
    assert few.high - few.low > good.high - good.low


@pytest.mark.parametrize(("mean", "spread"), [(0.75, 0.05), (0.85, 0.3)])
def test_what_is_foretold_from_much_gold_comes_in_a_made_up_crowd(mean: float, spread: float):
    """Workers who are all alike: majority, without the lift that knowing them gives."""
    rng, strength = np.random.default_rng(1), (1 - spread) / spread
    difficulty = rng.beta(mean * strength, (1 - mean) * strength, 20_000)
    majority = (rng.binomial(3, difficulty) > 1).mean()
    gold = tuple((int(right), 3) for right in rng.binomial(3, difficulty[:400]))
    told = foresee_accuracy(2, AccuracyEvidence(gold=gold), 3)
    assert -0.02 < told.accuracy - majority < 0.075
    assert told.high - told.low < 0.12


def test_a_good_model_saves_most_answers_and_a_guessing_one_none() -> None:
    alone, guessing, good = (expected_answers(0.95, 9, 2, each) for each in (None, 0.5, 0.9))
    assert alone == pytest.approx(guessing)
    assert good < 0.6 * alone
