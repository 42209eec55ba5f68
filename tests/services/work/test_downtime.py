"""Downtime expires no assignment: outages, and clocks that jump."""

import pytest

from bot.delivery.attempts import EXPIRED, FailureServices, Outcome, OutcomeKind, record_outcomes
from domain.moments import DAY, HOUR, MINUTE, SECOND, Moment, later
from domain.people.push_schedule import LeftInPeace
from domain.work.assignments import AssignmentState
from services.work import submit, sweeps
from storage import invariants
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.house import House, furnish
from tests.letters import due_letters


def settle(url: str, now: Moment, **changes: object) -> tuple[House, int]:
    """A house at work, with a task in the hands of its first worker."""
    with one_transaction(url, now) as unit:
        house = furnish(unit, workers=2, tasks=3, **changes)
        sweeps.note_downtime(unit)
        submit.show_work(unit, unit.people.get(house.workers[0]))
        in_hand = unit.assignments.active_for(house.workers[0])
        assert in_hand is not None
    return house, in_hand.id


def sweep(url: str, *moments: int) -> None:
    with one_transaction(url, Moment(moments[0])) as unit:
        for moment in moments:
            sweeps.return_downtime(UnitOfWork(unit.connection, Moment(moment)))


def left(url: str, number: int, now: int) -> tuple[str, int]:
    """(state, milliseconds left) of an assignment."""
    with one_transaction(url, Moment(now)) as unit:
        found = unit.assignments.find(number)
        assert found is not None
        return found.state, found.deadline - now


def test_after_25_hours_away_a_task_has_the_time_it_had_and_pay_is_not_later(database_url: str, now: Moment):
    house, number = settle(database_url, now, accept="review")
    with one_transaction(database_url, Moment(now + MINUTE)) as unit:
        submit.submit_answer(unit, unit.people.get(house.workers[0]), number, "0", None)
        in_hand = unit.assignments.active_for(house.workers[0])
        assert in_hand is not None
    sweep(database_url, *range(now, now + 2 * MINUTE + SECOND, 15 * SECOND))
    back = now + 2 * MINUTE + DAY + HOUR
    sweep(database_url, back)
    assert left(database_url, in_hand.id, back) == (AssignmentState.ACTIVE, 9 * MINUTE)
    with one_transaction(database_url, Moment(back)) as unit:
        letters = {letter.assignment: letter.expires_at for letter in due_letters(unit, 100)}
        assert letters[in_hand.id] == back + 9 * MINUTE
        assert unit.people.get(house.workers[0]).unanswered == 0
        submit.submit_answer(unit, unit.people.get(house.workers[0]), in_hand.id, "0", None)
        assert [(each.milliseconds, each.held_until) for each in unit.reviews.list_waiting(house.project, 0, 9)] == [
            (MINUTE, now + MINUTE + 3 * DAY),
            (MINUTE, back + 3 * DAY),
        ]
        assert invariants.find_violations(unit) == []


@pytest.mark.parametrize("jump", [5 * HOUR, -3 * HOUR], ids=["forward", "back"])
def test_a_clock_that_jumps_ends_nothing_and_time_goes_on_from_there(sqlite_url: str, now: Moment, jump: int):
    _, number = settle(sqlite_url, now)
    sweep(sqlite_url, *(now + second * SECOND for second in range(60)))
    there = now + MINUTE + jump
    sweep(sqlite_url, *(there + second * SECOND for second in range(60)))
    state, remaining = left(sqlite_url, number, there + MINUTE)
    assert state == AssignmentState.ACTIVE
    assert remaining >= 8 * MINUTE
    sweep(sqlite_url, *range(there + MINUTE, there + MINUTE + remaining + 16 * SECOND, 15 * SECOND))
    assert left(sqlite_url, number, there)[0] == AssignmentState.EXPIRED
    sweep(sqlite_url, now + 12 * HOUR)  # and a clock that is put right again is no harm


def test_a_task_that_telegram_did_not_take_was_left_unanswered_by_nobody(sqlite_url: str, now: Moment):
    house, number = settle(sqlite_url, now)
    with one_transaction(sqlite_url, now) as unit:
        submit.show_work(unit, unit.people.get(house.workers[1]))
        other = unit.assignments.active_for(house.workers[1])
        assert other is not None
        theirs = [letter.id for letter in due_letters(unit, 100) if letter.assignment == other.id]
        unit.outbox.mark_sent((letter, 7) for letter in theirs)
    sweep(sqlite_url, *range(now, now + 11 * MINUTE, 15 * SECOND))
    assert {left(sqlite_url, each, now)[0] for each in (number, other.id)} == {AssignmentState.EXPIRED}
    with one_transaction(sqlite_url, now) as unit:
        assert [unit.people.get(worker).unanswered for worker in house.workers] == [0, 1]


def test_no_letter_waits_for_a_time_that_was_before_the_clock_was_set_back(database_url: str, now: Moment):
    _, number = settle(database_url, now)
    earlier = Moment(now - HOUR)
    with one_transaction(database_url, earlier) as unit:
        assert due_letters(unit, 9) == []
        sweeps.return_downtime(unit)
        assert [letter.assignment for letter in due_letters(unit, 9)] == [number]


def test_a_letter_that_is_written_after_that_by_the_old_clock_does_not_wait_either(database_url: str, now: Moment):
    house, number = settle(database_url, now)
    earlier = Moment(now - HOUR)
    sweep(database_url, earlier)
    with one_transaction(database_url, later(now, MINUTE)) as unit:  # it has waited for the writer
        unit.outbox.tell(house.workers[0], LeftInPeace(), delay=4 * SECOND)
    sweep(database_url, later(earlier, 6 * SECOND))
    with one_transaction(database_url, later(earlier, 8 * SECOND)) as unit:
        assert [letter.assignment for letter in due_letters(unit, 9)] == [number]
    with one_transaction(database_url, later(earlier, 11 * SECOND)) as unit:
        assert [letter.assignment for letter in due_letters(unit, 9)] == [number, None]


def test_a_task_on_its_way_when_the_clock_is_set_forward_is_shown_nevertheless(database_url: str, now: Moment):
    """The relay knows of it and finds that it has expired, before any sweep has seen the jump."""
    house, _ = settle(database_url, now)
    after = FailureServices(lambda unit, person: None, lambda unit, letter, reason: None)
    with one_transaction(database_url, later(now, 3 * SECOND)) as unit:  # since the time was noted
        submit.show_work(unit, unit.people.get(house.workers[1]))
        letter = due_letters(unit, 9)[-1]
    there = later(now, 5 * HOUR)
    assert letter.expires_at is not None
    assert letter.expires_at < there
    with one_transaction(database_url, there) as unit:
        record_outcomes(unit, [Outcome(letter, OutcomeKind.DROPPED, reason=EXPIRED)], after)
        again = due_letters(unit, 9)[-1]
        assert (again.id, again.assignment_state, again.expires_at) == (letter.id, "active", there + 10 * MINUTE)
    with one_transaction(database_url, later(there, 11 * MINUTE)) as unit:
        sweeps.note_downtime(unit)
        unit.connection.changed("UPDATE outbox SET expires_at = :now", now=unit.now)
        record_outcomes(unit, [Outcome(again, OutcomeKind.DROPPED, reason=EXPIRED)], after)
        assert letter.id not in [each.id for each in due_letters(unit, 9)]
