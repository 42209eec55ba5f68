"""Forms on both databases: steps that last, forged presses, corrections, gold made in chat, the confidence to reach."""

from functools import partial

import pytest

from domain.moments import MINUTE, Moment, later
from domain.projects.form_questions import BACK, DONE, LEAVE_OUT, SPAN, answers_by_question, pack_answers
from domain.quality.gold import GoldAsked
from domain.refusals import AnswerUnfit, NotYours, Refusal
from domain.work.messages import Submitted
from formats.captions.questions import read_lines
from jobs import refits
from services.act import Reply
from services.quality import gold as gold_service
from services.work import corrections, inputs, submit, sweeps
from storage import invariants
from storage.database import Database
from storage.drivers.records import pack, unpack
from storage.quality.models import _project_model
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

OPTIONS = read_lines(
    "choice | A car? | yes, no\nnumber | How many? | if yes\ntext | Remark | optional\nrating | Sharp?"
)
HERS = 5  # the message that shows the task


def settled(unit: UnitOfWork, workers: int = 2, **changes: object) -> House:
    house = furnish(unit, workers=workers, kind="form", options=OPTIONS, **changes)
    for worker in house.workers:
        submit.show_work(unit, unit.people.get(worker))
    return house


def press(unit: UnitOfWork, worker: int, step: int, option: int, message: int = HERS) -> object:
    in_hand = unit.assignments.active_for(worker)
    assert in_hand is not None
    return inputs.choose_option(act_of(unit, worker, message=message), in_hand.id, step * SPAN + option)


def say(unit: UnitOfWork, worker: int, words: str) -> object:
    return inputs.take_words(act_of(unit, worker), words)


def answer(unit: UnitOfWork, worker: int, car: int, sharp: int) -> None:
    press(unit, worker, 0, car)
    if not car:
        say(unit, worker, "2")
    press(unit, worker, 2 - car, LEAVE_OUT)
    assert isinstance(press(unit, worker, 3 - car, sharp), Submitted)


def draft(unit: UnitOfWork, worker: int) -> tuple[int | str, ...]:
    in_hand = unit.assignments.active_for(worker)
    return in_hand.draft if in_hand else ()


def answers(unit: UnitOfWork) -> list[dict[str, str]]:
    return [answers_by_question(row[0]) for row in unit.connection.all("SELECT answer FROM submissions ORDER BY id")]


async def test_each_step_is_kept_and_the_last_one_hands_the_form_in_once(database: Database, now: Moment):
    house = await database.transact(settled, now)
    ann, ben = house.workers
    run = partial(database.transact, now=now)
    await run(lambda unit: press(unit, ann, 0, 0))
    await run(lambda unit: press(unit, ann, 0, 1))  # the second tap belongs to a question that is answered
    assert await run(lambda unit: draft(unit, ann)) == ("yes",)
    with pytest.raises(AnswerUnfit):
        await run(lambda unit: say(unit, ann, "several"))
    await run(lambda unit: say(unit, ann, "2"))
    await run(lambda unit: press(unit, ann, 2, BACK))
    await run(lambda unit: say(unit, ann, "3"))
    for option in (DONE, 0):  # words are wanted
        with pytest.raises(Refusal):
            await run(lambda unit, option=option: press(unit, ann, 2, option))
    for step, option in ((7, 0), (2, 10**9)):  # not this step
        await run(lambda unit, step=step, option=option: press(unit, ann, step, option))
    assert await run(lambda unit: draft(unit, ann)) == ("yes", "3")
    theirs = await run(lambda unit: unit.assignments.active_for(ann).id)
    with pytest.raises(NotYours):
        await run(lambda unit: inputs.choose_option(act_of(unit, ben, message=HERS), theirs, 2 * SPAN + LEAVE_OUT))
    await run(lambda unit: say(unit, ann, "wet"))
    assert isinstance(await run(lambda unit: press(unit, ann, 3, 3)), Submitted)
    with pytest.raises(Refusal):
        await run(lambda unit: inputs.choose_option(act_of(unit, ann, message=HERS), theirs, 3 * SPAN + 3))
    assert await run(answers) == [{"q1": "yes", "q2": "3", "q3": "wet", "q4": "4"}]
    assert await run(lambda unit: unit.assignments.find(theirs).draft) == ()  # her words stand in the answer alone
    assert await run(invariants.find_violations) == []


async def test_half_a_form_outlives_its_deadline_and_is_taken_while_a_place_is_left(database: Database, now: Moment):
    house = await database.transact(lambda unit: settled(unit, workers=1), now)
    (ann,) = house.workers
    number = await database.transact(lambda unit: unit.assignments.active_for(ann).id, now)
    await database.transact(lambda unit: press(unit, ann, 0, 0), now)
    late = later(now, 11 * MINUTE)
    await database.transact(sweeps.expire_assignments, late)
    await database.transact(lambda unit: say(unit, ann, "2"), late)

    def rest(unit: UnitOfWork) -> object:
        act = act_of(unit, ann, message=HERS)
        inputs.choose_option(act, number, 2 * SPAN + LEAVE_OUT)
        return inputs.choose_option(act, number, 3 * SPAN + 4)

    assert isinstance(await database.transact(rest, late), Submitted)
    assert await database.transact(answers, late) == [{"q1": "yes", "q2": "2", "q4": "5"}]


