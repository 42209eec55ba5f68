"""Session mode at the relay: an answer is one edit, and whatever happens to the message, its worker has the task."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.clock import wall_clock
from bot.delivery.rate_limit import SendRate
from bot.transport.requests import BotApi
from domain.people.settings import Preferences
from handlers.payload import Payload
from handlers.screen import render
from handlers.work.corrections import ChangeAnswer
from handlers.work.tasks import AskForWork, SubmitAnswer
from simulator.crowd.client import Phone, buttons_of, text_of
from simulator.running import Telegram
from simulator.values import Json
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.bot.conftest import Post, carried, until
from tests.bot.delivery.test_attachments import site
from tests.house import FIRST_WORKER, furnish

ROW = '{{"text": "a cat", "image": "{address}/cat.png"}}'


@dataclass
class Desk:
    """A worker in session mode whose presses go to the services; the relay shows what comes of them."""

    post: Post
    phone: Phone
    api: BotApi

    async def do(self, payload: Payload, message: int | None = None) -> None:
        def act(unit: UnitOfWork) -> None:
            worker = unit.people.find_by_telegram_id(self.phone.id)
            assert worker is not None
            press(act_of(unit, worker.id, message=message), payload)

        await self.post.do(act)

    async def answer(self, message: Json) -> None:
        """As a hand with time: the task in hand, pressed on this message."""
        number = await self.in_hand()
        await self.post.do(lambda unit: unit.connection.changed("UPDATE outbox SET ended_at = ended_at - 700"))
        await self.do(SubmitAnswer(assignment=number, option=0), message["message_id"])

    async def in_hand(self) -> int:
        return await self.post.do(lambda unit: unit.connection.all("SELECT max(id) FROM assignments")[0][0])

    async def shown(self) -> Json:
        """The message that shows the task in hand, once everything has been sent."""
        await until(self.post.is_empty)
        number = await self.in_hand()
        message = await self.post.do(lambda unit: unit.outbox.find_message(number))
        await self.phone.until(lambda phone: any(f":{number}:" in data(m) for m in [phone.shown.get(message, {})]))
        return self.phone.shown[message]


def data(message: Json) -> str:
    """What its buttons carry, each between colons."""
    return "".join(f":{str(button.get('callback_data')).replace('.', ':')}:" for button in buttons_of(message))


@pytest.fixture
async def desk(
    database: Database, api: BotApi, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    monkeypatch.setattr(
        "services.work.answer_messages.TIDYING_DELAY_MILLISECONDS", 100
    )  # `shown` waits for these edits, too

    def begin(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=6)
        unit.preferences.store(house.workers[0], Preferences(begin_hour=0, end_hour=0, in_place=True))

    ann = await telegram.phone("Ann", id=FIRST_WORKER)
    await ann.say("/start")
    await database.transact(begin, wall_clock())
    async with carried(database, api, SendRate(per_second=0, rest=0), render) as post:
        opened = Desk(post, ann, api)
        await opened.do(AskForWork())
        yield opened


def picture_all(unit: UnitOfWork, row: str) -> None:
    unit.connection.changed("UPDATE tasks SET content = :row", row=row)
    unit.connection.changed("UPDATE projects SET template = '{text}{image}'")


def tasks(phone: Phone) -> list[Json]:
    """The messages that can be answered."""
    return [message for message in phone.messages if "positive" in [b["text"] for b in buttons_of(message)]]


def calls(telegram: Telegram) -> list[str]:
    return [call.method for call in telegram.stats.log if "Message" in call.method or "send" in call.method]


async def test_an_answer_is_one_edit(desk: Desk, telegram: Telegram):
    first = await desk.shown()
    for number in range(1, 4):
        await desk.answer(await desk.shown())
        assert (await desk.shown())["message_id"] == first["message_id"]
        assert calls(telegram) == ["sendMessage", *["editMessageText"] * number]
    assert text_of(desk.phone.last).startswith("✓ positive · €0.05\n")
    assert len(tasks(desk.phone)) == 1


@pytest.mark.parametrize(
    "words", ["message to edit not found", "message can't be edited", "there is no text in the message to edit"]
)
async def test_where_the_edit_cannot_be_made_the_task_comes_as_a_new_message(
    desk: Desk, telegram: Telegram, words: str
):
    """The message is gone, may not be edited, or shows a picture. What is left of the old one is tidied."""
    first = await desk.shown()
    telegram.faults.add("refuse", "editMessageText", code=400, description=f"Bad Request: {words}", count=1)
    await desk.answer(first)
    second = await desk.shown()
    assert second["message_id"] > first["message_id"]
    await desk.phone.until(lambda phone: buttons_of(phone.shown[first["message_id"]]) == [])
    assert text_of(desk.phone.shown[first["message_id"]]).startswith("✓ positive · €0.05")
    assert len(tasks(desk.phone)) == 1
    await desk.answer(second)
    assert (await desk.shown())["message_id"] == second["message_id"]


async def test_a_worker_who_deleted_the_message_gets_the_task_and_may_change_the_answer(desk: Desk, api: BotApi):
    first = await desk.shown()
    number = await desk.in_hand()
    await api("deleteMessage", chat_id=desk.phone.id, message_id=first["message_id"])
    await desk.answer(first)
    second = await desk.shown()
    assert second["message_id"] > first["message_id"]
    await desk.do(ChangeAnswer(assignment=number, message=first["message_id"]), second["message_id"])
    again = await desk.phone.wait_for("Change your answer")
    assert again["message_id"] > second["message_id"]
    assert ("dropped", "message gone") in await desk.post.ended()


async def test_a_picture_that_an_old_server_does_not_put_into_a_text_comes_as_a_new_message(
    desk: Desk, telegram: Telegram
):
    """The row was shown as a link, and its picture can be had by now."""
    first = await desk.shown()
    refused = "Bad Request: there is no media in the message to edit"
    telegram.faults.add("refuse", "editMessageMedia", code=400, description=refused, count=1)
    async with site() as (address, _):
        await desk.post.do(lambda unit: picture_all(unit, ROW.format(address=address)))
        await desk.answer(first)
        second = await desk.shown()
    assert second["message_id"] > first["message_id"]
    assert second["photo"]
    made = [method for method in calls(telegram) if "Media" in method or "Photo" in method]
    assert made == ["editMessageMedia", "sendPhoto"]


async def test_a_call_made_before_a_kill_is_made_again_and_nothing_stands_twice(desk: Desk, telegram: Telegram):
    """The process ended between Telegram's answer and the note of it; the next one finds the letter waiting."""
    first = await desk.shown()
    telegram.faults.add("cut_after", "editMessageText", count=1)
    await desk.answer(first)
    assert (await desk.shown())["message_id"] == first["message_id"]
    assert calls(telegram) == ["sendMessage", "editMessageText", "editMessageText"]
    assert [m for m in desk.phone.messages if not m["out"]] == [desk.phone.last]
    assert await desk.post.ended() == [("sent", None)] * 2
