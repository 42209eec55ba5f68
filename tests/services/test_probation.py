"""Probation ends by gold, or where no gold can come any more."""

from dataclasses import replace

import pytest

from domain.moments import HOUR, Moment, later
from domain.money.ledger import available_account, pending_account
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectState
from domain.projects.tasks import TaskId
from domain.work.assignments import BATCH
from services.projects.lifecycle import end_project
from services.work import dispatch, honest_card, places, submit
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.house import PAY, House, furnish


def answer(unit: UnitOfWork, worker: PersonId, count: int, said: str = "0", to_gold: str = "0") -> int:
    person, done = unit.people.get(worker), 0
    submit.show_work(unit, person)
    while done < count and (in_hand := unit.assignments.active_for(worker)) is not None:
        gold = unit.tasks.get(in_hand.task).gold is not None
        submit.submit_answer(unit, person, in_hand.id, to_gold if gold else said, None)
        done += 1
    return done


def pending(unit: UnitOfWork, worker: PersonId) -> int:
    return unit.ledger.balance(pending_account(unit.people.get(worker)))


def available(unit: UnitOfWork, worker: PersonId) -> int:
    return unit.ledger.balance(available_account(unit.people.get(worker)))


async def test_ordinary_tasks_that_run_out_first_leave_nobody_waiting(database: Database, now: Moment) -> None:
    """Seven answers, one of them gold, five gold tasks unused: as it was found."""
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=2, gold=5, overlap=2), now)
    done = await database.transact(answer, now, house.workers[0], 99)
    await database.transact(places.end_stranded, now)
    assert await database.transact(pending, now, house.workers[0]) == 0
    assert await database.transact(available, now, house.workers[0]) == done * PAY
    assert await database.transact(find_violations, now) == []


@pytest.mark.parametrize("how", ["used up", "stopped"])
async def test_gold_that_others_used_up_or_an_end_leaves_nobody_waiting(
    database: Database, now: Moment, how: str
) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=40, gold=9, overlap=2), now)
    worker = house.workers[0]
    await database.transact(answer, now, worker, 2)
    assert await database.transact(pending, now, worker) == 2 * PAY
    await database.transact(places.end_stranded, now)
    assert await database.transact(pending, now, worker) == 2 * PAY  # gold can still come

    def gone(unit: UnitOfWork) -> None:
        if how == "stopped":
            end_project(unit, unit.people.get(house.requester), unit.projects.get(house.project), ProjectState.STOPPED)
        else:
            unit.connection.changed("DELETE FROM openings WHERE gold = 1")

    await database.transact(gone, now)
    await database.transact(places.end_stranded, now)
    assert await database.transact(pending, now, worker) == (0 if how == "stopped" else 2 * PAY)  # they may go on
    await database.transact(places.end_stranded, later(now, HOUR))
    assert await database.transact(pending, now, worker) == 0


async def test_without_gold_agreement_with_the_others_decides(database: Database, now: Moment) -> None:
    """Two missed the only gold they met; one agrees with the others in everything else, one in nothing."""
    house = await database.transact(
        lambda unit: furnish(unit, workers=5, tasks=12, gold=1, overlap=5, max_overlap=5), now
    )
    *others, agreeing, odd = house.workers
    for worker, said in (*((worker, "0") for worker in others), (agreeing, "0"), (odd, "1")):
        await database.transact(lambda unit, who=worker: missed(unit, house, who), now)
        await database.transact(answer, now, worker, 99, said, "1")
    await database.transact(places.end_stranded, now)
    assert await database.transact(pending, now, agreeing) == 0
    assert await database.transact(pending, now, odd) > 0
    assert await database.transact(find_violations, now) == []


def missed(unit: UnitOfWork, house: House, worker: PersonId) -> None:
    """Their first answer is to gold, and wrong."""
    person, gold = unit.people.get(worker), house.tasks[-1]
    unit.enrolments.enrol(worker, house.project)
    assert unit.openings.take(gold)
    deadline = Moment(unit.now + 60_000)
    number = unit.assignments.add(house.project, gold, worker, unit.now, deadline, False)
    assert number is not None
    submit.submit_answer(unit, person, number, "1", None)


