"""When a known answer is doubted, and how much gold a worker meets."""

from dataclasses import replace

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.quality.gold_challenges import GoldVote, doubt_nats, is_doubtful, is_worth_asking
from domain.work.assignments import Enrolment
from domain.work.dispatch import DOUBTED_SHARE, QUIZ_SHARE, gold_share, is_gold_turn

SECRET = b"planted"


def enrolment(answered: int, seen: int, right: int, watch: int = 0, worker: int = 1) -> Enrolment:
    counts = (answered, seen, right, watch, None)
    return Enrolment(PersonId(worker), ProjectId(1), Moment(1), False, False, 0, 0, *counts)


def says(answer: str, skill: float, answers: int = 50, right: bool = False) -> GoldVote:
    return GoldVote(answer, right, skill, answers)


def test_two_workers_of_proven_skill_outweigh_a_gold_answer() -> None:
    assert not is_doubtful([says("negative", 0.9)], 0, 2)
    assert is_doubtful([says("negative", 0.9)] * 2, 0, 2)


def test_those_who_agree_with_gold_speak_for_it() -> None:
    assert not is_doubtful([*[says("negative", 0.9)] * 2, says("positive", 0.9, right=True)], 0, 2)


def test_nobody_unproven_and_nobody_worse_than_chance_speaks() -> None:
    assert doubt_nats([says("negative", 0.9, answers=5), says("negative", 0.3)], 0, 2) == 0


def test_four_more_of_the_qualified_against_it_are_enough_whatever_the_options() -> None:
    against = GoldVote("negative", right=False, skill=0.0, answers=6, qualified=True)
    for options in (2, 5):
        assert not is_doubtful([against] * 3, 0, options)
        assert is_doubtful([against] * 4, 0, options)
        assert not is_doubtful([*[against] * 4, replace(against, answer="positive", right=True)], 0, options)
    assert not is_doubtful([*[against] * 2, *[replace(against, answer="neutral")] * 2], 0, 3)
    assert not is_doubtful([replace(against, qualified=False)] * 9, 0, 2)


def test_a_requester_is_asked_where_most_of_those_who_can_tell_missed_it() -> None:
    against = GoldVote("negative", right=False, skill=0.0, answers=6, qualified=True)
    agrees = replace(against, answer="positive", right=True)
    assert is_worth_asking([against, against], 2)
    assert is_worth_asking([against, against, agrees], 2)
    assert not is_worth_asking([against], 2)
    assert not is_worth_asking([against, against, agrees, agrees], 2)
    assert not is_worth_asking([against, replace(against, qualified=False)], 2)
    assert not is_doubtful([against, against, agrees], 0, 2)


def test_different_wrong_answers_do_not_add_up() -> None:
    scattered = [says("b", 0.6), says("c", 0.6), says("d", 0.6)]
    assert doubt_nats(scattered, 0, 4) < doubt_nats([says("b", 0.6)] * 3, 0, 4)


def test_several_contests_are_enough_whoever_speaks_for_it() -> None:
    assert is_doubtful([says("positive", 0.95, right=True)] * 9, 3, 2)
    assert not is_doubtful([], 2, 2)


@pytest.mark.parametrize(
    ("known", "share"),
    [
        (enrolment(3, 2, 2), QUIZ_SHARE),
        (enrolment(50, 6, 6), 0.10),
        (enrolment(150, 9, 9), 0.05),
        (enrolment(1_500, 30, 29), 0.01),
        (enrolment(1_500, 30, 3), DOUBTED_SHARE),
        (enrolment(1_500, 30, 29, watch=1), DOUBTED_SHARE),
    ],
)
def test_newcomers_meet_more_gold_the_proven_less_the_doubted_more_again(known: Enrolment, share: float) -> None:
    assert gold_share(known) == share


def test_the_share_is_what_is_met_in_the_long_run_and_the_same_after_a_restart() -> None:
    met = [is_gold_turn(enrolment(150, 9, 9, worker=worker), SECRET) for worker in range(4_000)]
    assert 0.04 < sum(met) / len(met) < 0.06
    assert met == [is_gold_turn(enrolment(150, 9, 9, worker=worker), SECRET) for worker in range(4_000)]
