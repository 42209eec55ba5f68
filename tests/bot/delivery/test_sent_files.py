"""A picture that came as a file goes on as a file without what a camera wrote into it, and is never lost for that."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.delivery.attachments import FileDownloads
from bot.delivery.rate_limit import SendRate
from bot.transport.requests import BotApi
from domain.projects.tasks import DOCUMENT, PHOTO
from formats.media.camera_data import without_camera_data
from handlers.screen import Picture, Screen
from simulator.media.files import MAX_DOWNLOAD_BYTES, UploadedFile
from simulator.running import Telegram
from storage.database import Database
from tests.bot.conftest import Post, carried
from tests.bot.delivery.test_attachments import crowd
from tests.formats.test_camera_data import PLACE, from_a_camera, saved


def shown(name: str, facts: Any, language: str) -> Screen:
    """A task above which pictures stand, or a review with the photo itself."""
    album = tuple(Picture(each, "<b>A</b>", facts["kind"]) for each in facts.get("album", ()))
    return Screen(facts["text"], photo=facts.get("address"), album=album)


@pytest.fixture
async def carrying(database: Database, telegram: Telegram, api: BotApi) -> AsyncIterator[Post]:
    download = FileDownloads(api, f"{telegram.url}/file/bot{telegram.token}")
    async with carried(database, api, SendRate(per_second=0, rest=0), shown, download=download) as at_work:
        yield at_work


def kept(telegram: Telegram, content: bytes, name: str = "IMG_20260101_home.JPG") -> str:
    """The id of a file that somebody sent."""
    return telegram.world.files.add(UploadedFile(content, name), "document").id


async def files(phone) -> list[tuple[str, bytes]]:
    sent = [message for message in phone.messages if "document" in message]
    return [(message["document"]["file_name"], await phone.download(message)) for message in sent]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("shape", ["photo", "album as photos", "album as documents"])
async def test_it_comes_cleaned_each_time_and_is_fetched_once(
    carrying: Post, telegram: Telegram, form: str, shape: str
):
    (ann, bob), (first, second) = await crowd(telegram, carrying, 2)
    content = from_a_camera(form)
    number = kept(telegram, content, f"IMG_20260101_home.{form}")
    kind = DOCUMENT if shape.endswith("documents") else PHOTO
    details: dict[str, Any] = {"address": number} if shape == "photo" else {"album": [number], "kind": kind}
    for person in (first, second):
        await carrying.say(person, "Which one?", **details)
        assert {state for state, _ in await carrying.ended()} == {"sent"}
    for phone in (ann, bob):
        await phone.wait_for("Which one?")
        assert await files(phone) == [(f"photo.{form.lower()}", without_camera_data(content))]
        assert PLACE not in (await files(phone))[0][1]
    assert len(telegram.stats.calls("getFile")) == 1


async def test_what_has_nothing_to_take_out_goes_by_its_own_id(carrying: Post, telegram: Telegram):
    (ann,), (person,) = await crowd(telegram, carrying, 1)
    numbers = [kept(telegram, saved("JPEG")), kept(telegram, b"whatever", "a.jpg")]
    await carrying.say(person, "Which one?", album=numbers, kind=PHOTO)
    await ann.wait_for("Which one?")
    assert [message["document"]["file_id"] for message in ann.messages if "document" in message] == numbers


async def test_a_file_that_telegram_does_not_give_goes_as_it_is(carrying: Post, telegram: Telegram):
    """It is too large for a bot to fetch: its requester sees it all the same."""
    (ann,), (person,) = await crowd(telegram, carrying, 1)
    number = kept(telegram, from_a_camera("JPEG") + bytes(MAX_DOWNLOAD_BYTES))
    await carrying.say(person, "Which one?", address=number)
    shown = await ann.wait_for("Which one?")
    assert shown["document"]["file_id"] == number


async def test_a_file_that_cannot_be_fetched_now_comes_later(
    carrying: Post, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.delivery.attachments.RETRY_PAUSES_SECONDS", (0.0,))
    (ann,), (person,) = await crowd(telegram, carrying, 1)
    telegram.faults.add("refuse", "getFile", code=502, count=2)
    await carrying.say(person, "Which one?", address=kept(telegram, from_a_camera("JPEG")))
    await ann.wait_for("Which one?")
    assert await files(ann) == [("photo.jpg", without_camera_data(from_a_camera("JPEG")))]
    assert {state for state, _ in await carrying.ended()} == {"sent"}


async def test_a_cleaned_file_that_telegram_has_lost_is_brought_again(carrying: Post, telegram: Telegram):
    (ann, bob), (first, second) = await crowd(telegram, carrying, 2)
    number = kept(telegram, from_a_camera("JPEG"))
    await carrying.say(first, "Which one?", address=number)
    cleaned = (await ann.wait_for("Which one?"))["document"]["file_id"]
    del telegram.world.files.files[cleaned]
    await carrying.say(second, "Which one?", address=number)
    await bob.wait_for("Which one?")
    assert await files(bob) == [("photo.jpg", without_camera_data(from_a_camera("JPEG")))]
