"""From Telegram through the inbox to the handlers: nothing lost, nothing doubled, each person in order."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.clock import wall_clock
from bot.intake import person_queues as lanes_module
from bot.intake.person_queues import PersonQueues
from bot.intake.polling import Polling, TokenRefused
from bot.transport.http1 import Http1Request
from bot.transport.requests import BotApi
from simulator.running import Telegram
from storage.boxes.inbox import ReceivedUpdate, read_update
from storage.boxes.receiving import Receiving, store_updates
from storage.database import Database
from storage.drivers.connection import Unavailable
from tests.bot.conftest import until
from tests.bot.transport.unruly import Asked, sized, unruly


def typed(update_id: int, person: int, text: str = "x") -> dict:
    sender = {"id": person, "is_bot": False, "first_name": "P"}
    chat = {"id": person, "type": "private"}
    return {
        "update_id": update_id,
        "message": {"message_id": update_id, "date": 1, "chat": chat, "from": sender, "text": text},
    }


class Hands:
    """Ends every update as a handler does, and notes who was handled when."""

    def __init__(self, database: Database, seconds: float = 0.0) -> None:
        self.database, self.seconds = database, seconds
        self.done: list[int] = []
        self.of: dict[int, list[int]] = defaultdict(list)
        self.busy: set[int] = set()
        self.most = 0
        self.pauses: dict[int, list[float]] = {}

    async def __call__(self, update: ReceivedUpdate) -> float | None:
        assert update.person not in self.busy
        self.busy.add(update.person)
        self.most = max(self.most, len(self.busy))
        await asyncio.sleep(self.seconds)
        self.busy.discard(update.person)
        if pauses := self.pauses.get(update.update_id):
            return pauses.pop()
        if await self.database.transact(lambda unit: unit.inbox.finish(update.update_id), wall_clock()):
            self.done.append(update.update_id)
            self.of[update.person].append(update.update_id)
        return None


@asynccontextmanager
async def working(database: Database, hands: Hands, api: BotApi | None = None) -> AsyncIterator[PersonQueues]:
    """With an `api` updates are polled, too."""
    queues = PersonQueues(database, hands, wall_clock)
    works = [queues, *([Polling(api, Receiving(database, wall_clock, queues=lambda: queues))] if api else [])]
    tasks = [asyncio.create_task(work.run()) for work in works]
    try:
        yield queues
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await queues.stop(2)


async def keep(database: Database, *updates: dict) -> list[int]:
    return await database.transact(store_updates, wall_clock(), [read_update(update) for update in updates])


def test_the_lane_is_whose_act_it_was():
    assert read_update(typed(1, 7)).person == 7
    assert read_update({"update_id": 2, "callback_query": {"id": "1", "from": {"id": 8}}}).person == 8
    assert read_update({"update_id": 3, "message_reaction": {"chat": {"id": 9}, "user": {"id": 10}}}).person == 10
    assert read_update({"update_id": 4, "channel_post": {"chat": {"id": -5}}}).person == -5
    assert read_update({"update_id": 5, "poll": {"id": "1"}}).person == 0


async def test_one_person_is_handled_in_order_and_people_at_once(database: Database):
    hands = Hands(database, seconds=0.005)
    await keep(database, *(typed(number, number % 10) for number in range(200)))
    async with working(database, hands):
        await until(lambda: len(hands.done) == 200)
    assert all(ids == sorted(ids) for ids in hands.of.values())
    assert hands.most == 10


async def test_a_slow_person_holds_nobody_up(database: Database):
    hands = Hands(database)
    hands.pauses[1] = [30.0]
    await keep(database, typed(1, 1), typed(2, 1), typed(3, 2))
    async with working(database, hands) as queues:
        await until(lambda: hands.done == [3])
        await keep(database, typed(4, 2))
        await until(lambda: hands.done == [3, 4])
        await until(lambda: not queues.has(2))
        assert queues.has(1)


async def test_an_update_that_failed_comes_again_before_those_behind_it(database: Database):
    hands = Hands(database)
    hands.pauses[1] = [0.01, 0.01]
    await keep(database, typed(1, 1), typed(2, 1))
    async with working(database, hands):
        await until(lambda: hands.done == [1, 2])


async def test_a_flood_waits_in_the_table_and_others_pass(database: Database, monkeypatch):
    monkeypatch.setattr(lanes_module, "CHUNK", 100)
    hands = Hands(database, seconds=0.001)
    await keep(database, *(typed(number, 1) for number in range(300)), typed(1_000, 2))
    async with working(database, hands) as queues:
        await until(lambda: 1_000 in hands.done)
        assert len(queues.known) <= lanes_module.EACH + 1
        assert len(hands.of[1]) < 100
        await until(lambda: len(hands.of[1]) == 300)
    assert hands.of[1] == sorted(hands.of[1])


async def test_a_backlog_larger_than_memory_is_worked_through(database: Database, monkeypatch):
    monkeypatch.setattr(lanes_module, "MOST", 60)
    monkeypatch.setattr(lanes_module, "CHUNK", 20)
    hands = Hands(database)
    await keep(database, *(typed(number, number % 50) for number in range(1_000)))
    async with working(database, hands) as queues:
        await until(lambda: len(hands.done) >= 100)
        assert len(queues.known) <= 60
        await until(lambda: len(hands.done) == 1_000)
    assert len(set(hands.done)) == 1_000


async def test_what_another_process_stored_is_found(database: Database):
    hands = Hands(database)
    other = Database(database_address(database))
    async with working(database, hands):
        await asyncio.sleep(0.05)
        await keep(other, typed(7, 1))
        await until(lambda: hands.done == [7], seconds=10)
    await other.close()


def database_address(database: Database) -> str:
    return f"sqlite:///{database.dialect.path}"  # type: ignore[union-attr]


async def test_what_was_begun_ends_at_a_stop_and_the_rest_waits(database: Database):
    hands = Hands(database, seconds=0.1)
    await keep(database, *(typed(number, 1) for number in range(5)))
    async with working(database, hands):
        await until(lambda: bool(hands.busy))
    assert hands.done == [0]
    assert (await database.transact(lambda unit: unit.inbox.lag(), wall_clock()))[0] == 4


async def test_polled_updates_are_handled_once_however_often_they_come(
    database: Database, api: BotApi, telegram: Telegram
):
    hands = Hands(database)
    telegram.faults.add("duplicate", "getUpdates", probability=0.3)
    telegram.faults.add("replay", "getUpdates", probability=0.3)
    telegram.faults.add("shuffle", "getUpdates")
    ann, bob = await telegram.phone("Ann"), await telegram.phone("Bob")
    async with working(database, hands, api):
        for number in range(40):
            await (ann if number % 2 else bob).say(f"{number}")
        await until(lambda: len(hands.done) == 40)
        await asyncio.sleep(0.05)
    assert len(hands.done) == len(set(hands.done)) == 40


async def test_an_update_is_not_confirmed_before_it_is_stored(database: Database, api: BotApi, telegram: Telegram):
    """The process dies between receiving and storing: the next one receives it again."""
    ann = await telegram.phone("Ann")
    await ann.say("hello")

    async def lose(updates: object) -> None:
        raise Unavailable("disk full")

    failing = Polling(api, lose)
    running = asyncio.create_task(failing.run())
    await until(lambda: len(telegram.stats.calls("getUpdates")) >= 2)
    running.cancel()
    hands = Hands(database)
    async with working(database, hands, api):
        await until(lambda: len(hands.done) == 1)


async def test_what_was_stored_but_not_confirmed_is_known_again(database: Database, api: BotApi, telegram: Telegram):
    """The process dies between storing and moving the offset: nothing is handled twice."""
    ann = await telegram.phone("Ann")
    await ann.say("hello")
    await keep(database, *(await api("getUpdates")))
    hands = Hands(database)
    async with working(database, hands, api):
        await until(lambda: len(hands.done) == 1)
        await ann.say("again")
        await until(lambda: len(hands.done) == 2)
    assert len(set(hands.done)) == 2


async def test_lower_update_ids_are_new_when_the_inbox_has_not_seen_them(database: Database):
    hands = Hands(database)
    async with working(database, hands):
        await keep(database, typed(900_000, 1))
        await until(lambda: hands.done == [900_000])
        await keep(database, typed(17, 1))
        await until(lambda: hands.done == [900_000, 17])


async def test_another_poller_is_waited_for(database: Database, api: BotApi, telegram: Telegram, caplog):
    ann = await telegram.phone("Ann")
    hands = Hands(database)
    telegram.faults.add("refuse", "getUpdates", code=409, count=2, description="Conflict: terminated by other")
    async with working(database, hands, api):
        await ann.say("hello")
        await until(lambda: len(hands.done) == 1)
    assert [record.message for record in caplog.records if "polls" in record.message] == [
        "Another program polls with this token; waiting for it to stop"
    ]


async def test_a_token_telegram_does_not_know_ends_it(database: Database, api: BotApi):
    wrong = BotApi(api.request, api.base + "x")
    with pytest.raises(TokenRefused, match=r"^BOT_TOKEN: expected"):
        await Polling(wrong, Receiving(database, wall_clock)).run()


async def test_a_server_that_holds_no_empty_answer_back_is_not_asked_without_a_pause(sqlite_url: str):
    async def nothing(writer: asyncio.StreamWriter, asked: Asked) -> bool:
        writer.write(sized(b'{"ok": true, "result": []}'))
        return True

    async with unruly() as server, Http1Request() as request:
        server.ways.extend([nothing] * 10_000)
        api, database = BotApi(request, f"http://127.0.0.1:{server.port}/bot1:a"), Database(sqlite_url)
        polling = asyncio.create_task(Polling(api, Receiving(database, wall_clock)).run())
        await until(lambda: len(server.asked) > 1)
        await asyncio.sleep(0.5)
        polling.cancel()
        await asyncio.wait([polling])
        await database.close()
    assert len(server.asked) < 10
