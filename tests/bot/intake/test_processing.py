"""Every update ends: done, ignored, or dead with an apology; outside failures are retried until they pass."""

import asyncio
from collections.abc import AsyncIterator
from errno import ENOSPC

import pytest
from telegram import Bot
from telegram.error import BadRequest, TimedOut

from bot.clock import wall_clock
from bot.intake import processing as processing_module
from bot.intake.processing import Processing
from bot.profile import build_bot
from bot.transport.requests import retry_after_of
from domain.money.card_payments import StrayPaymentNoticed, StrayPaymentShown
from domain.people.onboarding import ErrorNoticed
from domain.work.messages import FileWaits
from handlers.arrival import Arrived
from handlers.context import AlreadyHandled
from simulator.running import Telegram
from storage.boxes.inbox import EarlierUpdateWaits, ReceivedUpdate, read_update
from storage.boxes.receiving import store_updates
from storage.database import Database
from storage.drivers.connection import Unavailable
from storage.unit import UnitOfWork
from tests.bot.conftest import until
from tests.bot.intake.test_polling import typed
from tests.letters import due_letters


class Desk:
    """Its one handler does what the test says."""

    def __init__(self, database: Database, bot: Bot) -> None:
        self.database = database
        self.processing = Processing(bot, self.handler, database, wall_clock, admins=(8,))
        self.raises: list[Exception] = []
        self.finishes = True
        self.calls = 0

    async def handler(self, update: Arrived) -> bool:
        self.calls += 1
        if self.raises:
            raise self.raises.pop(0)
        if self.finishes:
            await self.database.transact(lambda unit: unit.inbox.finish(update.update_id), wall_clock())
        return self.finishes

    async def hand(self, number: int = 1) -> float | None:
        await self.database.transact(store_updates, wall_clock(), [read_update(typed(number, 7))])
        return await self.processing(ReceivedUpdate(number, 7, typed(number, 7)))

    async def state(self, number: int = 1) -> tuple[str, str | None]:
        rows = self.database.rows("SELECT state, reason FROM inbox WHERE update_id = :id", id=number)
        [row] = [row async for row in rows]
        return row[0], row[1]


@pytest.fixture
async def desk(database: Database, telegram: Telegram) -> AsyncIterator[Desk]:
    async with build_bot(telegram.token, telegram.url) as bot:
        yield Desk(database, bot)


async def test_what_its_handler_ended_is_done(desk: Desk):
    assert await desk.hand() is None
    assert await desk.state() == ("done", None)


async def test_what_nobody_wants_is_ignored_with_the_reason(desk: Desk):
    desk.finishes = False
    assert await desk.hand() is None
    assert await desk.state() == ("ignored", "nothing to do")


@pytest.mark.parametrize(("finishes", "outcome"), [(True, "done"), (False, "ignored")])
async def test_each_update_is_a_line_of_the_debug_log(desk: Desk, finishes: bool, outcome: str, caplog):
    desk.finishes = finishes
    with caplog.at_level("DEBUG", "bot.intake.processing"):
        await desk.hand()
    said = [(record.getMessage(), record.__dict__["update"], record.__dict__["outcome"]) for record in caplog.records]
    assert said == [("An update", 1, outcome)]


@pytest.mark.parametrize("error", [Unavailable("disk full"), TimedOut()])
async def test_while_the_world_is_broken_it_is_tried_on_without_end(desk: Desk, error: Exception):
    desk.raises = [error] * 6
    pauses = [await desk.hand() for _ in range(7)]
    assert pauses == [0.5, 2, 8, 30, 30, 30, None]
    assert await desk.state() == ("done", None)


@pytest.mark.parametrize("error", [KeyError("the text they typed"), BadRequest("no such file")])
async def test_a_bug_is_tried_three_times_then_given_up_with_an_apology(desk: Desk, error: Exception, caplog):
    person = await desk.database.transact(
        lambda unit: unit.people.upsert(7, None, "Ann", "en", unit.now).id, wall_clock()
    )
    desk.raises = [error] * 9
    assert [await desk.hand() for _ in range(3)] == [0.5, 2, None]
    assert desk.calls == 3
    assert await desk.state() == ("dead", type(error).__name__)
    letters = await desk.database.transact(lambda unit: due_letters(unit, 10), wall_clock())
    assert [(letter.person, letter.screen) for letter in letters] == [(person, ErrorNoticed.stored_as)]
    assert all("typed" not in record.getMessage() for record in caplog.records)


