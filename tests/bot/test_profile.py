"""The bot's menus and descriptions at servers that answer in their own way."""

import asyncio

import pytest

from bot import profile
from bot.transport.http1 import Http1Request
from bot.transport.requests import BotApi
from domain.people.onboarding import Command
from simulator.running import Telegram
from tests.bot.transport.unruly import Asked, sized, unruly


async def agrees(writer: asyncio.StreamWriter, asked: Asked) -> bool:
    """As servers in Telegram's place do for what they do not know."""
    writer.write(sized(b'{"ok": true, "result": true}'))
    return True


async def test_a_server_that_agrees_to_everything_gets_the_descriptions():
    async with unruly() as server, Http1Request() as request:
        server.ways.extend([agrees] * 100)
        await profile.publish_profile(BotApi(request, f"http://127.0.0.1:{server.port}/bot1:a"), "en", ())
    assert [server.methods.count(f"setMy{name}") for name in ("Commands", "Description", "ShortDescription")] == [3] * 3


async def test_what_telegram_refuses_at_first_is_set_later(
    telegram: Telegram, api: BotApi, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(profile, "RETRY_PAUSES_SECONDS", (0.0, 0.0, 0.0))
    telegram.faults.add("refuse", "setMyCommands", code=429, retry_after=1, count=1)
    telegram.faults.add("refuse", "getMyDescription", code=502, count=2)
    await profile.publish_profile(api, "en", (Command("", "help", "", "one task now"),))
    ann = await telegram.phone("Ann")
    assert await ann.commands() == ["help"]
    assert len(telegram.stats.calls("setMyDescription")) == 2  # English and French
