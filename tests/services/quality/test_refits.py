"""A refit writes a little at a time, counts only when it is whole, and says whose turn comes later."""

from typing import Any

import pytest

from domain.moments import Moment, later
from domain.people.accounts import PersonId
from jobs import computing, refits
from services.quality import gold
from services.work import submit
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.house import House, furnish

GUESSERS = 2  # of the workers, the first


async def answered(database: Database, now: Moment, workers: int = 8, tasks: int = 40) -> House:
    """Everybody answers everything, the guessers by the parity of their number and the task's."""
    house = await database.transact(
        lambda unit: furnish(unit, workers=workers, tasks=tasks, overlap=workers, max_overlap=workers), now
    )
    for seat in range(workers):
        await database.transact(answer_all, now, house, seat)
    return house


def answer_all(unit: UnitOfWork, house: House, seat: int) -> None:
    person = unit.people.get(house.workers[seat])
    submit.show_work(unit, person)
    while (in_hand := unit.assignments.active_for(person.id)) is not None:
        place = house.tasks.index(in_hand.task)
        guess = (place // 2 + seat) % 2 if seat < GUESSERS else place % 2
        submit.submit_answer(unit, person, in_hand.id, str(guess), None)


def learnt(unit: UnitOfWork) -> list[list[Any]]:
    """All that a refit writes, but for the time it did."""
    return [
        [tuple(row) for row in unit.connection.all(sql)]
        for sql in (
            "SELECT model, answers, last_submission FROM project_models",
            "SELECT worker, model FROM worker_models ORDER BY worker",
            "SELECT worker, worth, later FROM enrolments ORDER BY worker",
            "SELECT id, state, consensus, confidence, scores, scored FROM tasks ORDER BY id",
        )
    ]


async def test_a_refit_that_was_killed_half_way_is_made_again_and_comes_to_the_same(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refits, "ROWS_PER_TRANSACTION", 5)
    house = await answered(database, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    ticks = iter([now] * 4)
    with pytest.raises(RuntimeError, match="StopIteration"):
        await refits.refit(database, project, lambda: next(ticks))
    halfway = await database.transact(learnt, now)
    await refits.refresh(database, project, lambda: now)
    again = await database.transact(learnt, now)
    assert halfway != again
    await refits.refit(database, project, lambda: now)
    assert await database.transact(learnt, now) == again


@pytest.mark.parametrize("said", ["0", None])
async def test_a_last_submission_that_says_nothing_is_seen_too(
    database: Database, now: Moment, said: str | None
) -> None:
    """Else each request for results would relearn the whole project."""
    house = await database.transact(lambda unit: furnish(unit, workers=3, tasks=2), now)
    for seat, worker in enumerate(house.workers):
        for at in range(2):
            await database.transact(answer_one, now, worker, None if (seat, at) == (2, 1) else said)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    fitted = []
    for moment in (later(now, 1), later(now, 2)):
        await refits.refresh(database, project, lambda moment=moment: moment)  # type: ignore[misc]
        fitted.append(await database.transact(lambda unit: unit.models.fitted(house.project), now))
    assert fitted[0] == fitted[1]
    assert fitted[0].last_submission == await database.transact(lambda u: u.submissions.last_of(house.project), now)


def answer_one(unit: UnitOfWork, worker: PersonId, said: str | None) -> None:
    person = unit.people.get(worker)
    submit.show_work(unit, person)
    in_hand = unit.assignments.active_for(person.id)
    assert in_hand is not None
    submit.submit_answer(unit, person, in_hand.id, said, None)


async def test_what_changes_while_a_refit_runs_is_learnt_next(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Be it the first refit or a later one, and whether or not it was already asked for."""
    house = await answered(database, now, workers=4, tasks=6)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    made = iter(house.tasks)

    async def then_gold(*args: Any, **named: Any) -> Any:
        task = next(made)
        await database.transact(lambda unit: gold.make_gold(unit, project, task, ("positive",)), now)
        return await computed(*args, **named)

    async def seen() -> int:
        return (await database.transact(lambda unit: unit.models.fitted(house.project), now)).last_submission

    computed = computing.compute
    for _ in range(2):
        monkeypatch.setattr(refits, "compute", then_gold)
        await refits.refresh(database, project, lambda: now)
        assert await seen() == 0
        monkeypatch.setattr(refits, "compute", computed)
        await refits.refresh(database, project, lambda: now)
        assert await seen() > 0
        await database.transact(lambda unit: unit.gold_tasks.changed(house.project), now)


async def test_who_guesses_is_asked_later_and_nobody_else(database: Database, now: Moment) -> None:
    house = await answered(database, now)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    await refits.refit(database, project, lambda: now)
    later = "SELECT worker FROM enrolments WHERE later = 1 ORDER BY worker"
    found = await database.transact(lambda unit: [row[0] for row in unit.connection.all(later)], now)
    assert found == list(house.workers[:GUESSERS])


def answer_ordinary(unit: UnitOfWork, house: House, worker: PersonId, most: int, guesses: bool) -> None:
    """Until so many ordinary tasks are answered or nothing is left. The truth is the first option; guessers say the
    other, and to every second known question."""
    person, known = unit.people.get(worker), 0
    submit.show_work(unit, person)
    while most and (in_hand := unit.assignments.active_for(worker)) is not None:
        task = unit.tasks.get(in_hand.task)
        most -= task.gold is None
        known += task.gold is not None
        said = guesses and (task.gold is None or known % 2)
        submit.submit_answer(unit, person, in_hand.id, str(int(said)), None)


async def test_what_closed_early_opens_again_when_its_workers_turn_out_to_be_bad(
    database: Database, now: Moment
) -> None:
    house = await database.transact(
        lambda unit: furnish(
            unit, workers=9, tasks=20, gold=10, overlap=9, max_overlap=9, confidence=0.8
        ), now
    )  # fmt: skip
    for worker in house.workers[:3]:
        await database.transact(answer_ordinary, now, house, worker, 10, guesses=True)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    assert await database.transact(closed, now) > 0, "newcomers who agree are believed"
    await refits.refit(database, project, lambda: now)
    assert await database.transact(closed, now) == 0, "they missed half the known answers"
    assert await database.transact(find_violations, now) == []
    for worker in house.workers[3:]:
        await database.transact(answer_ordinary, now, house, worker, 40, guesses=False)
    await refits.refit(database, project, lambda: now)
    assert await database.transact(find_violations, now) == []
    assert await database.transact(lambda unit: unit.projects.get(house.project).state, now) == "complete"


def closed(unit: UnitOfWork) -> int:
    (found,) = unit.connection.all("SELECT count(*) FROM tasks WHERE state = 'closed'")
    return int(found[0])
