"""Updates of every type and of odd shapes: each ends, none in an exception; bots and service accounts are no people."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.clock import wall_clock
from bot.intake.processing import SERVICE, Processing, usable
from bot.profile import build_bot
from bot.routes import Dispatcher
from bot.running import house_of
from bot.settings import read_settings
from simulator.running import Telegram
from storage.boxes.inbox import read_update
from storage.boxes.receiving import store_updates
from storage.database import Database
from tests.bot.intake.test_polling import typed

TYPES = json.loads(Path(__file__).with_name("update_types.json").read_text())["types"]
KINDS = [name for name, _, _ in TYPES["Update"]["fields"] if name != "update_id"]
USED = {"message", "edited_message", "callback_query", "my_chat_member"}
PEOPLE = (7001, 7002, 7003)
PLAIN: dict[str, tuple[Any, ...]] = {
    "Integer": (0, 1, -1, 42, 2**40, 2**70, 777000),
    "String": ("", "x", "private", "/start", "/newproject title: x", "member", "kicked", "a" * 5000, "\0"),
    "Boolean": (True, False),
    "Float": (0.0, -1.5, 48.85),
}
WRONG = (None, {}, [], "x", 5, [None], {"id": "x"})
DEPTH = 5


class Shapes:
    """Makes updates by the schema; now and then a field is missing or of another type."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)

    def update(self, number: int, kind: str) -> dict[str, Any]:
        """Mostly of a person in their private chat, so that it comes further than the first look."""
        [types] = [types for name, types, _ in TYPES["Update"]["fields"] if name == kind]
        event = self.value(types[0], 0)
        if isinstance(event, dict) and self.dice.random() < 0.7:
            person = self.dice.choice(PEOPLE)
            event["from"] = {"id": person, "is_bot": False, "first_name": "P"}
            event["chat"] = {"id": person, "type": "private"}
        return {"update_id": number, kind: event}

    def value(self, kind: str, depth: int) -> Any:
        if self.dice.random() < 0.04:
            return self.dice.choice(WRONG)
        if kind.startswith("Array of "):
            return [self.value(kind.removeprefix("Array of "), depth + 1) for _ in range(self.dice.randint(0, 2))]
        known = TYPES.get(kind)
        if known is None:
            return self.dice.choice(PLAIN.get(kind, (True,)))
        if "any" in known:
            return self.value(self.dice.choice(known["any"]), depth)
        wanted = 0.25 if depth < DEPTH else 0.0
        return {
            name: self.value(self.dice.choice(types), depth + 1)
            for name, types, required in known["fields"]
            if self.dice.random() < ((0.93 if depth < DEPTH else 0.0) if required else wanted)
        }


@pytest.fixture
async def processing(database: Database, telegram: Telegram) -> AsyncIterator[Processing]:
    told = {"bot_token": telegram.token, "bot_api_url": telegram.url, "database_url": "sqlite:///unused.db"}
    house = house_of(read_settings(_env_file=None, **told), database)
    async with build_bot(telegram.token, telegram.url) as bot:
        yield Processing(bot, Dispatcher(bot, house), database, wall_clock)


async def hand(processing: Processing, update: dict[str, Any]) -> None:
    await processing.database.transact(store_updates, wall_clock(), [read_update(update)])
    assert await processing(read_update(update)) is None


def membership(number: int, status: str) -> dict[str, Any]:
    who = {"id": 7, "is_bot": False, "first_name": "P"}
    change = {"old_chat_member": {"status": "member", "user": who}, "new_chat_member": {"status": status, "user": who}}
    change["new_chat_member"] |= {"until_date": 0} if status == "kicked" else {}
    return {
        "update_id": number,
        "my_chat_member": {"date": 1, "chat": {"id": 7, "type": "private"}, "from": who, **change},
    }


async def ends(database: Database) -> dict[int, str]:
    return {row[0]: row[1] async for row in database.rows("SELECT update_id, state FROM inbox")}


async def people(database: Database) -> set[int]:
    return {row[0] async for row in database.rows("SELECT telegram_id FROM people")}


@pytest.mark.parametrize("kind", KINDS)
async def test_no_update_ends_in_an_exception(processing: Processing, kind: str, telegram: Telegram):
    shapes = Shapes(KINDS.index(kind))
    made = [shapes.update(number, kind) for number in range(1, 81 if kind in USED else 11)]
    for update in made:
        await hand(processing, update)
    found = await ends(processing.database)
    assert set(found.values()) <= {"done", "ignored"}
    assert len(found) == len(made)
    assert await people(processing.database) <= {*PEOPLE, 1, 42, 2**40}
    assert kind not in USED - {"edited_message"} or Counter(found.values())["done"] > 0


@pytest.mark.parametrize("sender", [*sorted(SERVICE), 0, -5, "7", None, True, 2**70])
async def test_no_service_account_becomes_a_person(processing: Processing, sender: object):
    update = typed(1, 7, "/start")
    update["message"]["from"]["id"] = sender
    await hand(processing, update)
    assert await ends(processing.database) == {1: "ignored"}
    assert await people(processing.database) == set()


async def test_no_bot_becomes_a_person(processing: Processing):
    update = typed(1, 7, "/start")
    update["message"]["from"]["is_bot"] = True
    await hand(processing, update)
    assert await people(processing.database) == set()


@pytest.mark.parametrize("status", ["kicked", "left", "member"])
async def test_who_is_unknown_becomes_no_person_by_blocking_the_bot(processing: Processing, status: str):
    """Whoever was forgotten does so last of all."""
    await hand(processing, membership(1, status))
    assert await ends(processing.database) == {1: "done"}
    assert await people(processing.database) == set()


async def test_who_is_known_is_unreachable_while_they_block_the_bot(processing: Processing):
    await hand(processing, typed(1, 7, "/start"))
    found = []
    for number, status in ((2, "kicked"), (3, "kicked"), (4, "member")):
        await hand(processing, membership(number, status))
        found += [row[0] async for row in processing.database.rows("SELECT reachable FROM people")]
    assert found == [0, 0, 1]


@pytest.mark.parametrize("without", ["from", "chat"])
async def test_a_message_without_sender_or_chat_is_ignored(processing: Processing, without: str):
    update = typed(1, 7, "/start")
    del update["message"][without]
    await hand(processing, update)
    assert await ends(processing.database) == {1: "ignored"}


def test_groups_and_lines_of_telegrams_own_are_of_no_use():
    group, pinned = typed(1, 7), typed(2, 7)
    group["message"]["chat"] = {"id": -5, "type": "supergroup"}
    del pinned["message"]["text"]
    pinned["message"]["pinned_message"] = {"message_id": 1}
    assert usable(group) is usable(pinned) is None


def test_a_poll_somebody_sends_is_answered_without_being_read():
    update = typed(1, 7)
    del update["message"]["text"]
    update["message"]["poll"] = {}
    kept = usable(update)
    assert kept is not None
    assert "poll" not in kept["message"]
