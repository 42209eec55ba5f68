"""The schedule of gold: when, how often, by whom; gold that proven workers contradict or that is wrong on purpose."""

from collections.abc import Callable
from functools import partial

import pytest

from domain.moments import DECISION_TIME, Moment, later
from domain.money.ledger import available_account, pending_account
from domain.people.accounts import PersonId
from domain.projects.tasks import Task
from domain.quality.gold import GoldDoubted
from jobs import evidence, refits
from services.quality import gold_challenges
from services.work import submit, sweeps
from storage.database import Database
from storage.drivers.records import unpack
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

Answer = Callable[[Task], str]


def answer(unit: UnitOfWork, worker: PersonId, count: int, said: Answer) -> list[bool]:
    """A worker takes so many tasks; for each whether it was gold."""
    person, met = unit.people.get(worker), []
    submit.show_work(unit, person)
    while len(met) < count and (in_hand := unit.assignments.active_for(worker)) is not None:
        task = unit.tasks.get(in_hand.task)
        met.append(task.gold is not None)
        submit.submit_answer(unit, person, in_hand.id, said(task), None)
    return met


def right(task: Task) -> str:
    return "0"


async def test_newcomers_meet_a_quiz_of_five_then_one_in_ten_then_one_in_twenty(
    database: Database, now: Moment
) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=2, tasks=400, gold=60, overlap=1), now)
    first = await database.transact(answer, now, house.workers[0], 200, right)
    quiz = first[: next(at for at in range(200) if sum(first[: at + 1]) == 5) + 1]
    assert 5 <= len(quiz) <= 20
    later = first[len(quiz) : 100], first[100:]
    assert 0.02 <= sum(later[0]) / len(later[0]) <= 0.2
    assert sum(later[1]) / len(later[1]) <= 0.12
    await database.transact(answer, now, house.workers[1], 60, right)
    shown = await database.transact(
        lambda unit: unit.connection.all(
            "SELECT count(*) FROM submissions s JOIN tasks t ON t.id = s.task WHERE t.gold IS NOT NULL GROUP BY t.id"
        ),
        now,
    )
    assert {row[0] for row in shown} == {1}  # as often as its overlap says, then it is retired


async def test_whoever_is_below_the_bar_goes_on_meeting_gold_and_finds_the_way_back(
    database: Database, now: Moment
) -> None:
    house = await database.transact(lambda unit: furnish(unit, workers=1, tasks=300, gold=60, overlap=1), now)
    (worker,) = house.workers
    await database.transact(answer, now, worker, 12, lambda task: "1" if task.gold else "0")
    missed = await database.transact(lambda unit: unit.enrolments.enrol(worker, house.project), now)
    assert not missed.qualified
    assert missed.gold_seen >= 3
    met = await database.transact(answer, now, worker, 80, right)
    assert sum(met) >= 10  # far more than the one in ten of others
    back = await database.transact(lambda unit: unit.enrolments.enrol(worker, house.project), now)
    assert back.qualified
    assert await database.transact(lambda unit: unit.submissions.held_of(worker, house.project), now) == []


@pytest.mark.parametrize("kind", ["choice", "text"])
async def test_gold_that_workers_of_proven_skill_contradict_is_put_aside_and_repaid(
    database: Database, now: Moment, kind: str
) -> None:
    """The known answer says positive; three who agree in everything else say negative."""

    def said(task: Task) -> str:
        odd = task.gold is not None or task.position % 2
        return str(int(odd)) if kind == "choice" else ("negative" if odd else f"words {task.position}")

    options = ("positive", "negative") if kind == "choice" else ()
    house = await database.transact(
        lambda unit: furnish(unit, workers=3, tasks=60, gold=1, overlap=3, kind=kind, options=options), now
    )
    for worker in house.workers:
        await database.transact(answer, now, worker, 45, said)
    before = await database.transact(_standing, now, house)
    assert (before[0], before[1]) == (3, 0)
    assert before[2] > 0
    await refits.refit_due_projects(database, lambda: now)
    await evidence.examine_projects(database, lambda: now)
    rows = await database.transact(
        lambda unit: unit.connection.all("SELECT id, state, quarantined FROM gold_challenges"), now
    )
    assert [tuple(row)[1:] for row in rows] == [("open", 1)]
    letters = "SELECT facts FROM outbox WHERE person = :person AND screen = :screen"
    told = await database.transact(
        lambda unit: unit.connection.all(letters, person=house.requester, screen=GoldDoubted.stored_as), now
    )
    assert True in [unpack(row[0])["aside"] for row in told]
    decided = await database.transact(
        lambda unit: gold_challenges.decide_challenge(act_of(unit, house.requester), rows[0][0], keep=False), now
    )
    assert not decided.kept
    assert await database.transact(_standing, now, house) == (0, 0, 0)