async def test_the_sweep_comes_round_to_everybody(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who stay pending do not keep it from the others."""
    monkeypatch.setattr(places, "WORKERS_PER_SWEEP", 1)
    house = await database.transact(lambda unit: furnish(unit, workers=3, tasks=40, gold=9, overlap=3), now)
    for worker in house.workers:
        await database.transact(answer, now, worker, 2)
    first = house.workers[0]
    await database.transact(lambda unit: hopeless(unit, house, first), now)
    for _ in range(5):
        await database.transact(places.end_stranded, later(now, HOUR))
    left = [await database.transact(pending, now, worker) for worker in house.workers]
    assert left == [2 * PAY, 0, 0]


def hopeless(unit: UnitOfWork, house: House, worker: PersonId) -> None:
    """Gold is gone; one has missed all they met."""
    unit.connection.changed("DELETE FROM openings WHERE gold = 1")
    unit.connection.changed("UPDATE enrolments SET gold_seen = 5, gold_right = 0 WHERE worker = :worker", worker=worker)


async def test_three_right_check_questions_end_probation_with_the_batch_not_with_the_third(
    database: Database, now: Moment
) -> None:
    """Pay that becomes available right after one answer tells that it was a check question."""
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=40, gold=9, overlap=2), now)
    worker = house.workers[0]
    held = [PAY]
    while held[-1]:
        await database.transact(answer, now, worker, 1)
        held.append(await database.transact(pending, now, worker))
    answers = len(held) - 1
    assert held[1:] == [*(PAY * count for count in range(1, answers)), 0]
    assert answers % BATCH == 0


async def test_who_leaves_within_a_batch_is_paid_an_hour_later(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=40, gold=9, overlap=2), now)
    worker = house.workers[0]
    await database.transact(answer, now, worker, 4)
    proven = "UPDATE enrolments SET gold_seen = 3, gold_right = 3"
    await database.transact(lambda unit: unit.connection.changed(proven), now)
    for moment, left in ((later(now, HOUR - 1), 4 * PAY), (later(now, HOUR), 0)):
        await database.transact(places.end_stranded, moment)
        assert await database.transact(pending, now, worker) == left


async def test_only_what_can_happen_is_promised(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=3, gold=2), now)

    def promised(unit: UnitOfWork) -> bool:
        project, enrolment = unit.projects.get(house.project), unit.enrolments.enrol(house.workers[0], house.project)
        return bool(honest_card.get_honest_card(unit, project, unit.tasks.get(house.tasks[0]), enrolment).gold)

    assert await database.transact(promised, now)
    await database.transact(lambda unit: unit.connection.changed("DELETE FROM openings WHERE gold = 1"), now)
    assert not await database.transact(promised, now)


async def test_the_last_check_question_in_hand_is_not_promised_to_be_paid_at_once(
    database: Database, now: Moment
) -> None:
    """A wrong answer to it is paid 72 hours later; and the card gave away which task it was."""
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=2, gold=1), now)

    def may_wait(unit: UnitOfWork, task: TaskId) -> bool:
        project, enrolment = unit.projects.get(house.project), unit.enrolments.enrol(house.workers[0], house.project)
        return bool(honest_card.get_honest_card(unit, project, unit.tasks.get(task), enrolment).gold)

    await database.transact(lambda unit: unit.connection.changed("DELETE FROM openings WHERE gold = 1"), now)
    assert await database.transact(may_wait, now, house.tasks[-1])
    assert not await database.transact(may_wait, now, house.tasks[0])


@pytest.mark.parametrize(("right", "proof"), [(1, (1, 6, 4)), (2, None)])
async def test_the_count_of_check_questions_ends_with_the_answer_that_completes_it(
    database: Database, now: Moment, right: int, proof: tuple[int, int, int] | None
) -> None:
    """The task after “🎉 passed” asked for check questions still."""
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=40, gold=9), now)

    def find_proof(unit: UnitOfWork) -> tuple[int, int, int] | None:
        enrolment = unit.enrolments.enrol(house.workers[0], house.project)
        proven = replace(enrolment, answered=BATCH, gold_seen=3, gold_right=right)  # as read before the answer counted
        return dispatch._find_proof(unit, unit.projects.get(house.project), proven)

    assert await database.transact(find_proof, now) == proof
