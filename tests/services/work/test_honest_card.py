"""Before the first answer: no figure by the hour from few answers, and none that forgets the way to an errand."""

from domain.moments import SECOND, Moment, later
from domain.people.people import PersonId
from domain.work.honest_card import HonestCard
from services.work import dispatch, submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import PAY, House, furnish

QUICK, STATED = 6 * SECOND, 300
PLACE = "48.85837,2.29448"


def card(unit: UnitOfWork, house: House) -> HonestCard:
    project, enrolment = unit.projects.get(house.project), unit.enrolments.enrol(house.workers[1], house.project)
    return dispatch.honest_card(unit, project, unit.tasks.get(house.tasks[-1]), enrolment)


def hand_in(unit: UnitOfWork, worker: PersonId) -> None:
    in_hand = unit.assignments.active_for(worker)
    assert in_hand is not None
    submit.submit(unit, unit.people.get(worker), in_hand.id, PLACE, None)


async def test_an_errand_claims_no_hourly_pay_before_25_answers_and_never_without_the_way(
    database: Database, now: Moment
) -> None:
    """Twenty-five people who stand beside the post box: six seconds each, and five minutes on foot."""
    asked = {"kind": "location", "options": (), "overlap": 1, "max_overlap": 1, "seconds": STATED}
    house = await database.transact(lambda unit: furnish(unit, workers=2, tasks=26, **asked), now)
    first = house.workers[0]
    await database.transact(lambda unit: submit.work(unit, unit.people.get(first)), now)
    for done in range(1, 25):
        await database.transact(hand_in, later(now, done * QUICK), first)
    few = await database.transact(card, now, house)
    assert (few.hourly, few.measured, few.stated, few.milliseconds) == (None, False, True, STATED * SECOND)
    await database.transact(hand_in, later(now, 25 * QUICK), first)
    enough = await database.transact(card, now, house)
    assert (enough.measured, enough.milliseconds) == (True, STATED * SECOND)
    assert enough.hourly == PAY * 3600 // STATED
