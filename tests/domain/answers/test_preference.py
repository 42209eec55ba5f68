"""Which of two is better, and by how much: options, gold, consensus."""

import pytest

from domain.answers import consensus_of, gold_of, kind_of
from domain.quality.aggregation import Vote

KIND = kind_of("preference")
FIVE = ("A>>B", "A>B", "A=B", "B>A", "B>>A")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (("A", "B"), FIVE),
        (FIVE[::-1], FIVE),
        (("A>B", "A=B", "B>A"), ("A>B", "A=B", "B>A")),
        (("A>>B", "A>B", "B>A", "B>>A"), ("A>>B", "A>B", "B>A", "B>>A")),
        ((">", "=", "<"), (">", "=", "<")),
        (("A", "B", "C"), ("A", "B", "C")),
        (("A>B", "B>C"), ("A>B", "B>C")),
    ],
)
def test_options_are_the_grades_of_two_names(written, kept):
    assert KIND.arrange_options(written) == kept
    assert KIND.get_compared_labels(kept) == (
        ("A", "B") if set("AB") <= set("".join(kept)) and "C" not in "".join(kept) else ()
    )


def test_gold_names_the_better_one_and_not_by_how_much():
    assert gold_of("preference", "A|tie", FIVE) == ("A>B", "A=B")
    assert gold_of("preference", "b>>a", FIVE) == ("B>>A",)
    assert gold_of("preference", "C", FIVE) is None
    assert KIND.is_right("A>>B", ("A>B",))
    assert not KIND.is_right("A=B", ("A>B",))
    assert not KIND.is_right(None, ("A>B",))


def test_consensus_is_a_side_first_and_then_a_grade():
    votes = [Vote(answer, 0.8) for answer in ("A>>B", "A>B", "A>>B", "B>>A")]
    found = consensus_of("preference", votes, FIVE)
    assert found.answer == "A>>B"
    assert found.confidence == pytest.approx(8**3 / (8**3 + 8 + 1))  # of three sides, each vote counts 0.8 · 2 / 0.2
    assert found.scores == (pytest.approx((1 + 1 / 3 + 1 - 1) / 4),)
    assert consensus_of("preference", [Vote("A=B", 0.7), Vote("A=B", 0.7), Vote("B>A", 0.95)], FIVE).answer == "B>A"
    assert consensus_of("preference", [Vote("A>B", 0.7), Vote("A>>B", 0.7)], FIVE).answer == "A>B"
    sure = KIND.rightness([Vote("A>B", 0.8), Vote("A>>B", 0.8)], FIVE)
    assert sure[0] == sure[1] > 0.8


def test_pairs_are_what_is_preferred_to_what():
    assert KIND.list_preferences("B>>A", FIVE) == (("B", "A", 1.0),)
    assert KIND.list_preferences("A>B", ("A>B", "A=B", "B>A")) == (("A", "B", None),)
    assert KIND.list_preferences("A=B", FIVE) == ()
    assert kind_of("rank").list_preferences("b>c>a", ("a", "b", "c")) == (
        ("b", "c", None),
        ("b", "a", None),
        ("c", "a", None),
    )
    assert kind_of("best_worst").list_preferences("b>a", ("a", "b", "c")) == (("b", "a", None),)
    assert kind_of("compare").list_preferences("b", ("a", "b")) == (("b", "a", None),)
