"""Workers of every kind are relearnt off the answer path; what the live engine said stays beside it."""

import csv
from collections.abc import Callable

import pytest

from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import Project
from jobs import exports, refits
from services.work import submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import House, furnish

Answer = Callable[[int, int], str]
TRUTH = {
    "number": "100",
    "rating": "3",
    "text": "the red cat sat",
    "choices": "0,2",
    "best_worst": "0,2",
    "choice": "0",
}
WRONG = {"number": "175", "rating": "0", "text": "a red cat sat", "choices": "1", "best_worst": "1,0", "choice": "1"}
SCATTERED: dict[str, Callable[[int], str]] = {
    "number": lambda at: str(60 + 29 * at % 90),
    "rating": lambda at: str((0, 4, 1)[at % 3]),
    "text": lambda at: f"something else {at}",
    "choices": lambda at: ("1", "0,1", "2")[at % 3],
    "best_worst": lambda at: ("1,2", "0,1", "2,0")[at % 3],
}
OPTIONS = {
    "choices": ("a", "b", "c"),
    "best_worst": ("a", "b", "c"),
    "choice": ("yes", "no"),
    "rating": ("1", "2", "3", "4", "5"),
}


def answer_all(unit: UnitOfWork, worker: PersonId, seat: int, said: Answer) -> None:
    """A worker takes every task there is for them."""
    person = unit.people.get(worker)
    submit.show_work(unit, person)
    while (in_hand := unit.assignments.active_for(worker)) is not None:
        submit.submit_answer(unit, person, in_hand.id, said(seat, unit.tasks.get(in_hand.task).position), None)


async def answered(
    database: Database, now: Moment, kind: str, said: Answer, workers: int = 3, **more: float
) -> tuple[House, Project]:
    fields = {"kind": kind, "options": OPTIONS.get(kind, ()), "overlap": workers, "max_overlap": workers}
    house = await database.transact(lambda unit: furnish(unit, workers=workers, **{**fields, **more}), now)
    for seat, worker in enumerate(house.workers):
        await database.transact(answer_all, now, worker, seat, said)
    return house, await database.transact(lambda unit: unit.projects.get(house.project), now)


async def results(database: Database, now: Moment, house: House) -> list[dict[str, str]]:
    made = await exports.make_results_file(database, {"number": house.project, "format": "csv"}, now)
    rows = list(csv.DictReader(made.path.read_text("utf-8-sig").splitlines()))
    made.path.unlink()
    return rows


@pytest.mark.parametrize("kind", ["number", "rating", "text", "choices", "best_worst"])
async def test_two_against_two_the_two_who_agreed_before_are_believed(
    database: Database, now: Moment, kind: str
) -> None:
    """Nobody met gold: that the first two are careful shows in the other tasks alone."""

    def said(seat: int, position: int) -> str:
        if seat < 2:
            return TRUTH[kind]
        return WRONG[kind] if position > 10 else SCATTERED[kind](seat + 2 * position)

    house, project = await answered(database, now, kind, said, workers=4, tasks=12)
    await refits.refresh(database, project, lambda: now)
    rows = await results(database, now, house)
    expected = {"choices": "a|c", "rating": "4", "best_worst": "a>c"}.get(kind, TRUTH[kind])
    assert [row["consensus"] for row in rows[-2:]] == [expected] * 2
    known = await database.transact(
        lambda unit: [unit.models.for_answer(project.id, worker) for worker in house.workers], now
    )
    careful, careful_too, *careless = [model[1].skill.accuracy for model in known if model]
    assert min(careful, careful_too) > max(careless)


@pytest.mark.parametrize("kind", ["number", "text"])
async def test_who_is_seldom_right_is_asked_later_and_the_careful_are_not(
    database: Database, now: Moment, kind: str
) -> None:
    def said(seat: int, position: int) -> str:
        return SCATTERED[kind](position) if seat == 3 or (position + seat) % 7 == 0 else TRUTH[kind]

    house, project = await answered(database, now, kind, said, workers=4, tasks=20)
    await refits.refresh(database, project, lambda: now)
    later = "SELECT worker FROM enrolments WHERE later = 1"
    found = await database.transact(lambda unit: [row[0] for row in unit.connection.all(later)], now)
    assert found == [house.workers[3]]


async def test_numbers_have_an_interval_and_ended_projects_keep_what_was_said_live(
    database: Database, now: Moment
) -> None:
    """Two who are far off agree on the last two tasks; live they win, the whole project knows better."""
    scattered = (130, 70, 145, 60, 120, 85, 150, 55, 135, 75, 160, 65)

    def said(seat: int, position: int) -> str:
        if seat < 2 and position <= 12:
            return str(scattered[(position * (seat + 1)) % 12] + seat)
        return "170" if seat < 2 else str(100 + (position + seat) % 2)

    house, project = await answered(database, now, "number", said, workers=4, tasks=14)
    assert project.state == "complete"
    rows = await results(database, now, house)
    ours = ["state", "low", "high", "live", "live_confidence", "gold", "crowd", "cant_tell"]
    assert list(rows[0])[-len(ours) :] == ours
    assert all(float(row["low"]) <= float(row["consensus"]) <= float(row["high"]) for row in rows)
    assert {row["consensus"] for row in rows[:12]} <= {"100", "101", "102"}
    last = rows[-1]
    assert abs(float(last["consensus"]) - 100) < abs(float(last["live"]) - 100)
    assert last["live_confidence"] != last["confidence"]


async def test_an_ended_choice_keeps_the_live_consensus_beside_the_batch(database: Database, now: Moment) -> None:
    house, _ = await answered(database, now, "choice", lambda seat, at: str(int(seat == 1 and at % 3 == 0)), tasks=8)
    rows = await results(database, now, house)
    assert [row["consensus"] for row in rows] == [row["live"] for row in rows] == ["yes"] * 8
    assert [row["confidence"] for row in rows] != [row["live_confidence"] for row in rows]


@pytest.mark.parametrize("kind", ["number", "rating", "text", "choices"])
async def test_sure_enough_a_task_of_any_kind_closes_early_and_the_rest_comes_back(
    database: Database, now: Moment, kind: str
) -> None:
    house, project = await answered(
        database, now, kind, lambda seat, at: TRUTH[kind], workers=9, tasks=1, confidence=0.85
    )
    received, sure = await database.transact(
        lambda unit: (unit.tasks.get(house.tasks[0]).received, unit.tasks.get(house.tasks[0]).confidence), now
    )
    assert 2 <= received < 9
    assert 0.85 <= (sure or 0) < 1
    assert project.state == "complete"
    assert await database.transact(lambda unit: unit.ledger.balance(f"project:{house.project}:budget"), now) == 0
