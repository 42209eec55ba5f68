"""The best and the worst of a few: what is an answer, what several say together, and how sure that is."""

import numpy as np
import pytest

from domain.answers import consensus_of, kind_of, rightness
from domain.quality.aggregation import Vote
from domain.refusals import AnswerUnfit, AnswerUnknown

ABCD = ("a", "b", "c", "d")
KIND = kind_of("best_worst")


def votes(*answers: str, accuracy: float = 0.75) -> list[Vote]:
    return [Vote(answer, accuracy) for answer in answers]


def test_two_presses_are_the_best_and_the_worst():
    draft = KIND.add_press(KIND.add_press((), 2, ABCD), 2, ABCD)
    assert draft == (2,)
    draft = KIND.add_press(draft, 0, ABCD)
    assert KIND.add_press(draft, 1, ABCD) == draft == (2, 0)
    assert KIND.parse_answer("2,0", ABCD) == "c>a"


@pytest.mark.parametrize("handed_in", ["", "1"])
def test_one_of_the_two_is_no_answer(handed_in):
    with pytest.raises(AnswerUnfit):
        KIND.parse_answer(handed_in, ABCD)


@pytest.mark.parametrize("handed_in", ["1,1", "0,1,2", "0,4", "a,b"])
def test_what_is_no_pair_of_options_is_refused(handed_in):
    with pytest.raises(AnswerUnknown):
        KIND.parse_answer(handed_in, ABCD)


def test_gold_is_both_of_them():
    assert KIND.parse_gold(" B >d", ABCD) == "b>d"
    assert [KIND.parse_gold(written, ABCD) for written in ("b", "b>b", "a>b>c", "b>x")] == [None] * 4
    assert KIND.is_right("b>d", ("a>d", "b>d"))
    assert not KIND.is_right("b>c", ("b>d",))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("a>d", "a>d", "b>c"), "a>d"),
        (("a>b", "a>c", "d>c"), "a>c"),
        (("a>d", "b>d", "c>a"), "b>d"),  # a, b and c were best once each, and a was worst besides
        (("a>c", "b>c", "a>d", "b>d", "c>d"), "a>d"),
    ],
)
def test_strengths_say_which_are_the_best_and_the_worst(answers, expected):
    assert consensus_of("best_worst", votes(*answers), ABCD).answer == expected


def test_the_strengths_are_kept_and_follow_the_counts():
    found = consensus_of("best_worst", votes("a>d", "a>d", "b>d", "a>c"), ABCD)
    strengths = dict(zip(ABCD, found.scores or (), strict=True))
    assert sorted(ABCD, key=lambda name: -strengths[name]) == ["a", "b", "c", "d"]
    assert sum(strengths.values()) == pytest.approx(0)
    fell = {"a>d": 2, "b>d": 1, "a>c": 1, None: 5}
    assert [KIND.votes_for(name, fell) for name in ABCD] == [3, 1, -1, -3]


def test_the_order_of_the_options_changes_no_strength():
    said, turned = ("a>d", "b>d", "a>c"), tuple(reversed(ABCD))
    one, other = (consensus_of("best_worst", votes(*said), options) for options in (ABCD, turned))
    assert one.answer == other.answer
    assert one.scores == pytest.approx(tuple(reversed(other.scores or ())))


@pytest.mark.parametrize("options", [("a", "b", "c"), ABCD, ("a", "b", "c", "d", "e", "f")])
@pytest.mark.parametrize("accuracy", [0.2, 0.75, 0.95])
def test_one_answer_is_as_sure_as_its_worker(options, accuracy):
    found = consensus_of("best_worst", votes("a>c", accuracy=accuracy), options)
    assert found.confidence == pytest.approx(accuracy)


def test_whoever_is_trusted_more_decides():
    said = [Vote("a>b", 0.95), Vote("c>d", 0.4), Vote("c>d", 0.4)]
    assert consensus_of("best_worst", said, ABCD).answer == "a>b"
    sure = rightness("best_worst", said, ABCD)
    assert sure[0] > 0.5 > sure[1] == sure[2]


def test_a_confidence_keeps_its_word():
    """Crowds of known accuracy: of the answers that were said to be right with some probability, so many are."""
    dice = np.random.default_rng(7)
    told, right = [], []
    for _ in range(1500):
        truth = tuple(dice.permutation(4)[:2].tolist())
        said = [Vote(_answer(dice, truth, each), _both(each)) for each in dice.uniform(0.5, 0.9, 3)]
        found = consensus_of("best_worst", said, ABCD)
        told.append(found.confidence)
        right.append(found.answer == f"{ABCD[truth[0]]}>{ABCD[truth[1]]}")
    assert np.mean(told) == pytest.approx(np.mean(right), abs=0.03)
    surest = np.argsort(told)[-300:]
    assert np.mean(np.array(right)[surest]) > np.mean(right)


def _both(each: float) -> float:
    """P(an answer is right), of one who gets each of the two right with this probability, but never says one twice."""
    wrong = (1 - each) / 3
    return each**2 / (1 - 2 * each * wrong - 2 * wrong**2)


def _answer(dice: np.random.Generator, truth: tuple[int, int], each: float) -> str:
    """Each of the two is right with this probability, else any other; never the same twice."""
    while True:
        pair = [at if dice.random() < each else int(dice.choice([o for o in range(4) if o != at])) for at in truth]
        if pair[0] != pair[1]:
            return f"{ABCD[pair[0]]}>{ABCD[pair[1]]}"
