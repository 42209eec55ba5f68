"""What is sent and pressed becomes an answer once, on both databases."""

import pytest

from domain.handing_in import Wants
from domain.moments import SECOND, Moment, later
from domain.people.accounts import Person, PersonId
from domain.refusals import AnswerUnfit, AnswerUnknown, SentBefore
from domain.work.file_checks import RetakeAsked
from services.work import inputs, submit
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

ARRIVED = """
INSERT INTO inbox (update_id, person, payload, state, received_at, holder)
VALUES (:update, 2000, '', 'waiting', :now, 'x')"""


def person(unit: UnitOfWork, worker: PersonId) -> Person:
    return unit.people.get(worker)


def begin(unit: UnitOfWork, house: House) -> None:
    for worker in house.workers:
        submit.show_work(unit, person(unit, worker))


def send(unit: UnitOfWork, worker: PersonId, file: str, album: str = "") -> None:
    inputs.take_attachment(act_of(unit, worker), Wants.PHOTO, file, album)


def answers(unit: UnitOfWork) -> list[str]:
    return [row[0] for row in unit.connection.all("SELECT answer FROM submissions ORDER BY id")]


async def test_the_same_photo_counts_once_in_a_project_whoever_sends_it(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, kind="photo", options=()), now)
    await database.transact(begin, now, house)
    await database.transact(send, now, house.workers[0], "file1 same")
    for worker in house.workers:
        with pytest.raises(AnswerUnfit) as refused:
            await database.transact(send, now, worker, "file2 same")
        assert refused.value.facts["what"] == "seen_before"
    await database.transact(send, now, house.workers[1], "file3 other")
    assert await database.transact(answers, now) == ["file1 same", "file3 other"]


async def test_of_an_album_one_photo_answers_and_no_other_task_is_touched(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, kind="photo", options=()), now)
    await database.transact(begin, now, house)
    await database.transact(send, now, house.workers[0], "file1 one", "album")
    with pytest.raises(AnswerUnfit):
        await database.transact(send, now, house.workers[0], "file2 two", "album")
    assert await database.transact(answers, now) == ["file1 one"]


async def test_presses_are_kept_and_belong_to_their_worker_and_kind(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, kind="choices", options=("a", "b", "c")), now)
    await database.transact(begin, now, house)

    def press(unit: UnitOfWork, *options: int) -> tuple[int, ...]:
        worker = person(unit, house.workers[0])
        for option in options:
            in_hand = unit.assignments.active_for(worker.id)
            assert in_hand is not None
            inputs.choose_option(act_of(unit, worker.id, message=5), in_hand.id, option)
        in_hand = unit.assignments.active_for(worker.id)
        return in_hand.draft if in_hand else ()

    assert await database.transact(press, now, 2, 0, 1, 0) == (1, 2)
    with pytest.raises(AnswerUnknown):
        await database.transact(press, now, 3)

    def finish(unit: UnitOfWork) -> None:
        worker = person(unit, house.workers[0])
        in_hand = unit.assignments.active_for(worker.id)
        assert in_hand is not None
        inputs.finish(act_of(unit, worker.id, message=5), in_hand.id)

    await database.transact(finish, now)
    assert await database.transact(answers, now) == ["b|c"]


@pytest.mark.parametrize(
    ("checks", "looked", "asked"), [((), True, True), (("no repeated",), True, False), (("off",), False, False)]
)
def test_files_are_looked_at_for_what_the_project_wants(
    sqlite_url: str, now: Moment, checks: tuple[str, ...], looked: bool, asked: bool
) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, 2, 2, kind="photo", options=(), checks=checks, overlap=1)
        begin(unit, house)
        first, second = (person(unit, worker) for worker in house.workers)
        assert (inputs.find_file_checks(unit, second, Wants.PHOTO) is not None) is looked
        assert inputs.find_file_checks(unit, second, Wants.VOICE) is None
        assert inputs.take_attachment(act_of(unit, first.id), Wants.PHOTO, "file1 one", "", "", "00ff00ff00ff00ff")
        again = inputs.take_attachment(act_of(unit, second.id), Wants.PHOTO, "file2 two", "", "", "00ff00ff00ff00fe")
        assert isinstance(again, RetakeAsked) is asked


async def test_of_two_messages_sent_together_the_second_answers_no_task_nobody_has_seen(
    database: Database, now: Moment
) -> None:
    house = await database.transact(lambda unit: furnish(unit, kind="text", options=()), now)
    await database.transact(begin, now, house)

    def write(unit: UnitOfWork, key: str, words: str) -> None:
        inputs.take_words(act_of(unit, house.workers[0], key=key), words)

    def arrive(unit: UnitOfWork, key: str) -> None:
        unit.connection.changed(ARRIVED, update=int(key), now=unit.now)

    sent, soon = later(now, 4 * SECOND), later(now, 9 * SECOND)
    for key in ("7", "8"):
        await database.transact(arrive, sent, key)
    await database.transact(write, soon, "7", "a harbour")
    with pytest.raises(SentBefore):
        await database.transact(write, soon, "8", "at night")
    assert await database.transact(answers, soon) == ["a harbour"]
    await database.transact(arrive, later(soon, 1), "9")
    await database.transact(write, later(soon, 1), "9", "a street")
    assert await database.transact(answers, soon) == ["a harbour", "a street"]


async def test_a_clock_that_was_set_back_holds_no_message_back(database: Database, now: Moment) -> None:
    house = await database.transact(lambda unit: furnish(unit, kind="text", options=()), now)
    await database.transact(begin, now, house)
    back = later(now, -11 * SECOND)
    await database.transact(lambda unit: inputs.take_words(act_of(unit, house.workers[0]), "a harbour"), back)
    assert await database.transact(answers, now) == ["a harbour"]
