"""A requester answers a task of their own before anybody else does: nothing is kept, on both databases."""

import json

import pytest

from domain.moments import Moment
from domain.people.onboarding import NotUnderstood
from domain.projects.form_questions import LEAVE_OUT, SPAN
from domain.projects.launches import TaskTried, TrialOver
from domain.refusals import AnswerUnknown, NotFound
from services.projects import trials
from services.work import inputs
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish, settle_worker
from tests.services.work.test_forms import HERS, OPTIONS

KEPT = "SELECT (SELECT count(*) FROM submissions) + (SELECT count(*) FROM assignments) + (SELECT count(*) FROM drafts)"


async def test_a_form_is_tried_step_by_step(database: Database, now: Moment):
    house: House = await database.transact(lambda unit: furnish(unit, kind="form", options=OPTIONS), now)

    def tried(unit: UnitOfWork) -> tuple[object, ...]:
        act, typing = act_of(unit, house.requester, message=HERS), act_of(unit, house.requester)
        begun = trials.begin_trial(typing, house.project)
        first = trials.press_option(act, house.project, 0)
        second = inputs.take_words(typing, "2")
        trials.press_option(act, house.project, 2 * SPAN + LEAVE_OUT)
        return begun, first, second, trials.press_option(act, house.project, 3 * SPAN + 4)

    begun, first, second, over = await database.transact(tried, now)
    assert isinstance(begun, TaskTried)
    assert [reply.message.shown.draft for reply in (first, second)] == [("yes",), ("yes", "2")]
    assert [reply.edits for reply in (first, second, over)] == [HERS] * 3  # one message
    assert isinstance(over.message, TrialOver)
    assert [said for _, _, said in json.loads(over.message.answer)] == [["yes"], ["2"], ["5"]]
    assert await database.transact(lambda unit: unit.connection.one(KEPT)[0], now) == 0


async def test_one_press_is_an_answer_and_nobody_else_can_try(database: Database, now: Moment):
    house: House = await database.transact(furnish, now)

    def answered(unit: UnitOfWork, option: int) -> TrialOver:
        return trials.press_option(act_of(unit, house.requester, message=HERS), house.project, option).message

    assert (await database.transact(lambda unit: answered(unit, 1), now)).answer == "negative"
    with pytest.raises(AnswerUnknown):
        await database.transact(lambda unit: answered(unit, 2), now)
    with pytest.raises(NotFound):
        await database.transact(
            lambda unit: trials.press_option(act_of(unit, settle_worker(unit, 9).id, message=HERS), house.project, 0),
            now,
        )

    def after_the_end(unit: UnitOfWork) -> object:
        trials.begin_trial(act_of(unit, house.requester), house.project)
        trials.end_trial(act_of(unit, house.requester, message=HERS), house.project)
        return inputs.take_words(act_of(unit, house.requester), "positive")

    assert isinstance(await database.transact(after_the_end, now), NotUnderstood)
