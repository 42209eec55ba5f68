"""Check questions made in chat, as any door asks for them: what comes back, in both databases."""

import pytest

from domain.moments import Moment
from domain.projects.tasks import TaskId
from domain.quality.gold import GoldAsked, GoldExplained, GoldStopped, NoTaskForGold
from domain.quality.machine import MachineAnswer
from domain.refusals import AnswerUnknown, BadInput, NotFound
from services.act import Act, Reply
from services.quality import gold as gold_service
from services.work import inputs, submit
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish


async def house_of(database: Database, now: Moment, kind: str, tasks: int = 2) -> House:
    options = () if kind == "text" else ("red", "green", "blue")
    return await database.transact(lambda unit: furnish(unit, tasks=tasks, gold=0, kind=kind, options=options), now)


def begun(unit: UnitOfWork, house: House) -> GoldAsked:
    asked = gold_service.begin_gold(act_of(unit, house.requester), house.project)
    assert isinstance(asked, GoldAsked)
    return asked


@pytest.mark.parametrize(
    ("kind", "draft", "gold"),
    [
        ("choices", (0, 2), ("red", "blue")),
        ("rank", (0, 2, 1), ("red>blue>green",)),
        ("best_worst", (0, 2), ("red>blue",)),
    ],
)
async def test_presses_are_kept_undone_and_become_gold(
    database: Database, now: Moment, kind: str, draft: tuple[int, ...], gold: tuple[str, ...]
) -> None:
    house = await house_of(database, now, kind)

    def press(unit: UnitOfWork) -> TaskId:
        task, act = begun(unit, house).task, act_of(unit, house.requester, message=7)
        assert isinstance(gold_service.press_option(act, task, 1).message, GoldAsked)
        assert drafted(gold_service.undo_press(act, task)) == ()
        shown = [gold_service.press_option(act, task, option) for option in draft]
        assert drafted(shown[-1]) == draft
        assert {reply.edits for reply in shown} == {7}
        following = gold_service.finish_answer(act, task)
        assert isinstance(following, GoldAsked)
        assert following.task != task
        assert following.so_far.made == 1
        return task

    task = await database.transact(press, now)
    assert await database.transact(lambda unit: unit.tasks.get(task).gold, now) == gold


def drafted(reply: Reply) -> tuple[int, ...]:
    assert isinstance(reply.message, GoldAsked)
    return reply.message.draft


async def test_a_second_press_on_a_made_one_changes_nothing(database: Database, now: Moment) -> None:
    house = await house_of(database, now, "choice")

    def twice(unit: UnitOfWork) -> tuple[str, ...] | None:
        task, act = begun(unit, house).task, act_of(unit, house.requester)
        first, second = (gold_service.answer_with_press(act, task, option) for option in (0, 1))
        assert (first.so_far.made, second.so_far.made) == (1, 1)
        assert (first.so_far.known, second.so_far.known) == (("red",), ())
        return unit.tasks.get(task).gold

    assert await database.transact(twice, now) == ("red",)


async def test_the_last_task_leaves_none_and_its_reason_may_follow(database: Database, now: Moment) -> None:
    house = await house_of(database, now, "choice")

    def until_none(unit: UnitOfWork) -> None:
        act, asked = (
            act_of(unit, house.requester),
            gold_service.begin_gold(act_of(unit, house.requester), house.project),
        )
        while isinstance(asked, GoldAsked):
            asked = gold_service.answer_with_press(act, asked.task, 2)
        assert isinstance(asked, NoTaskForGold)
        assert asked.so_far.made == 2
        told = typed(act, " It says \n so ")
        assert told == GoldExplained("choice", ("blue",), "It says so")
        assert gold_service.stop_gold(act, house.project) == GoldStopped(house.project, "Is the review positive?", 2)
        assert typed(act, "too late") is None

    await database.transact(until_none, now)


async def test_a_written_answer_brings_its_reason_along(database: Database, now: Moment) -> None:
    house = await house_of(database, now, "text")

    def write(unit: UnitOfWork) -> tuple[tuple[str, ...] | None, str | None]:
        asked = begun(unit, house)
        assert isinstance(typed(act_of(unit, house.requester), "one|other\nIt is so"), GoldAsked)
        task = unit.tasks.get(asked.task)
        return task.gold, task.reason

    assert await database.transact(write, now) == (("one", "other"), "It is so")


async def test_only_its_owner_and_only_as_its_kind_is_answered(database: Database, now: Moment) -> None:
    house = await house_of(database, now, "choice")

    def refused(unit: UnitOfWork) -> None:
        task = begun(unit, house).task
        with pytest.raises(NotFound):
            gold_service.answer_with_press(act_of(unit, house.workers[0]), task, 0)
        with pytest.raises(NotFound):
            gold_service.begin_gold(act_of(unit, house.workers[0]), house.project)
        with pytest.raises(AnswerUnknown):
            gold_service.press_option(act_of(unit, house.requester), task, 0)
        with pytest.raises(BadInput):
            typed(act_of(unit, house.requester), "purple")
        assert unit.tasks.get(task).gold is None

    await database.transact(refused, now)


