"""No refusal of Telegram is tried again at once, whatever was called, and no letter holds back its chat's others."""

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.rate_limit import SendRate
from bot.transport.http1 import Http1Request
from bot.transport.requests import BotApi
from simulator.crowd.client import Phone
from simulator.limits import Limits
from simulator.running import Telegram, serve
from storage.database import Database
from storage.unit import UnitOfWork
from tests.bot.conftest import Post, carried, until
from tests.letters import say
from tests.simulator.test_files import png

SHOT = png(3, 2).decode("latin-1")
MENU = "setMyCommands"  # it names its chat elsewhere
NOWHERE = "http://127.0.0.1:9/{}.png"  # a picture Telegram can't fetch
PATIENCE = 30.0  # seconds until every chat has its other letter, though something is stuck in all of them
LOOKED = 1.5  # seconds of looking after that
MOST = 5  # calls of one method to one chat in all
LEAST = 0.4  # seconds between two of them

# What the relay calls, and a letter that brings it about.
METHODS: dict[str, dict[str, Any]] = {
    "sendMessage": {"text": "stuck"},
    "sendPhoto": {"text": "stuck", "photo": SHOT},
    "sendVoice": {"text": "stuck", "voice": "AwAC"},
    "sendDocument": {"text": "stuck", "screen": "report"},
    "editMessageText": {"text": "stuck", "edits": "words"},
    "editMessageCaption": {"text": "stuck", "edits": "picture"},
    "editMessageMedia": {"text": "stuck", "edits": "picture", "photo": SHOT + "x"},
    "setMyCommands": {"text": "stuck", "menu": ["work"]},
    "sendPhoto by its address": {"text": "stuck", "address": NOWHERE.format("cat")},
    "editMessageMedia by its address": {"text": "stuck", "edits": "picture", "address": NOWHERE.format("dog")},
}
BAD = (
    "failed to get HTTP URL content",
    "wrong type of the web page content",
    "wrong file identifier/HTTP URL specified",
    "wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
    "file of size 12000000 bytes is too big for a photo; the maximum size is 10485760 bytes",
    "PHOTO_INVALID_DIMENSIONS",
    "IMAGE_PROCESS_FAILED",
    "can't parse entities: unsupported start tag",
    "message is too long",
    "message to edit not found",
    "message can't be edited",
    "message is not modified",
    "there is no text in the message to edit",
    "BUTTON_DATA_INVALID",
    "words nobody has heard before",
)
LOST = ({"code": 403}, {"code": 400, "description": "Bad Request: chat not found"})  # nothing more goes to this chat
OTHERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("refuse", {"code": 429, "retry_after": 1}),
    ("refuse", {"code": 500}),
    ("refuse", {"code": 502}),
    ("refuse", {"code": 413, "description": "Request Entity Too Large"}),
    ("refuse", {"code": 404, "description": "Not Found"}),
    ("delay", {"seconds": 1.3}),
    ("cut_before", {}),
    ("cut_after", {}),
)
REFUSALS = [
    *(("refuse", {"code": 400, "description": f"Bad Request: {words}"}) for words in BAD),
    *(("refuse", told) for told in LOST),
    *OTHERS,
]


Refusal = tuple[str, dict[str, Any]]


def named(refusal: Refusal) -> str:
    kind, told = refusal
    return str(told.get("description") or f"{kind} {told.get('code', '')}".strip())


@pytest.mark.parametrize("refusals", [REFUSALS[at::5] for at in range(5)], ids=range(5))
async def test_no_refusal_is_tried_again_at_once_nor_holds_back_the_chats_other_letters(
    sqlite_template: Path, tmp_path: Path, refusals: Sequence[Refusal]
):
    """Five at a time, each with its own Telegram, database and relay: they wait most of the time."""
    async with asyncio.TaskGroup() as group:
        for number, refusal in enumerate(refusals):
            (folder := tmp_path / str(number)).mkdir()  # reports are made beside the database
            url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'pouce.db')}"
            group.create_task(_is_in_no_hurry(url, refusal), name=named(refusal))


async def _is_in_no_hurry(url: str, refusal: Refusal) -> None:
    async with serve(limits=Limits.off()) as telegram, Http1Request(read_timeout=1.0) as request:
        database = Database(url)
        try:
            api = BotApi(request, f"{telegram.url}/bot{telegram.token}")
            async with carried(database, api, SendRate(per_second=0, rest=0)) as post:
                await _refuse(post, telegram, refusal)
        finally:
            await database.close()


async def _refuse(post: Post, telegram: Telegram, refusal: Refusal) -> None:
    kind, told = refusal
    chats = {method: await _settled(post, telegram, method) for method in METHODS}
    for method, (phone, _) in chats.items():
        called = method.split()[0]
        telegram.faults.add(kind, called, chat_id=None if called == MENU else phone.id, **told)  # type: ignore[arg-type]
    for method, (_, letter) in chats.items():
        await _say(post, letter, _other(method))
    if told not in LOST:
        for phone, _ in chats.values():
            await until(lambda phone=phone: any(_words(m) == "other" for m in phone.messages), PATIENCE)  # type: ignore[misc]
    await asyncio.sleep(LOOKED)
    for method, (phone, _) in chats.items():
        times = list(_calls(telegram, method, phone))
        assert 1 <= len(times) <= MOST, (named(refusal), method, len(times))
        assert min((after - before for before, after in pairwise(times)), default=LEAST) >= LEAST, (
            named(refusal),
            method,
        )


async def _settled(post: Post, telegram: Telegram, method: str) -> tuple[Phone, dict[str, Any]]:
    """A chat, and the letter that makes the relay call this method there."""
    phone = await telegram.phone(method)
    await phone.say("/start")
    [person] = await post.meet(phone)
    letter = {"screen": "plain", **METHODS[method], "person": person}
    if "edits" in letter:
        shown = {"photo": SHOT} if letter["edits"] == "picture" else {}
        await post.say(person, "before", **shown)
        await until(lambda: any(_words(m) == "before" for m in phone.messages))
        letter["edits"] = phone.messages[-1]["message_id"]
    return phone, letter


def _other(method: str) -> dict[str, Any]:
    """Another letter, by another method."""
    return {"photo": SHOT} if method in ("sendMessage", MENU) else {}


async def _say(post: Post, letter: dict[str, Any], other: dict[str, Any]) -> None:
    told = dict(letter)
    person, screen = told.pop("person"), told.pop("screen")

    def both(unit: UnitOfWork) -> None:
        say(unit, person, screen, **told)
        say(unit, person, "plain", text="other", **other)

    await post.do(both)


def _calls(telegram: Telegram, method: str, phone: Phone) -> Iterator[float]:
    for call in telegram.stats.calls(method.split()[0]):
        if method == MENU or call.params.get("chat_id") in (phone.id, str(phone.id)):
            yield call.at


def _words(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or "")
