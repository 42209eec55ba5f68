"""“Can't tell” for everything: paid, noticed, asked less; and its tasks cost no more than was held."""

import pytest

from domain.moments import MINUTE, Moment, later
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectState
from domain.quality.restrictions import Suspects
from jobs import evidence
from services.quality import restrictions
from services.work import places, submit
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import FEE, FUNDS, PAY, House, furnish


def answer(unit: UnitOfWork, worker: PersonId, count: int, said: str | None) -> int:
    """How many tasks were answered so before nothing came any more."""
    person, done = unit.people.get(worker), 0
    submit.show_work(unit, person)
    while done < count and (in_hand := unit.assignments.active_for(worker)) is not None:
        done += 1
        submit.submit_answer(unit, person, in_hand.id, said, None)
    return done


async def one_silent(database: Database, now: Moment) -> House:
    """Three workers; the last says nothing where the two others can tell."""
    house = await database.transact(lambda unit: furnish(unit, workers=3, tasks=80, gold=20, overlap=3), now)
    for seat, said in enumerate(("0", "0", None)):
        await database.transact(answer, now, house.workers[seat], 40, said)
    await evidence.examine_projects(database, lambda: now)
    return house


@pytest.mark.usefixtures("tasks_in_file_order")
async def test_it_is_noticed_paid_and_never_punished(database: Database, now: Moment) -> None:
    house = await one_silent(database, now)
    silent = house.workers[2]
    found = await database.transact(lambda unit: unit.evidence.against(silent, 5), now)
    assert [(each.suspicion, each.observed) for _, each in found] == [("silent", 1.0)]
    listed = await database.transact(lambda unit: unit.evidence.suspected(4.6, 5), now)
    assert [row[:2] for row in listed] == [(silent, "silent")]
    assert await database.transact(lambda unit: unit.restrictions.list_of_worker(silent, 5), now) == []
    paid = """
    SELECT count(*) FROM submissions s JOIN transfers t ON t.submission = s.id AND t.kind = 'reward'
    WHERE s.worker = :worker"""
    count = await database.transact(lambda unit: unit.connection.all(paid, worker=silent)[0][0], now)
    assert count == 40


async def test_whoever_is_silent_gets_a_task_now_and_then_even_alone(database: Database, now: Moment) -> None:
    house = await one_silent(database, now)
    silent = house.workers[2]
    for worker in house.workers[:2]:  # the others have gone home
        await database.transact(lambda unit, who=worker: restrictions_free(unit, who), now)
    given = 0
    for minute in range(60):
        given += await database.transact(answer, later(now, minute * MINUTE), silent, 40, None)
    assert 1 <= given <= 6


def restrictions_free(unit: UnitOfWork, worker: PersonId) -> None:
    """What is in their hand goes back."""
    in_hand = unit.assignments.active_for(worker)
    if in_hand is not None:
        places.return_assignment(unit, in_hand)


@pytest.mark.usefixtures("tasks_in_file_order")
async def test_the_admin_can_look_and_the_worker_is_told_why(database: Database, now: Moment) -> None:
    house = await one_silent(database, now)

    looked = await database.transact(lambda unit: restrictions.audit_person(act_of(unit, house.requester), ""), now)
    label = await database.transact(lambda unit: unit.people.get(house.workers[2]).label, now)
    assert isinstance(looked, Suspects)
    assert [(each.who, each.suspicion) for each in looked.found] == [(label, "silent")]
    assert await database.transact(lambda unit: unit.evidence.is_silent(house.workers[2], house.project, 4.6), now)


@pytest.mark.parametrize("kind", ["choice", "text"])
async def test_a_task_nobody_could_tell_takes_no_money_that_was_not_held(
    database: Database, now: Moment, kind: str
) -> None:
    """Before, one more answer was paid from the requester's free money, beyond what the card said at most."""
    options = ("positive", "negative") if kind == "choice" else ()
    house = await database.transact(
        lambda unit: furnish(unit, workers=2, tasks=3, overlap=1, max_overlap=1, kind=kind, options=options), now
    )
    assert await database.transact(answer, now, house.workers[0], 9, None) == 3
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    assert project.state is ProjectState.COMPLETE
    free = await database.transact(lambda unit: unit.ledger.balance("requester:1000:available"), now)
    assert free == FUNDS - 3 * (PAY + FEE)
    assert await database.transact(find_violations, now) == []


async def test_with_a_wanted_confidence_it_is_asked_up_to_the_largest_overlap(database: Database, now: Moment) -> None:
    house = await database.transact(
        lambda unit: furnish(unit, workers=3, tasks=2, overlap=1, max_overlap=2, confidence=0.9), now
    )
    given = [await database.transact(answer, now, worker, 9, None) for worker in house.workers]
    assert given == [2, 2, 0]
    assert await database.transact(find_violations, now) == []
