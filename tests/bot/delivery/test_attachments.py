"""Pictures and files go to Telegram once; everybody after the first is shown them by their id."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.delivery.rate_limit import SendRate
from bot.transport.requests import BotApi
from simulator.running import Telegram
from storage.boxes.outbox import Lane
from storage.database import Database
from storage.unit import UnitOfWork
from tests.bot.conftest import Post, carried, until
from tests.letters import say
from tests.simulator.test_files import png

SHOT = png(3, 2)


@asynccontextmanager
async def site() -> AsyncIterator[tuple[str, list[str]]]:
    """A requester's own server: where it is, and what was asked of it."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        if request.path == "/cat.png":
            return web.Response(body=SHOT, content_type="image/png")
        return web.Response(text="<html>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    await runner.cleanup()


async def crowd(telegram: Telegram, post: Post, size: int):
    phones = [await telegram.phone(f"P{number}") for number in range(size)]
    for phone in phones:
        await phone.say("/start")
    return phones, await post.meet(*phones)


async def say_all(post: Post, people, **details) -> None:
    def tell(unit: UnitOfWork) -> None:
        for person in people:
            say(unit, person, "plain", lane=Lane.PUSH, **details)

    await post.do(tell)
    await post.ended()


def pictures(phones) -> set[str]:
    return {m["photo"][-1]["file_id"] for phone in phones for m in phone.messages if m.get("photo")}


async def test_a_picture_shown_to_many_is_fetched_once_until_telegram_has_lost_it(
    database: Database, telegram: Telegram, api: BotApi
):
    async with site() as (address, asked):
        picture = f"{address}/cat.png"
        async with carried(database, api, SendRate(per_second=0, rest=0)) as post:
            phones, people = await crowd(telegram, post, 4)
            await say_all(post, people[:3], text="a cat?", address=picture)
            assert len(asked) == 1
        async with carried(database, api, SendRate(per_second=0, rest=0)) as post:  # after a restart
            await say_all(post, people[3:], text="a cat?", address=picture)
            assert len(asked) == 1
            await until(lambda: all(any(m.get("photo") for m in phone.messages) for phone in phones))
            [first] = pictures(phones)
            telegram.world.files.files.clear()
            await say_all(post, people[:2], text="again", address=picture)
            assert len(asked) == 2
            kept = [tuple(row) async for row in database.rows("SELECT file_id FROM uploaded_files")]
            assert kept == [(file_id,) for file_id in telegram.world.files.files]
            assert kept != [(first,)]
    refused = [call.description for call in telegram.stats.calls("sendPhoto") if call.code == 400]
    assert set(refused) == {"Bad Request: wrong file identifier/HTTP URL specified"}


async def test_a_picture_nobody_can_fetch_is_a_link_above_the_task(post: Post, telegram: Telegram):
    (ann, bob), people = await crowd(telegram, post, 2)
    async with site() as (address, asked):
        await say_all(post, people[:1], text="a cat?", address=f"{address}/gone")
        await say_all(post, people[1:], text="a cat?", address=f"{address}/gone")
    assert len(asked) == 1
    for phone in (ann, bob):
        message = await phone.wait_for("a cat?")
        assert message["entities"][0]["url"] == f"{address}/gone"


async def test_a_drawing_goes_up_once(post: Post, telegram: Telegram):
    phones, people = await crowd(telegram, post, 3)
    await say_all(post, people, text="a chart", photo=SHOT.decode("latin-1"))
    await until(lambda: all(any(m.get("photo") for m in phone.messages) for phone in phones))
    assert len(pictures(phones)) == 1
    assert len(telegram.world.files.files) == 1


async def test_words_that_edit_a_picture_become_its_caption(post: Post, telegram: Telegram):
    (ann,), [person] = await crowd(telegram, post, 1)
    await post.say(person, "a chart", photo=SHOT.decode("latin-1"), button="Yes")
    shown = await ann.wait_for_button("Yes")
    await post.say(person, "answered", edits=shown["message_id"])
    await ann.until(lambda phone: phone.messages[-1].get("caption") == "answered")
    assert ann.messages[-1]["photo"]
    assert ann.keyboard == []
    assert await post.ended() == [("sent", None)] * 2
    assert telegram.stats.calls("editMessageText") == []  # which Telegram would refuse


async def test_after_a_restart_the_first_edit_finds_out_that_a_message_shows_a_picture(
    database: Database, api: BotApi, telegram: Telegram
):
    def quick() -> SendRate:
        return SendRate(per_second=0, rest=0)

    async with carried(database, api, quick()) as before:
        (ann,), [person] = await crowd(telegram, before, 1)
        await before.say(person, "a chart", photo=SHOT.decode("latin-1"), button="Yes")
        shown = await ann.wait_for_button("Yes")
    async with carried(database, api, quick()) as post:
        for words in ("one", "two"):
            await post.say(person, words, edits=shown["message_id"])
            await ann.until(lambda phone, words=words: phone.messages[-1].get("caption") == words)
    assert len(telegram.stats.calls("editMessageText")) == 1


@pytest.mark.parametrize(("screen", "ids"), [("report", 1), ("diary", 2)])
async def test_a_file_goes_up_once_unless_it_is_about_a_person(post: Post, telegram: Telegram, screen, ids):
    (ann, _), people = await crowd(telegram, post, 2)
    for person in people:
        await post.say(person, "Your file", screen=screen)
        await post.ended()
    assert len(telegram.world.files.files) == ids
    assert await ann.download(await ann.wait_for("Your file")) == b"row\n" * 3
    assert len([row async for row in post.database.rows("SELECT 1 FROM uploaded_files")]) == 2 - ids