async def test_a_form_is_changed_from_its_last_question_on(database: Database, now: Moment):
    house = await database.transact(settled, now)
    ann, _ = house.workers
    number = await database.transact(lambda unit: unit.assignments.active_for(ann).id, now)
    await database.transact(lambda unit: answer(unit, ann, 1, 0), now)

    def changes(unit: UnitOfWork) -> object:
        act = act_of(unit, ann, message=HERS)
        corrections.reopen_answer(act, number, HERS)
        assert unit.corrections.open_of(ann).draft == ("no", "")
        corrections.choose_option(act, number, 2 * SPAN + BACK)
        inputs.take_words(act_of(unit, ann), "dusk")
        return corrections.choose_option(act, number, 2 * SPAN + 4)

    changed = await database.transact(changes, now)
    assert changed.changed
    assert await database.transact(answers, now) == [{"q1": "no", "q3": "dusk", "q4": "5"}]


async def test_a_task_closes_once_every_required_question_is_sure(database: Database, now: Moment):
    opened = partial(settled, workers=6, tasks=1, overlap=2, max_overlap=6, confidence=0.9)
    house = await database.transact(opened, now)
    states = []
    for worker, sharp in zip(house.workers, (4, 0, 4, 4, 4, 4), strict=True):
        if await database.transact(lambda unit, worker=worker: unit.assignments.active_for(worker), now) is None:
            break
        await database.transact(lambda unit, worker=worker, sharp=sharp: answer(unit, worker, 1, sharp), now)
        await database.transact(
            lambda unit: [submit.show_work(unit, unit.people.get(each)) for each in house.workers], now
        )
        task = await database.transact(lambda unit: unit.tasks.get(house.tasks[0]), now)
        least = min(sure for sure in task.scores if sure >= 0)
        states.append((task.received, task.state, task.confidence == pytest.approx(least)))
    assert states[1][:2] == (2, "open")  # the crowd agrees on the car, not on the rating
    assert states[-1][1] == "closed"
    assert all(least for *_, least in states)


async def test_a_requester_answers_a_form_to_make_it_gold(database: Database, now: Moment):
    house = await database.transact(lambda unit: settled(unit, workers=1, tasks=6), now)

    def begin(unit: UnitOfWork) -> GoldAsked:
        asked = gold_service.begin_gold(act_of(unit, house.requester), house.project)
        assert isinstance(asked, GoldAsked)
        return asked

    asked = await database.transact(begin, now)

    def answered(unit: UnitOfWork) -> object:
        act = act_of(unit, house.requester, message=HERS)
        assert isinstance(gold_service.press_option(act, asked.task, 0), Reply)
        inputs.take_words(act, "2")
        gold_service.press_option(act, asked.task, 2 * SPAN + LEAVE_OUT)
        return gold_service.press_option(act, asked.task, 3 * SPAN + 4)

    following = await database.transact(answered, now)
    assert isinstance(following, GoldAsked)
    gold = await database.transact(lambda unit: unit.tasks.get(asked.task).gold, now)
    assert gold == (pack_answers({"q1": ["choice", "yes"], "q2": ["number", "2±0.5"], "q4": ["rating", "5"]}),)
    assert "A car?" in following.so_far.known[0]


async def test_what_a_refit_learns_of_each_question_is_kept(database: Database, now: Moment):
    house = await database.transact(lambda unit: settled(unit, workers=3, tasks=4), now)
    for turn in range(4):
        for worker in house.workers:
            at = Moment(now + turn * MINUTE)  # time to read each task
            await database.transact(lambda unit, worker=worker: answer(unit, worker, 1, 4), at)
    project = await database.transact(lambda unit: unit.projects.get(house.project), now)
    before = await database.transact(lambda unit: unit.tasks.get(house.tasks[0]), now)
    await refits.refresh(database, project, lambda: now)
    shared, worker = await database.transact(lambda unit: unit.models.for_answer(house.project, house.workers[0]), now)
    assert set(shared.questions) == set(worker.parts) == {"q1", "q4"}
    assert (
        _project_model({**unpack(pack(shared)), "questions": None, "usual": {"of": unpack(pack(shared.questions))}})
        == shared
    )
    after = await database.transact(lambda unit: unit.tasks.get(house.tasks[0]), now)
    assert after.consensus == before.consensus == pack_answers({"q1": "no", "q4": "5"})
    assert after.confidence > before.confidence
