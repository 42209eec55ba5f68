"""Conditions of a rejection, the limit of rejections, and the rulings of appeals."""

import pytest

from domain.fairness.appeals import AppealState, Votes
from domain.fairness.review import MAX_REASON_CHARS, Rejection, RejectionState, is_too_many, parse_reason
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.work.assignments import SubmissionId


@pytest.mark.parametrize("said", ["", "no", "wrong", "." * 40, "a" * 20, "no no no no no no no", "x " * 400])
def test_what_says_nothing_is_no_reason(said: str) -> None:
    assert parse_reason(said) is None


def test_a_reason_is_one_line_of_substance() -> None:
    assert parse_reason("  The writer is\n angry, not pleased. ") == "The writer is angry, not pleased."
    assert parse_reason("Точно не по инструкции") is not None
    assert parse_reason("Not what was asked. " * (MAX_REASON_CHARS // 20)) is not None


def test_more_than_five_in_a_hundred_are_too_many_once_there_are_twenty() -> None:
    assert not is_too_many(rejected=19, decided=19)
    assert not is_too_many(rejected=1, decided=20)
    assert is_too_many(rejected=2, decided=20)
    assert not is_too_many(rejected=5, decided=100)
    assert is_too_many(rejected=6, decided=100)


def test_only_what_stands_can_be_appealed_and_only_in_time() -> None:
    def stands(state: RejectionState, now: int) -> bool:
        facts = (
            SubmissionId(1),
            ProjectId(1),
            1,
            "clause",
            "reason",
            state,
            PersonId(1),
            Moment(0),
            Moment(10),
            Millionths(0),
        )
        return Rejection(*facts).may_be_appealed(Moment(now))

    assert stands(RejectionState.STANDING, 9)
    assert not stands(RejectionState.STANDING, 10)
    assert not any(stands(state, 9) for state in RejectionState if state is not RejectionState.STANDING)


def test_the_majority_of_three_decides_and_nobody_before() -> None:
    assert Votes(worker=2, requester=0).decision is None
    assert Votes(worker=2, requester=1).decision is AppealState.WON
    assert Votes(worker=1, requester=2).decision is AppealState.LOST