def _standing(unit: UnitOfWork, house: House) -> tuple[int, int, int]:
    """Gold met, gold right, and answers whose pay is held, of everybody together."""
    known = [unit.enrolments.enrol(worker, house.project) for worker in house.workers]
    held = sum(len(unit.submissions.held_of(worker, house.project)) for worker in house.workers)
    return sum(each.gold_seen for each in known), sum(each.gold_right for each in known), held


@pytest.mark.usefixtures("tasks_in_file_order")
async def test_a_requester_whose_gold_is_all_wrong_restricts_nobody_and_keeps_no_pay(
    database: Database, now: Moment
) -> None:
    """Honest workers contradict every check question: their pay waits for silence at the longest."""

    def said(task: Task) -> str:
        return "1" if task.gold else str(task.position % 2)

    house = await database.transact(lambda unit: furnish(unit, workers=4, tasks=60, gold=30, overlap=3), now)
    for _ in range(3):
        for worker in house.workers:
            await database.transact(answer, now, worker, 12, said)
        await refits.refit_due_projects(database, lambda: now)
        await evidence.examine_projects(database, lambda: now)

    def ends(unit: UnitOfWork) -> list[tuple[bool, int, bool]]:
        people = [unit.people.get(worker) for worker in house.workers]
        mine = "SELECT count(*) FROM submissions WHERE worker = :worker"
        return [
            (
                unit.ledger.balance(pending_account(person), "EUR") == 0,
                unit.connection.all(mine, worker=person.id)[0][0] * 50_000
                - unit.ledger.balance(available_account(person), "EUR"),
                unit.restrictions.list_of_worker(person.id, 9) == [],
            )
            for person in people
        ]

    seen = await database.transact(
        lambda unit: [unit.enrolments.enrol(worker, house.project) for worker in house.workers], now
    )
    assert all(each.gold_seen >= 5 and each.gold_right == 0 for each in seen)
    silence = later(now, DECISION_TIME + 1)
    for _ in range(9):  # some at once
        await database.transact(sweeps.release_due_pay, silence)
    assert await database.transact(ends, silence) == [(True, 0, True)] * 4


@pytest.mark.parametrize(("missing", "told"), [(4, [False, True]), (2, [False]), (1, [])])
async def test_gold_that_the_qualified_miss_is_asked_about_and_put_aside_though_nobody_contests(
    database: Database, now: Moment, missing: int, told: list[bool]
) -> None:
    """Shown to few, so that nobody's skill is proven: its requester is asked, and silence overturns it."""
    changes = {"overlap": 4, "max_overlap": 4}
    house = await database.transact(lambda unit: furnish(unit, workers=4, tasks=6, gold=1, **changes), now)
    for worker in house.workers[:missing]:
        await database.transact(answer, now, worker, 7, lambda task: "1" if task.gold else "0")

    def doubt(unit: UnitOfWork) -> list[bool]:
        for worker in house.workers[:missing]:
            unit.enrolments.qualify(worker, house.project)
        gold_challenges.challenge_doubted_gold(unit, house.project)
        gold_challenges.challenge_doubted_gold(unit, house.project)
        letters = "SELECT facts FROM outbox WHERE screen = :screen ORDER BY id"
        return [unpack(row[0])["aside"] for row in unit.connection.all(letters, screen=GoldDoubted.stored_as)]

    assert await database.transact(doubt, now) == told
    silence = later(now, DECISION_TIME + 1)
    await database.transact(gold_challenges.overturn_overdue, silence)
    assert (await database.transact(_standing, silence, house))[0] == (0 if told else missing)


async def test_gold_that_some_miss_now_and_then_hides_none_that_most_miss(database: Database, now: Moment) -> None:
    """Right ones that two of three missed stand before it in the project; few are looked at together."""
    changes = {"overlap": 3, "max_overlap": 3}
    house = await database.transact(lambda unit: furnish(unit, workers=3, tasks=15, gold=5, **changes), now)
    for number, worker in enumerate(house.workers):
        await database.transact(answer, now, worker, 20, partial(_some_miss, number))

    def missed(unit: UnitOfWork) -> list[int]:
        found = unit.gold_challenges.missed_often(house.project, 1)
        return [unit.tasks.get(each).position for each in found]

    assert await database.transact(missed, now) == [20]


def _some_miss(number: int, task: Task) -> str:
    """The first two workers miss every check question, the third the last one only."""
    return str(int(task.gold is not None and (number < 2 or task.position == 20)))
