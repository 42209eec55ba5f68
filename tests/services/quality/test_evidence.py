"""Examinations: which workers and when, and the figures shown to admins, on both databases."""

from typing import Any

import pytest

from domain.moments import HOUR, Moment
from domain.people.accounts import PersonId
from domain.quality.restrictions import PersonAudit, Suspects
from jobs import computing, evidence
from services.people import personal_data
from services.quality import restrictions
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

TASKS = 30


async def answered(database: Database, now: Moment) -> House:
    """Four workers answer a project whole, the last always the same: it ends by itself."""
    house = await database.transact(lambda unit: furnish(unit, workers=4, tasks=TASKS, overlap=4, max_overlap=4), now)
    for seat in range(4):
        await database.transact(answer_all, now, house, seat)
    return house


def answer_all(unit: UnitOfWork, house: House, seat: int) -> None:
    person = unit.people.get(house.workers[seat])
    submit.show_work(unit, person)
    while (in_hand := unit.assignments.active_for(person.id)) is not None:
        said = 0 if seat == 3 else house.tasks.index(in_hand.task) % 2
        submit.submit_answer(unit, person, in_hand.id, str(said), None)


async def test_the_last_answers_of_a_project_that_ended_are_looked_at_once(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    later = Moment(now + HOUR)
    assert house.project in await database.transact(lambda unit: unit.changed_projects.due("evidence"), later)
    await evidence.examine_projects(database, lambda: later)
    await evidence.examine_projects(database, lambda: later)
    assert await database.transact(lambda unit: unit.changed_projects.due("evidence"), later) == []
    against = await database.transact(lambda unit: unit.evidence.against(house.workers[3], 5), later)
    listed = await database.transact(lambda unit: unit.evidence.suspected(4.6, 5), later)
    assert [(row[0], row[1]) for row in listed] == [(house.workers[3], "constant")]
    assert "constant" in [found.suspicion for _, found in against]
    assert await database.transact(lambda unit: unit.restrictions.list_of_worker(house.workers[3], 5), later) == []


async def test_gold_that_is_taken_back_while_workers_are_examined_is_looked_at_next(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await answered(database, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)

    async def then_changed(*args: Any, **named: Any) -> Any:
        await database.transact(lambda unit: unit.gold_tasks.changed(house.project), now)
        return await computed(*args, **named)

    computed, left = computing.compute, []
    for compute in (then_changed, computed):
        monkeypatch.setattr(evidence, "compute", compute)
        await evidence.examine(database, project, lambda: now)
        left.append((await database.transact(lambda unit: unit.evidence.new_answers(house.project), now))[0])
    assert left == [4 * TASKS, 0]


async def test_of_who_took_their_answers_back_no_evidence_is_kept_or_made(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where they are being examined."""
    house = await answered(database, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    constant = house.workers[3]

    async def against(worker: PersonId) -> list[str]:
        found = await database.transact(lambda unit: unit.evidence.against(worker, 5), now)
        return [each.suspicion for _, each in found]

    async def then_withdrawn(*args: Any, **named: Any) -> Any:
        found = await computed(*args, **named)
        await database.transact(
            lambda u: personal_data.withdraw_consent(act_of(u, constant), house.project, sure=True), now
        )
        assert await against(constant) == []
        return found

    computed = computing.compute
    await evidence.examine(database, project, lambda: now)
    assert "constant" in await against(constant)
    monkeypatch.setattr(evidence, "compute", then_withdrawn)
    await evidence.examine(database, project, lambda: now)
    monkeypatch.setattr(evidence, "compute", computed)
    assert await against(constant) == []
    await evidence.examine(database, project, lambda: now)
    assert await against(constant) == []


async def test_an_admin_sees_who_is_paid_to_the_same_account_and_how_often_both_agree(
    database: Database, now: Moment
) -> None:
    house = await answered(database, now)
    first, second, other = house.workers[0], house.workers[1], house.workers[3]

    def audited(unit: UnitOfWork) -> PersonAudit | Suspects:
        for mate in (second, other):
            unit.payees.add_mates(first, mate)
        return restrictions.audit_person(act_of(unit, house.requester), str(unit.people.get(first).telegram_id))

    audit = await database.transact(audited, now)
    assert isinstance(audit, PersonAudit)
    assert audit.answers == TASKS
    assert [(each.shared, each.same) for each in audit.mates] == [(TASKS, TASKS), (TASKS, TASKS // 2)]
    labels = await database.transact(lambda unit: [unit.people.get(each).label for each in (second, other)], now)
    assert [each.who for each in audit.mates] == labels
