"""The chart of the pre-flight card: how right results will be, by the ways to ask, and what each costs."""

from dataclasses import replace
from functools import partial

import pytest

from domain.moments import Moment
from domain.money.ledger import budget_account
from domain.projects.preflight import AccuracyOutlook, Preflight, foresee_accuracy
from domain.quality.machine import MachineAnswer
from domain.refusals import UnknownChoice, WrongState
from handlers.projects.launches import Launch
from handlers.projects.preflight import AskSo, Preview
from services.projects.preflight import accuracy_with
from services.projects.progress import progress_of
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, a_project, furnish, settle_tasks
from tests.invariants.flows import turn


def drafted(unit: UnitOfWork, **changes: object) -> House:
    house = furnish(unit)
    made = unit.projects.add(a_project(house.requester, unit.now, **changes))
    settle_tasks(unit, made, house.requester, 40, 0 if changes else 5)
    return replace(house, project=made)


def card_of(unit: UnitOfWork, house: House) -> Preflight:
    found = press(act_of(unit, house.requester), Preview(number=house.project))
    assert isinstance(found, tuple)
    assert isinstance(found[-1], Preflight)
    return found[-1]


async def test_a_draft_shows_five_ways_and_the_exact_cost_of_its_own(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        card = card_of(unit, drafted(unit))
        assert card.outlook is not None
        ways = card.outlook.ways
        assert [(way.overlap, way.confidence) for way in ways] == [(2, None), (3, None), (5, None), (5, 0.9), (5, 0.95)]
        own = next(way for way in ways if way.own)
        assert (own.overlap, own.cost) == (3, card.price.reward + card.price.fee)
        assert card.outlook.gold == 0

    await database.transact(play, now)


async def test_answered_check_questions_are_counted_task_by_task(database: Database, now: Moment):
    def answer(unit: UnitOfWork) -> House:
        house = furnish(unit, tasks=20, gold=4, overlap=2, max_overlap=2)
        for worker in house.workers[:2]:
            for _ in range(9):
                turn(unit, worker)
        return house

    house = await database.transact(answer, now)
    seen = await database.transact(lambda unit: unit.pilots.answers.get_latest(house.project, 400, 15), now)
    assert sum(answers for _, answers in seen.gold) >= 3
    assert all(right <= answers <= 2 for right, answers in seen.gold)
    scaled = await database.transact(lambda unit: unit.pilots.answers.get_latest(house.project, 400, 1), now)
    assert {answers for _, answers in scaled.gold} == {1}
    latest = await database.transact(lambda unit: unit.pilots.answers.get_latest(house.project, 3, 15), now)
    assert sum(answers for _, answers in latest.gold) == 3


async def test_kinds_without_classes_have_none(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        assert card_of(unit, drafted(unit, kind="number", options=())).outlook is None

    await database.transact(play, now)


@pytest.mark.parametrize(("overlap", "thousandths", "most"), [(2, 0, 2), (5, 0, 5), (5, 900, 5), (5, 950, 5)])
async def test_a_press_on_the_chart_asks_that_way_at_its_exact_cost(
    database: Database, now: Moment, overlap: int, thousandths: int, most: int
):
    def play(unit: UnitOfWork) -> None:
        house = drafted(unit)
        before = card_of(unit, house).price.submissions
        for _ in range(2):  # a second press changes nothing
            press(act_of(unit, house.requester), AskSo(number=house.project, overlap=overlap, thousandths=thousandths))
        card = card_of(unit, house)
        assert card.outlook is not None
        own = next(way for way in card.outlook.ways if way.own)
        assert (own.overlap, own.confidence) == (overlap, thousandths / 1000 or None)
        gold = overlap if not thousandths else 3
        assert (before, card.price.submissions) == (45 * 3, 40 * most + 5 * gold)
        press(act_of(unit, house.requester), Launch(number=house.project))
        assert unit.ledger.balance(budget_account(house.project)) == card.price.total
        with pytest.raises(WrongState):
            press(act_of(unit, house.requester), AskSo(number=house.project, overlap=3, thousandths=0))

    await database.transact(play, now)


async def test_beside_a_model_the_own_way_alone_is_told_once_gold_has_judged_the_model(database: Database, now: Moment):
    def play(unit: UnitOfWork, checked: int) -> tuple[AccuracyOutlook | None, float | None]:
        said = {task: (MachineAnswer("", "positive"),) for task in range(1, 41 + checked)}
        house = furnish(unit)
        asked = a_project(house.requester, unit.now, models=("",), confidence=0.9, max_overlap=5)
        made = unit.projects.add(asked)
        settle_tasks(unit, made, house.requester, 40, 20, said)
        card = card_of(unit, replace(house, project=made))
        return card.outlook, accuracy_with(unit, unit.projects.get(made), 5)

    assert await database.transact(partial(play, checked=9), now) == (AccuracyOutlook((), 0, models=True), None)
    judged, right = await database.transact(partial(play, checked=20), now)
    assert judged is not None
    (own,) = judged.ways
    assert (own.overlap, own.confidence, own.own, judged.may_be_chosen) == (5, 0.9, True, ())
    assert own.accuracy == right
    assert own.low < 0.95 < own.accuracy < own.high


async def test_the_live_message_tells_what_check_questions_show_so_far(database: Database, now: Moment):
    """Everybody answers “positive”, the truth of gold in the house."""

    def begin(unit: UnitOfWork) -> House:
        house = furnish(unit, tasks=20, gold=8, overlap=2, max_overlap=2)
        assert progress_of(unit, house.project).right is None
        for worker in house.workers[:2]:
            for _ in range(12):
                turn(unit, worker)
        return house

    house = await database.transact(begin, now)
    shown = await database.transact(lambda unit: progress_of(unit, house.project), now)
    seen = await database.transact(lambda unit: unit.pilots.answers.get_latest(house.project, 400, 15), now)
    told = foresee_accuracy(2, seen, 2)
    assert shown.gold_seen > 0
    assert shown.right == (told.accuracy, told.low, told.high)


async def test_only_a_way_of_the_chart_can_be_pressed(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = drafted(unit)
        for overlap, thousandths in ((1, 0), (10**12, 0), (3, 900), (5, 1), (5, 10**15)):
            with pytest.raises(UnknownChoice):
                press(
                    act_of(unit, house.requester), AskSo(number=house.project, overlap=overlap, thousandths=thousandths)
                )
        assert card_of(unit, house).overlap == 3

    await database.transact(play, now)
