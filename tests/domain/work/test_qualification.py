"""When pay is available at once."""

import pytest

from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.work.assignments import Enrolment, estimated_accuracy, is_credible, is_qualified, proof_after


def enrolment(right: int, seen: int) -> Enrolment:
    values = dict.fromkeys(Enrolment.__slots__, 0)
    told = {"worker": PersonId(1), "project": ProjectId(1), "gold_seen": seen, "gold_right": right, "answered": seen}
    return Enrolment(**{**values, **told})  # type: ignore[arg-type]


@pytest.mark.parametrize(("right", "seen", "qualified"), [(0, 0, False), (2, 2, False), (1, 3, False), (2, 3, True)])
def test_while_gold_is_left_it_takes_three_and_most_of_them_right(right: int, seen: int, qualified: bool):
    assert is_qualified(enrolment(right, seen), is_gold_left=True) is qualified


@pytest.mark.parametrize(("right", "seen", "qualified"), [(0, 0, True), (1, 1, True), (0, 1, False), (1, 2, True)])
def test_without_gold_to_be_met_nobody_waits_on_suspicion(right: int, seen: int, qualified: bool):
    assert is_qualified(enrolment(right, seen), is_gold_left=False) is qualified


@pytest.mark.parametrize(
    ("right", "seen", "after"), [(0, 0, (3, 2)), (0, 1, (3, 2)), (1, 2, (3, 2)), (0, 2, (6, 4)), (1, 4, (8, 5))]
)
def test_what_is_told_a_worker_to_reach_is_what_qualifies(right: int, seen: int, after: tuple[int, int]):
    total, needed = proof_after(right, seen)
    assert (total, needed) == after
    assert is_qualified(enrolment(needed, total), is_gold_left=True)
    assert not is_qualified(enrolment(needed - 1, total), is_gold_left=True)


def test_accuracy_begins_at_a_half_and_never_reaches_an_end():
    assert estimated_accuracy(0, 0) == 0.5
    assert 0 < estimated_accuracy(0, 100) < 0.02
    assert 0.98 < estimated_accuracy(100, 100) < 1


@pytest.mark.parametrize(("right", "seen", "credible"), [(0, 1, True), (0, 2, True), (0, 3, False), (2, 3, True)])
def test_agreement_alone_gives_no_say_about_gold_to_who_misses_the_other_gold(right: int, seen: int, credible: bool):
    """Friends who answer everything alike agree on all of it."""
    assert is_credible(enrolment(right, seen), False, compared=40, agreeing=40) is credible
    qualified = enrolment(right, seen)
    object.__setattr__(qualified, "qualified", True)
    assert is_credible(qualified, False, compared=40, agreeing=40) is credible