def typed(act: Act, words: str) -> object:
    """To whatever is open."""
    open_ = inputs.find_open_question(act)
    return open_ and open_.take(act, words)


async def test_contested_tasks_are_asked_about_first_and_others_too(database: Database, now: Moment) -> None:
    """Models of one task differ, of the others they agree: it is among the first asked about, but not the only one."""
    alike = {n: (MachineAnswer("a", "red"), MachineAnswer("b", "red")) for n in range(1, 41)}
    told = {**alike, 7: (MachineAnswer("a", "red"), MachineAnswer("b", "blue"))}

    def ask(unit: UnitOfWork) -> list[TaskId]:
        options = ("red", "green", "blue")
        house = furnish(unit, tasks=40, ai=told, models=("a", "b"), options=options, confidence=0.9)
        asked = [begun(unit, house).task]
        for _ in range(5):
            following = gold_service.skip_task(act_of(unit, house.requester), house.project)
            assert isinstance(following, GoldAsked)
            asked.append(following.task)
        return [house.tasks.index(task) + 1 for task in asked]  # type: ignore[misc]

    positions = await database.transact(ask, now)
    assert 7 in positions
    assert len(set(positions)) > 2


@pytest.mark.parametrize("skips", [False, True])
async def test_of_a_small_file_all_contested_and_rare_ones_are_asked_about(
    database: Database, now: Moment, skips: bool
) -> None:
    """Wherever they stand, and whether those before them became gold or were skipped."""
    contested, rare = {2, 5, 18, 29, 44}, {1, 31, 58}
    told = {
        n: (
            MachineAnswer("a", "blue" if n in rare else "red"),
            MachineAnswer("b", "blue" if n in contested | rare else "red"),
        )
        for n in range(1, 61)
    }

    def ask(unit: UnitOfWork) -> list[int]:
        options = ("red", "green", "blue")
        house = furnish(unit, tasks=60, gold=0, ai=told, models=("a", "b"), options=options, confidence=0.9)
        asked, act = [begun(unit, house).task], act_of(unit, house.requester)
        for _ in range(21):
            following = (
                gold_service.skip_task(act, house.project)
                if skips
                else gold_service.answer_with_press(act, asked[-1], 0)
            )
            assert isinstance(following, GoldAsked)
            asked.append(following.task)
        return [house.tasks.index(task) + 1 for task in asked]

    positions = await database.transact(ask, now)
    assert contested | rare <= set(positions)
    assert len(set(positions)) == 22


async def test_every_other_task_is_any_however_many_are_contested(database: Database, now: Moment) -> None:
    told = {n: (MachineAnswer("a", "red"), MachineAnswer("b", ("red", "green")[n % 2])) for n in range(1, 201)}

    def ask(unit: UnitOfWork) -> list[int]:
        house = furnish(unit, tasks=200, gold=0, ai=told, models=("a", "b"), options=("red", "green"), confidence=0.9)
        asked, act = [begun(unit, house).task], act_of(unit, house.requester)
        for _ in range(59):
            following = gold_service.answer_with_press(act, asked[-1], 0)
            assert isinstance(following, GoldAsked)
            asked.append(following.task)
        return [house.tasks.index(task) + 1 for task in asked]

    positions = await database.transact(ask, now)
    assert all(position % 2 for position in positions[::2])
    assert not all(position % 2 for position in positions)


async def test_what_was_skipped_comes_again_once_nothing_else_is_left(database: Database, now: Moment) -> None:
    house = await house_of(database, now, "choice")

    def skip(unit: UnitOfWork) -> list[TaskId]:
        asked = [begun(unit, house).task]
        for _ in range(3):
            following = gold_service.skip_task(act_of(unit, house.requester), house.project)
            assert isinstance(following, GoldAsked)
            asked.append(following.task)
        return asked

    first, second, *again = await database.transact(skip, now)
    assert {first, second} == set(again) == set(house.tasks)


async def test_words_that_differ_in_case_alone_are_one_answer_in_every_language(
    database: Database, now: Moment
) -> None:
    """In every language: databases differ in which letters they know."""
    house = await database.transact(lambda u: furnish(u, workers=3, tasks=55, gold=0, kind="text", options=()), now)
    said = dict(zip(house.workers, ("ÉTÉ", "été", "Été"), strict=True))

    def answer_all(unit: UnitOfWork) -> None:
        for worker, words in said.items():
            submit.show_work(unit, unit.people.get(worker))
            while (in_hand := unit.assignments.active_for(worker)) is not None:
                place = house.tasks.index(in_hand.task)
                differs = words == "été" and place not in (52, 54)
                submit.submit_answer(unit, unit.people.get(worker), in_hand.id, "hiver" if differs else words, None)
        unit.connection.changed("UPDATE tasks SET confidence = 0.99")

    def suggested(unit: UnitOfWork) -> list[int]:
        return [house.tasks.index(task.id) for task in unit.gold_tasks.suggested(house.project, 0, 5)]

    await database.transact(answer_all, now)
    assert await database.transact(suggested, now) == [52, 54]