async def test_a_payment_that_cannot_be_booked_is_put_before_the_admins(desk: Desk):
    def add_people(unit: UnitOfWork) -> tuple[int, int]:
        payer, admin = (unit.people.upsert(number, None, "P", "en", unit.now).id for number in (7, 8))
        return payer, admin

    payer, admin = await desk.database.transact(add_people, wall_clock())
    paid = {
        "currency": "EUR",
        "total_amount": 2_000,
        "invoice_payload": "1",
        "telegram_payment_charge_id": "charge",
        "provider_payment_charge_id": "provider",
    }
    update = typed(1, 7)
    del update["message"]["text"]
    update["message"]["successful_payment"] = paid
    await desk.database.transact(store_updates, wall_clock(), [read_update(update)])
    desk.raises = [KeyError()] * 3
    for _ in range(3):
        await desk.processing(ReceivedUpdate(1, 7, update))
    assert await desk.state() == ("dead", "KeyError")
    letters = await desk.database.transact(lambda unit: due_letters(unit, 10), wall_clock())
    assert {letter.person: letter.screen for letter in letters} == {
        payer: StrayPaymentNoticed.stored_as,
        admin: StrayPaymentShown.stored_as,
    }


async def test_a_failure_after_the_effect_is_not_tried_again(desk: Desk):
    await desk.database.transact(store_updates, wall_clock(), [read_update(typed(1, 7))])
    await desk.database.transact(lambda unit: unit.inbox.finish(1), wall_clock())
    desk.raises = [KeyError()]
    assert await desk.processing(ReceivedUpdate(1, 7, typed(1, 7))) is None
    assert await desk.state() == ("done", None)


async def test_an_update_that_cannot_be_read_ends_too(desk: Desk):
    broken = {**typed(3, 7), "message": {**typed(3, 7)["message"], "date": "today"}}
    await desk.database.transact(store_updates, wall_clock(), [read_update(broken)])
    assert await desk.processing(ReceivedUpdate(3, 7, broken)) is None
    assert (await desk.state(3))[0] == "ignored"


async def test_what_came_before_its_turn_has_not_failed_even_when_its_turn_has_come_since(desk: Desk):
    desk.raises = [EarlierUpdateWaits(1)] * 4
    for _ in range(4):
        assert await desk.hand() is not None
    assert await desk.hand() is None
    assert await desk.state() == ("done", None)


async def test_what_ended_a_process_alone_too_is_given_up_with_an_apology_before_it_is_begun(desk: Desk):
    await desk.database.transact(lambda unit: unit.people.upsert(7, None, "Ann", "en", unit.now), wall_clock())
    await desk.database.transact(store_updates, wall_clock(), [read_update(typed(1, 7))])
    for _ in range(4):
        await desk.database.transact(lambda unit: unit.inbox.count_begin(1), wall_clock())
    [found] = await desk.database.transact(lambda unit: unit.inbox.list_waiting([(0, 99)], 9)[0].records, wall_clock())
    assert found.begun == 4
    assert await desk.processing(found) is None
    assert desk.calls == 0
    assert await desk.state() == ("dead", "EndedProcess")
    [letter] = await desk.database.transact(lambda unit: due_letters(unit, 10), wall_clock())
    assert letter.screen == ErrorNoticed.stored_as


def with_file(number: int, begun: int = 0) -> ReceivedUpdate:
    message = typed(number, number)["message"]
    file = {"file_id": f"f{number}", "file_unique_id": f"u{number}"}
    return ReceivedUpdate(number, number, {"update_id": number, "message": {**message, "document": file}}, begun=begun)


