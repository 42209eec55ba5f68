"""Pushes are made a few in a transaction, and ask a distant database a few times each."""

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from services.people import settings
from services.work import sweeps
from storage.database import Database, one_transaction
from storage.drivers.postgresql import Failure, Pipeline
from storage.unit import UnitOfWork
from tests.house import furnish, launch, settle_plans


def waiting_in_a_house_of_many_projects(unit: UnitOfWork, workers: int) -> None:
    house = furnish(unit, workers=workers, tasks=2 * workers)
    for other in settle_plans(unit, house.requester, 3, 4):
        launch(unit, house.requester, other)
    for worker in house.workers:
        settings.update_push_window(unit, worker, just_acted=True)


def served(unit: UnitOfWork) -> list[PersonId]:
    return [row[0] for row in unit.connection.all("SELECT worker FROM assignments WHERE pushed = 1 ORDER BY id")]


async def test_a_push_serves_a_few_of_those_who_wait_in_their_order_and_says_whether_there_may_be_more(
    database: Database, now: Moment
) -> None:
    workers = 2 * sweeps.PUSHES_PER_SWEEP + 1
    await database.transact(waiting_in_a_house_of_many_projects, now, workers)
    waiting = await database.transact(lambda unit: [each.id for each in unit.people.list_waiting(now, workers)], now)
    found = [
        (await database.transact(sweeps.push_tasks, now), len(await database.transact(served, now))) for _ in range(3)
    ]
    assert found == [(True, sweeps.PUSHES_PER_SWEEP), (True, 2 * sweeps.PUSHES_PER_SWEEP), (False, workers)]
    assert await database.transact(served, now) == waiting
    assert await database.transact(sweeps.push_tasks, now) is False


async def test_the_card_of_a_launch_counts_who_waits_for_anything_or_for_what_comes_later(
    database: Database, now: Moment
) -> None:
    await database.transact(waiting_in_a_house_of_many_projects, now, 3)

    def counts(unit: UnitOfWork) -> tuple[int, int, int]:
        before, (first, second) = unit.people.count_idle(), (each.id for each in unit.people.list_waiting(now, 2))
        unit.connection.changed("UPDATE people SET idle = 2 WHERE id = :id", id=first)
        parked = unit.people.count_idle()
        unit.connection.changed("UPDATE people SET idle = 0, push_changes_at = NULL WHERE id = :id", id=second)
        return before, parked, unit.people.count_idle()

    assert await database.transact(counts, now) == (3, 3, 2)


def test_each_further_push_asks_postgresql_ten_times_at_most(
    postgresql_url: str, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them found what it needs by twenty-four questions, while answers waited for the writer."""
    asked: list[Pipeline] = []
    answers = Pipeline._read_results

    def counted(self: Pipeline) -> Failure | None:
        asked.append(self)
        return answers(self)

    monkeypatch.setattr(Pipeline, "_read_results", counted)
    with one_transaction(postgresql_url, now) as unit:
        waiting_in_a_house_of_many_projects(unit, 40)
    counts = []
    for pushed in (2, 2, 12):
        monkeypatch.setattr(sweeps, "PUSHES_PER_SWEEP", pushed)
        with one_transaction(postgresql_url, now) as unit:
            asked.clear()
            sweeps.push_tasks(unit)
            counts.append(len(asked))
    assert 0 < counts[2] - counts[1] <= 10 * 10
