"""Updates that take long hold up neither others' updates nor memory for these."""

import asyncio
from typing import cast

import pytest
from telegram import Bot

from bot.clock import wall_clock
from bot.intake import person_queues as lanes_module
from bot.intake.person_queues import PersonQueues
from domain.refusals import BadInput
from domain.work.file_checks import FileChecks
from handlers import documents
from handlers.context import Context
from handlers.work.tasks import SendAnswer
from jobs.uploads import progress
from jobs.uploads.progress import SentFile, UploadDoor
from jobs.uploads.reading import fetch_upload
from storage.boxes.inbox import ReceivedUpdate
from storage.database import Database
from tests.bot.conftest import until
from tests.bot.intake.test_polling import Hands, keep, typed, working

LATER = 10_000  # a person whose update takes a moment


class Slow(Hands):
    """Others' take long: each leaves its place if it can, and waits until it may end."""

    def __init__(self, database: Database, most: int = progress.MAX_LONG_UPDATES) -> None:
        super().__init__(database)
        self.most, self.may_end = most, asyncio.Event()
        self.refused = list[int]()

    async def __call__(self, update: ReceivedUpdate) -> float | None:
        if update.person < LATER:
            if progress.leave_place_if_free(self.most):
                await self.may_end.wait()
            else:
                self.refused.append(update.update_id)
        return await super().__call__(update)


async def test_a_press_does_not_wait_behind_files_that_take_long(database: Database, monkeypatch):
    monkeypatch.setattr(lanes_module, "AT_ONCE", 4)
    slow = Slow(database, most=20)
    await keep(database, *(typed(number, number) for number in range(1, 31)), typed(31, LATER))
    async with working(database, slow):
        await until(lambda: 31 in slow.done, seconds=5)
        assert len(slow.refused) == 10
        slow.may_end.set()
        await until(lambda: len(slow.done) == 31)


async def test_what_waits_behind_a_long_update_takes_no_memory_and_keeps_its_order(database: Database, monkeypatch):
    monkeypatch.setattr(lanes_module, "MOST", 60)
    monkeypatch.setattr(lanes_module, "CHUNK", 20)
    slow = Slow(database)
    await keep(database, *(typed(number, number % 4) for number in range(200)), typed(1_000, LATER))
    async with working(database, slow) as queues:
        await until(lambda: 1_000 in slow.done, seconds=5)
        assert len(queues.known) <= 4
        slow.may_end.set()
        await until(lambda: len(slow.done) == 201)
    assert all(ids == sorted(ids) for ids in slow.of.values())


async def test_a_slot_that_was_left_is_given_back_once(database: Database):
    slow = Slow(database)
    slow.may_end.set()
    await keep(database, *(typed(number, number % 3) for number in range(30)))
    async with working(database, slow) as queues:
        await until(lambda: len(slow.done) == 30)
        await until(lambda: not queues.walks)
        assert not queues.long
        assert queues.slots._value == lanes_module.AT_ONCE


@pytest.mark.parametrize(
    ("reference", "most"),
    [("https://slow.example/a.csv", progress.MAX_LONG_UPDATES_TO_FETCH), ("id", progress.MAX_LONG_UPDATES)],
)
async def test_too_many_files_on_their_way_are_refused(reference: str, most: int):
    asked = list[int]()

    def full(limit: int) -> bool:
        asked.append(limit)
        return False

    progress.lend_place(full)
    sent = SentFile("a.csv", 1, "", reference, 1, 1, lambda place: asyncio.sleep(0), lambda unit: False)
    with pytest.raises(BadInput) as refused:
        async with fetch_upload(cast(UploadDoor, None), sent):
            pass
    assert refused.value.what == "files_at_once"
    assert asked == [most]


class Hangs:
    async def get_file(self, reference: str) -> None:
        await asyncio.sleep(60)


async def test_photos_that_telegram_does_not_give_count_as_they_are_after_one_patience(database: Database, monkeypatch):
    """Waiting for others' looks is a part of it."""
    monkeypatch.setattr(documents, "MAX_CHECK_SECONDS", 0.2)
    context = Context.__new__(Context)
    context.bot = cast(Bot, Hangs())
    asked = SendAnswer(what="photo", handed_in="x", album="")
    file = type("Photo", (), {"file_id": "x"})()
    done = list[int]()

    async def handle(received: ReceivedUpdate) -> None:
        if received.person < LATER:
            assert await documents._check_downloaded(file, asked, FileChecks(), context) is asked
        done.append(received.person)

    queues = PersonQueues(database, handle, wall_clock)
    for person in (*range(1, 101), LATER):
        queues._take(ReceivedUpdate(person, person, {}))
    await until(lambda: len(done) == 101, seconds=3)
    assert done.index(LATER) < 100