async def test_a_file_that_was_under_way_when_three_processes_ended_is_read_once_more_alone(desk: Desk):
    """Whichever file ended them: of those that were read at once, the innocent ones are not given up."""
    running: set[int] = set()
    seen: list[set[int]] = []
    go_on = asyncio.Event()

    async def handler(update: Arrived) -> bool:
        running.add(update.update_id)
        seen.append(set(running))
        await go_on.wait()
        await desk.database.transact(lambda unit: unit.inbox.finish(update.update_id), wall_clock())
        running.discard(update.update_id)
        return True

    desk.processing.dispatch = handler
    files = [with_file(1), with_file(2), with_file(3, begun=3), with_file(4, begun=3), with_file(5)]
    await desk.database.transact(store_updates, wall_clock(), [read_update(file.payload) for file in files])
    handled = [asyncio.create_task(desk.processing(file)) for file in files]
    press = asyncio.create_task(desk.processing(ReceivedUpdate(6, 6, typed(6, 6))))
    await until(lambda: running == {1, 2, 6})  # what brings no file waits for nothing
    go_on.set()
    assert await asyncio.gather(*handled, press) == [None] * 6
    assert {3} in seen
    assert {4} in seen
    assert all(not (running & {3, 4}) or len(running) == 1 for running in seen)
    assert await desk.state(3) == ("done", None)
    assert desk.processing.seclusion.running == 0
    assert not desk.processing.seclusion.secluded


async def test_a_file_for_which_the_disk_has_no_room_waits_and_its_sender_reads_why(desk: Desk, caplog):
    await desk.database.transact(lambda unit: unit.people.upsert(1, None, "Ann", "en", unit.now), wall_clock())
    file = with_file(1)
    await desk.database.transact(store_updates, wall_clock(), [read_update(file.payload)])
    desk.raises = [OSError(ENOSPC, "No space left on device")] * 4
    for _ in range(4):
        assert await desk.processing(file) is not None
    assert "the disk is full" in [getattr(record, "reason", "") for record in caplog.records]
    assert await desk.processing(file) is None
    assert await desk.state() == ("done", None)
    [letter] = await desk.database.transact(lambda unit: due_letters(unit, 10), wall_clock())
    assert (letter.screen, letter.facts) == (FileWaits.stored_as, {"theirs": True})


async def test_what_fails_without_ending_the_process_does_not_count_as_that(desk: Desk):
    file = {"update_id": 1, "message": {**typed(1, 7)["message"], "document": {"file_id": "f", "file_unique_id": "u"}}}
    begun: list[int] = []
    desk.finishes = False

    async def count() -> None:
        rows = desk.database.rows("SELECT begun FROM inbox WHERE update_id = 1")
        begun.extend([row[0] async for row in rows])

    async def handler(update: Arrived) -> bool:
        await count()
        raise Unavailable("disk full")

    desk.processing.dispatch = handler
    await desk.database.transact(store_updates, wall_clock(), [read_update(file)])
    for _ in range(4):
        assert await desk.processing(ReceivedUpdate(1, 7, file)) is not None
        await count()
    assert begun == [1, 0] * 4


async def test_each_update_that_takes_long_is_told_of_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(processing_module, "LONG", 0.03)
    told: list[int] = []
    under_way = processing_module.UnderWay(told.append)
    for number in (1, 2, 3):
        under_way.begin(number)
    under_way.end(2)
    await until(lambda: len(told) == 2)
    under_way.begin(4)
    await until(lambda: len(told) == 3)
    assert (told, under_way.begun, under_way.timer) == ([1, 3, 4], {}, None)


async def test_a_file_is_not_begun_before_it_is_stored_nor_once_it_has_ended(desk: Desk):
    file = {"update_id": 1, "message": {**typed(1, 7)["message"], "document": {"file_id": "f", "file_unique_id": "u"}}}
    assert await desk.processing(ReceivedUpdate(1, 7, file)) is None
    assert desk.calls == 0
    await desk.database.transact(store_updates, wall_clock(), [read_update(file)])
    assert await desk.processing(ReceivedUpdate(1, 7, file)) is None
    assert desk.calls == 1
    assert await desk.processing(ReceivedUpdate(1, 7, file)) is None
    assert desk.calls == 1


async def test_what_was_handled_before_it_was_stored_has_not_failed(desk: Desk):
    await desk.database.transact(store_updates, wall_clock(), [read_update(typed(1, 7))])
    desk.raises = [AlreadyHandled(1)] * 4
    pauses = [await desk.processing(ReceivedUpdate(1, 7, typed(1, 7))) for _ in range(5)]
    assert pauses == [0.03, 0.06, 0.12, 0.24, None]
    assert await desk.state() == ("done", None)


async def test_a_pause_that_telegram_asks_for_is_kept(desk: Desk):
    desk.raises = [retry_after_of(b"{}", "7")]
    pause = await desk.hand()
    assert pause is not None
    assert pause >= 7
    assert await desk.hand() is None
