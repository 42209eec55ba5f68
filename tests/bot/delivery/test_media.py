"""Media above a task: together where Telegram takes them so; what it can't fetch is fetched and uploaded by us."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from bot.delivery.attachments import FileDownloads
from bot.delivery.rate_limit import SendRate
from bot.transport.requests import BotApi
from domain.projects.tasks import BROUGHT, VOICE
from handlers.screen import Picture, Screen
from jobs.fetching import make_fetcher
from simulator.media.files import UploadedFile
from simulator.running import Telegram
from storage.database import Database
from storage.unit import UnitOfWork
from tests.bot.conftest import Post, carried
from tests.bot.delivery.test_albums import ALBUM, MESSAGE, sent
from tests.bot.delivery.test_attachments import crowd
from tests.simulator.test_files import png

FILES = {
    "/1.png": ("image/png", png(3, 2)),
    "/odd.png": ("application/octet-stream", png(4, 2)),  # Telegram goes by what the server says
    "/film.mp4": ("video/mp4", b"\0\0\0\x18ftypmp42"),
    "/song.mp3": ("audio/mpeg", b"ID3song"),
    "/said.ogg": ("audio/ogg", b"OggS"),
    "/notes.txt": ("text/plain", b"notes"),
    "/page.png": ("text/html", b"<html>"),
}


@asynccontextmanager
async def site() -> AsyncIterator[tuple[str, list[str]]]:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        mime, body = FILES[request.path]
        return web.Response(body=body, content_type=mime)

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    await runner.cleanup()


def paint(name: str, facts: Any, language: str) -> Screen:
    return Screen("Well?", album=tuple(Picture(file, kind, kind) for kind, file in facts["media"]))


@pytest.fixture
async def post(database: Database, api: BotApi) -> AsyncIterator[Post]:
    fetch = replace(make_fetcher(private=True), seconds=5)
    async with carried(database, api, SendRate(per_second=0, rest=0), paint, fetch) as running:
        yield running


async def tell(post: Post, person: int, *media: tuple[str, str]) -> None:
    await post.say(person, "", media=media)
    assert {state for state, _ in await post.ended()} == {"sent"}


async def test_each_kind_is_sent_as_what_it_is_and_only_once(post: Post, telegram: Telegram) -> None:
    (ann, bob), people = await crowd(telegram, post, 2)
    async with site() as (at, asked):
        media = [
            ("photo", f"{at}/1.png"),
            ("audio", f"{at}/song.mp3"),
            ("video", f"{at}/film.mp4"),
            ("voice", f"{at}/said.ogg"),
        ]
        for person in people:
            await tell(post, person, *media)
        assert sorted(asked) == ["/1.png", "/film.mp4", "/said.ogg", "/song.mp3"]
    assert sent(telegram) == [ALBUM, "sendAudio", "sendVoice", MESSAGE] * 2
    for phone in (ann, bob):
        await phone.wait_for("Well?")
        kinds = [kind for message in phone.messages for kind in ("photo", "video", "audio", "voice") if kind in message]
        assert kinds == ["photo", "video", "audio", "voice"]


async def test_what_telegram_cannot_fetch_we_fetch_and_upload_once(post: Post, telegram: Telegram) -> None:
    (ann, _), (first, second) = await crowd(telegram, post, 2)
    async with site() as (at, asked):
        media = (("photo", f"{at}/odd.png"), ("photo", f"{at}/1.png"), ("document", f"{at}/notes.txt"))
        await tell(post, first, *media)
        assert sent(telegram) == [ALBUM, "sendDocument", MESSAGE]
        await ann.wait_for("Well?")
        assert sum("photo" in message for message in ann.messages) == 2
        before = list(asked)
        await tell(post, second, *media)
        assert asked == before
        assert sent(telegram)[3:] == [ALBUM, "sendDocument", MESSAGE]


async def test_what_nobody_can_have_is_a_link(post: Post, telegram: Telegram) -> None:
    (ann,), (person,) = await crowd(telegram, post, 1)
    async with site() as (at, _):
        await tell(post, person, ("photo", f"{at}/page.png"), ("photo", f"{at}/1.png"))
        assert sent(telegram) == ["sendPhoto", MESSAGE]
        told = await ann.wait_for("Well?")
        assert [each["url"] for each in told["entities"] if each["type"] == "text_link"] == [f"{at}/page.png"]


@pytest.fixture
async def zipped(post: Post) -> list[str]:
    """Two pictures of a ZIP."""
    names = ["one.png", "two.png"]

    def put(unit: UnitOfWork) -> None:
        for at, name in enumerate(names):
            unit.media_files.store_piece(name, 0, png(5 + at, 2))

    await post.do(put)
    return [f"{BROUGHT}{name}" for name in names]


async def test_one_picture_may_stand_twice_in_an_album(post: Post, telegram: Telegram, zipped: list[str]) -> None:
    """Its second place waited for the first, which was never sent, and held the chat up for ever."""
    (ann,), (person,) = await crowd(telegram, post, 1)
    async with site() as (at, _):
        for same in (zipped[0], f"{at}/1.png", f"{at}/odd.png"):
            await tell(post, person, ("photo", same), ("photo", same), ("photo", zipped[1]))
        assert sent(telegram) == [ALBUM, MESSAGE] * 3
    await ann.until(lambda phone: sum("photo" in message for message in phone.messages) == 9)
    kept = [tuple(row) async for row in post.database.rows("SELECT content FROM uploaded_files")]
    assert len(kept) == len(set(kept)) == 4


async def test_a_picture_of_a_zip_that_telegram_refuses_is_left_out(
    post: Post, telegram: Telegram, zipped: list[str]
) -> None:
    (ann,), (person,) = await crowd(telegram, post, 1)
    words = 'Bad Request: failed to send message #1 with the error message "PHOTO_INVALID_DIMENSIONS"'
    telegram.faults.add("refuse", method=ALBUM, code=400, description=words)
    await tell(post, person, *(("photo", each) for each in zipped))
    assert sent(telegram) == ["sendPhoto", MESSAGE]
    await ann.wait_for("Well?")


async def test_who_takes_no_voice_messages_gets_documents_and_others_hear_them(post: Post, telegram: Telegram) -> None:
    (ann, bob), (first, second) = await crowd(telegram, post, 2)
    forbidden = "Bad Request: VOICE_MESSAGES_FORBIDDEN"
    telegram.faults.add("refuse", "sendVoice", code=400, chat_id=ann.id, description=forbidden)
    async with site() as (at, _):
        for person in (first, first, second):
            await tell(post, person, ("voice", f"{at}/said.ogg"))
    assert sent(telegram) == ["sendDocument", MESSAGE, "sendDocument", MESSAGE, "sendVoice", MESSAGE]
    assert sum("document" in message for message in ann.messages) == 2
    assert any("voice" in message for message in bob.messages)


async def test_whose_answer_was_spoken_is_a_document_to_who_takes_no_voice_messages(
    database: Database, telegram: Telegram, api: BotApi
) -> None:
    said = telegram.world.files.add(UploadedFile(b"OggS" + b"0" * 99, "a.oga"), "voice").id
    download = FileDownloads(api, f"{telegram.url}/file/bot{telegram.token}")

    def heard(name: str, facts: Any, language: str) -> Screen:
        if facts["text"] == "album":
            return Screen("Well?", album=(Picture(said, "", VOICE),))
        return Screen("Well?", voice=said)

    async with carried(database, api, SendRate(per_second=0, rest=0), heard, download=download) as post:
        (ann, bob), (first, second) = await crowd(telegram, post, 2)
        forbidden = "Bad Request: VOICE_MESSAGES_FORBIDDEN"
        telegram.faults.add("refuse", "sendVoice", code=400, chat_id=ann.id, description=forbidden)
        for person, text in ((first, "alone"), (first, "album"), (second, "alone"), (second, "album")):
            await post.say(person, text)
            assert {state for state, _ in await post.ended()} == {"sent"}
    assert sum("document" in message for message in ann.messages) == 2
    assert sum("voice" in message for message in bob.messages) == 2
