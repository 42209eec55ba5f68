"""Consensus of every kind, and the calibration of its confidence."""

from itertools import permutations

import numpy as np
import pytest

from domain.answers import consensus_of
from domain.quality.aggregation import NO_CONSENSUS, Vote
from domain.quality.trust import Centre

SCALE = ("1", "2", "3", "4", "5")


def votes(*answers: str, accuracy: float = 0.75) -> list[Vote]:
    return [Vote(answer, accuracy) for answer in answers]


@pytest.mark.parametrize(
    ("kind", "options", "answers", "expected"),
    [
        ("choices", ("a", "b", "c"), ("a|b", "a|b", "a|c"), "a|b"),
        ("choices", ("a", "b", "none"), ("none", "none", "a"), "none"),
        ("rating", SCALE, ("4", "4", "5"), "4"),
        ("rating", ("bad", "ok", "good"), ("good", "good", "bad"), "good"),
        ("number", (), ("12", "12", "90"), "12"),
        ("number", (), ("10.1", "10.3", "10.2", "500"), "10.3"),
        ("text", (), ("The cat sat", "the cat  sat", "a dog"), "The cat sat"),
        ("rank", ("a", "b", "c"), ("b>a>c", "b>a>c", "c>a>b"), "b>a>c"),
        ("location", (), ("48.85,2.29", "48.86,2.29", "10,10"), "48.850000,2.290000"),
        ("photo", (), ("id unique",), None),
        ("voice", (), ("id unique",), None),
    ],
)
def test_the_consensus_of_each_kind(kind, options, answers, expected):
    found = consensus_of(kind, votes(*answers), options)
    assert found.answer == expected
    assert (found.confidence is None) == (kind in ("location", "photo", "voice"))


@pytest.mark.parametrize("kind", ["choices", "rating", "number", "text", "rank", "location"])
def test_nobody_could_tell(kind):
    assert consensus_of(kind, [], ("a", "b")) == NO_CONSENSUS


def test_who_is_trusted_weighs_more():
    said = [Vote("a", 0.95), Vote("b", 0.4), Vote("b", 0.4)]
    assert consensus_of("text", said, ()).answer == "a"
    assert consensus_of("choices", said, ("a", "b")).answer == "a"


def test_two_who_agree_are_surer_than_one_and_less_sure_than_five():
    for kind, options, answer in (
        ("rating", SCALE, "4"), ("number", (), "12"), ("text", (), "x"), ("choices", ("x", "y"), "x"),
        ("rank", ("x", "y"), "x>y"),
    ):  # fmt: skip
        one, two, five = (consensus_of(kind, votes(*[answer] * n), options).confidence or 0 for n in (1, 2, 5))
        assert 0.3 < one < two < five < 1


def test_a_sentence_that_nobody_gave_whole_is_put_together_word_by_word():
    said = ("The cat sat down here", "the bat sat down here", "the cat sad down here", "cat sat down here")
    found = consensus_of("text", votes(*said), ())
    assert found.answer == "The cat sat down here"
    assert 0.9 < (found.confidence or 0) < 1
    scattered = consensus_of("text", votes("one two three four", "red green blue pink", "do re mi fa"), ())
    assert (scattered.confidence or 0) < 0.35


def test_a_thousand_answers_are_no_trouble():
    assert consensus_of("text", votes(*["x"] * 1000), ()).confidence == 1
    assert consensus_of("text", votes(*[f"{'word ' * 50}{n}" for n in range(60)]), ()).answer


def test_students_distribution_is_the_tabled_one():
    for freedom, quantile in ((1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (10, 2.228), (30, 2.042)):
        low, high = Centre(0.0, 1.0, freedom).interval
        assert (-low, high) == pytest.approx((quantile, quantile), abs=1e-3)
        assert Centre(0.0, 1.0, freedom).probability(-100.0 * quantile, 0.0) == pytest.approx(0.5, abs=1e-2)


def simulated(kind: str, dice: np.random.Generator, people: int) -> tuple[float, bool]:
    """(confidence, whether the consensus was right) of one task answered by people of accuracy .75."""
    if kind == "rating":
        truth = int(dice.integers(1, 6))
        said = np.clip(np.round(truth + dice.normal(0, 0.7, people)), 1, 5).astype(int)
        found = consensus_of(kind, votes(*map(str, said)), SCALE)
        return found.confidence or 0, found.answer == str(truth)
    if kind == "number":
        said = np.round(1000 + dice.normal(0, 15, people)).astype(int)
        found = consensus_of(kind, votes(*map(str, said)), ())
        return found.confidence or 0, abs(float(found.answer or 0) - 1000) <= 10
    orders = [">".join(order) for order in permutations("abc")]
    options = {"text": (), "rank": ("a", "b", "c")}[kind]
    truths = {"text": list("vwxyz"), "rank": orders}[kind]
    truth = truths[dice.integers(len(truths))]
    others = [other for other in truths if other != truth]
    said = [truth if dice.random() < 0.75 else others[dice.integers(len(others))] for _ in range(people)]
    found = consensus_of(kind, votes(*said), options)
    return found.confidence or 0, found.answer == truth


@pytest.mark.parametrize("kind", ["rating", "number", "text", "rank"])
@pytest.mark.parametrize("people", [1, 3, 5])
def test_confidence_is_about_how_often_it_is_right(kind, people):
    """Never much more than it is right; less is honest too, where few answers tell nothing of their spread."""
    dice = np.random.default_rng(7)
    outcomes = [simulated(kind, dice, people) for _ in range(300)]
    claimed, right = (float(np.mean(column)) for column in zip(*outcomes, strict=True))
    assert claimed <= right + 0.08
    assert claimed >= right - 0.25
