"""A day in the house, through the services: answers, gold, skips, a task still in hand, pay still held."""

from typing import Any

from domain.moments import Moment
from domain.people.accounts import PersonId
from services.money import transfers
from services.work import submit
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish


def turn(unit: UnitOfWork, worker: PersonId, skips: bool = False) -> bool:
    """One worker takes a task and answers it (or skips it); False when there is none for them."""
    person = unit.people.get(worker)
    if unit.assignments.active_for(worker) is None:
        submit.show_work(unit, person)
    in_hand = unit.assignments.active_for(worker)
    if in_hand is None:
        return False
    if skips:
        submit.skip_task(act_of(unit, worker), in_hand.id)
    else:
        submit.submit_answer(unit, person, in_hand.id, "0", None)
    return True


def a_day(url: str, now: Moment, rounds: int = 3, **changes: Any) -> House:
    """Four workers, six tasks, two gold; one is qualified, one is let go early; tasks are in hand in the end."""
    with one_transaction(url, now) as unit:
        house = furnish(unit, workers=4, tasks=6, gold=2, **changes)
        unit.enrolments.enrol(house.workers[1], house.project)
        unit.enrolments.qualify(house.workers[1], house.project)
    for step in range(rounds):
        for worker in house.workers:
            with one_transaction(url, Moment(now + 1_000 * step)) as unit:
                turn(unit, worker, skips=step == 1 and worker == house.workers[0])
    with one_transaction(url, now) as unit:
        trust(unit, house.workers[2], house)
    return house


def trust(unit: UnitOfWork, worker: PersonId, house: House) -> None:
    """What this worker's first answers wait for is let go."""
    for held in unit.submissions.held_of(worker, house.project)[:2]:
        transfers.release_pay(unit, unit.people.get(worker), unit.projects.get(house.project), held)
