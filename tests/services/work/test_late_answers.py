"""An answer after its time takes a place again only where its worker would be given one now."""

from collections.abc import Callable

import pytest

from domain.conduct.evidence import Evidence
from domain.moments import DAY, HOUR, Moment, later
from domain.money.ledger import accounts_of_worker
from domain.people.accounts import PersonId
from domain.refusals import TooLate
from domain.work.assignments import AssignmentId
from services.people import blocks
from services.quality import restrictions
from services.work import submit, sweeps
from storage import invariants
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import PAY, House, furnish


def taken(unit: UnitOfWork, worker: PersonId) -> AssignmentId:
    submit.show_work(unit, unit.people.get(worker))
    in_hand = unit.assignments.active_for(worker)
    assert in_hand is not None
    return in_hand.id


def answer(unit: UnitOfWork, worker: PersonId, assignment: AssignmentId) -> None:
    submit.submit_answer(unit, unit.people.get(worker), assignment, "0", None)


def expired(url: str, now: Moment, house: House, tasks: int) -> list[AssignmentId]:
    """Tasks that the first worker took one after the other and let lie."""
    found = []
    for hour in range(tasks):
        with one_transaction(url, later(now, hour * HOUR)) as unit:
            sweeps.expire_assignments(unit)
            found.append(taken(unit, house.workers[0]))
    with one_transaction(url, later(now, tasks * HOUR)) as unit:
        sweeps.expire_assignments(unit)
    return found


def count(unit: UnitOfWork, house: House) -> int:
    known = unit.enrolments.find(house.workers[0], house.project)
    return known.answered if known else 0


@pytest.mark.parametrize("most", [1, 2])
def test_late_answers_keep_the_most_that_a_worker_may_give(database_url: str, now: Moment, most: int) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=4, overlap=1, who=(f"at most={most}",))
    found = expired(database_url, now, house, most + 1)
    with one_transaction(database_url, later(now, 9 * HOUR)) as unit:
        answer(unit, house.workers[0], found[0])
        for each in found[1:]:
            with pytest.raises(TooLate):  # the most is reached, or will be by the task that followed
                answer(unit, house.workers[0], each)
        following = unit.assignments.active_for(house.workers[0])
        if following is not None:
            answer(unit, house.workers[0], following.id)
        for each in found[1:]:
            with pytest.raises(TooLate):
                answer(unit, house.workers[0], each)
        assert count(unit, house) == most
    with one_transaction(database_url, later(now, 9 * HOUR)) as unit:
        assert invariants.find_violations(unit) == []


def test_the_task_in_hand_counts_towards_the_most(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=4, overlap=1, who=("at most=1",))
    (late,) = expired(database_url, now, house, 1)
    with one_transaction(database_url, later(now, 2 * HOUR)) as unit:
        in_hand = taken(unit, house.workers[0])
        with pytest.raises(TooLate):
            answer(unit, house.workers[0], late)
        answer(unit, house.workers[0], in_hand)
        assert count(unit, house) == 1


def block(unit: UnitOfWork, house: House) -> None:
    blocks.block_worker(act_of(unit, house.requester), house.workers[0], "They press whatever comes first.")


def restrict(unit: UnitOfWork, house: House) -> None:
    found = [Evidence(house.workers[0], "random", 10.0, 40, 5, 0.8, 0.5)]
    restrictions.apply_evidence(unit, unit.projects.get(house.project), house.workers[0], found)


def bar(unit: UnitOfWork, house: House) -> None:
    unit.enrolments.bar(house.workers[0], house.requester)


@pytest.mark.parametrize("end", [block, restrict, bar])
def test_who_is_offered_nothing_more_has_no_place_after_the_time(
    database_url: str, now: Moment, end: Callable[[UnitOfWork, House], None]
) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=4, overlap=1)
    (late,) = expired(database_url, now, house, 1)
    with one_transaction(database_url, later(now, 2 * HOUR)) as unit:
        end(unit, house)
        with pytest.raises(TooLate):
            answer(unit, house.workers[0], late)
        assert count(unit, house) == 0


@pytest.mark.parametrize("end", [block, restrict])
def test_what_they_have_in_hand_is_received_and_paid(
    database_url: str, now: Moment, end: Callable[[UnitOfWork, House], None]
) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=4, overlap=1)
        in_hand = taken(unit, house.workers[0])
        end(unit, house)
        answer(unit, house.workers[0], in_hand)
        assert count(unit, house) == 1
        accounts = accounts_of_worker(unit.people.get(house.workers[0]))
        assert sum(unit.ledger.balance(each, "EUR") for each in accounts) == PAY


def test_a_restriction_that_is_over_leaves_the_place(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=4, overlap=1)
    (late,) = expired(database_url, now, house, 1)
    with one_transaction(database_url, later(now, 2 * HOUR)) as unit:
        restrict(unit, house)
    with one_transaction(database_url, later(now, 8 * DAY)) as unit:
        answer(unit, house.workers[0], late)
        assert count(unit, house) == 1
