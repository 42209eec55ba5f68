"""A requester's own gold binds them: an answer it accepts cannot be rejected."""

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.refusals import RightByGold
from domain.work.assignments import SubmissionId
from services.fairness import review
from services.quality import gold_challenges
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

GIVEN = "SELECT id FROM submissions WHERE gold = :right ORDER BY id"


async def answered(database: Database, now: Moment) -> House:
    """Two workers meet gold: the first is right, the other is not."""
    house = await database.transact(lambda unit: furnish(unit, tasks=20, gold=9, overlap=2, accept="review"), now)
    for worker, said in zip(house.workers, ("0", "1"), strict=True):
        await database.transact(lambda unit, who=worker, what=said: answer(unit, who, what), now)
    return house


def answer(unit: UnitOfWork, worker: PersonId, said: str) -> None:
    person = unit.people.get(worker)
    submit.show_work(unit, person)
    while (in_hand := unit.assignments.active_for(person.id)) is not None and not met(unit, person.id):
        submit.submit_answer(unit, person, in_hand.id, said, None)


def met(unit: UnitOfWork, worker: int) -> bool:
    seen = "SELECT 1 FROM submissions WHERE worker = :worker AND gold IS NOT NULL"
    return unit.connection.one(seen, worker=worker) is not None


def given(unit: UnitOfWork, right: int) -> SubmissionId:
    return SubmissionId(unit.connection.all(GIVEN, right=right)[0][0])


async def test_a_right_answer_to_ones_own_check_question_is_not_rejected(database: Database, now: Moment) -> None:
    house = await answered(database, now)

    def press(unit: UnitOfWork, step: str) -> None:
        act, number = act_of(unit, house.requester), given(unit, 1)
        if step == "line":
            review.ask_for_line(act, number)
        elif step == "reason":
            review.ask_for_reason(act, number, 1)
        else:
            draft = {"submission": number, "line": 1}
            review.reject_with_typed_reason(act, draft, "It does not follow the line at all.")

    for step in ("line", "reason", "words"):
        with pytest.raises(RightByGold):
            await database.transact(press, now, step)
    assert await database.transact(lambda unit: unit.connection.all("SELECT 1 FROM rejections"), now) == []


async def test_nor_while_it_is_on_trial_and_put_aside(database: Database, now: Moment) -> None:
    house = await answered(database, now)

    def put_aside(unit: UnitOfWork) -> SubmissionId:
        number = given(unit, 1)
        task = unit.tasks.lock(unit.submissions.get(number).task)
        opened = gold_challenges._get_or_open_challenge(unit, task)
        gold_challenges._suspend(unit, unit.projects.get(house.project), opened)
        return number

    number = await database.transact(put_aside, now)
    with pytest.raises(RightByGold):
        await database.transact(lambda unit: review.ask_for_line(act_of(unit, house.requester), number), now)


async def test_a_missed_one_may_be(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    await database.transact(lambda unit: review.ask_for_line(act_of(unit, house.requester), given(unit, 0)), now)
