"""Soft first; a restriction needs strong evidence from enough answers, and ends."""

from domain.conduct.evidence import Evidence, find_restricting_evidence, still_supports_restriction, watch_level
from domain.moments import DAY
from domain.people.accounts import PersonId
from domain.quality.restrictions import restriction_duration


def found(suspicion: str, nats: float, answers: int = 40) -> Evidence:
    return Evidence(PersonId(1), suspicion, nats, answers, 3, 0.8, 0.5)


def test_doubt_is_soft_first() -> None:
    assert watch_level([]) == 0
    assert watch_level([found("random", 1.5)]) == 0
    assert watch_level([found("random", 1.7)]) == 1
    assert watch_level([found("random", 5.0)]) == 2
    assert find_restricting_evidence([found("random", 5.0)]) is None


def test_ten_thousand_to_one_from_enough_answers_restricts() -> None:
    strong = found("constant", 9.5)
    assert find_restricting_evidence([found("random", 5.0), strong]) == strong
    assert find_restricting_evidence([found("constant", 9.5, answers=12)]) is None


def test_different_suspicions_are_never_added_up() -> None:
    assert find_restricting_evidence([found("random", 8.0), found("sleeper", 8.0), found("ring", 8.0)]) is None


def test_being_fast_is_a_reason_to_look_and_no_more() -> None:
    assert watch_level([found("pasted", 50.0)]) == 1
    assert find_restricting_evidence([found("pasted", 50.0)]) is None


def test_evidence_that_fades_lets_go() -> None:
    assert still_supports_restriction([found("random", 6.0)])
    assert not still_supports_restriction([found("random", 3.0), found("pasted", 50.0)])


def test_every_restriction_ends_and_a_second_is_longer() -> None:
    assert [restriction_duration(earlier) // DAY for earlier in (0, 1, 2, 9)] == [7, 14, 28, 28]
