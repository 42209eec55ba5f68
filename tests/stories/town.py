"""A town for stories: the local Telegram, the real bot on a real database, and people with phones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.running import run
from bot.settings import read_settings
from simulator.client import Phone
from simulator.limits import Limits
from simulator.running import TOKEN, Telegram, serve

ADMIN = 900


@dataclass
class Town:
    """`database_url` is where the bot remembers."""

    telegram: Telegram
    database_url: str
    admin: Phone

    async def phone(self, name: str, **details: object) -> Phone:
        return await self.telegram.phone(name, **details)

    async def worker(self, name: str, **details: object) -> Phone:
        """Somebody who pressed start and agreed."""
        phone = await self.phone(name, role="worker", **details)
        await phone.say("/start")
        await phone.press(first_button(await phone.wait_for("Pouce")))
        await phone.wait_for("/pause")
        return phone

    async def requester(self, name: str, euros: str = "0", **details: object) -> Phone:
        """Somebody who may ask, with money."""
        phone = await self.phone(name, role="requester", **details)
        await phone.say("/start")
        await phone.wait_for("Pouce")
        await self.admin.say(f"/role {phone.id} requester on")
        await phone.wait_for("/newproject")
        if euros != "0":
            await self.admin.say(f"/deposit {phone.id} {euros} story")
            await phone.wait_for("free")
        return phone


def first_button(message: dict) -> str:  # type: ignore[type-arg]
    return str(message["reply_markup"]["inline_keyboard"][0][0]["text"])


@asynccontextmanager
async def town(database_url: str, limits: Limits | None = None, **more: object) -> AsyncIterator[Town]:
    async with serve(limits=limits or Limits.off()) as telegram:
        settings = read_settings(
            _env_file=None,
            bot_token=TOKEN,
            bot_api_url=telegram.url,
            database_url=database_url,
            admin_ids=(ADMIN,),
            **more,
        )
        stop = asyncio.Event()
        running = asyncio.create_task(run(settings, stop))
        try:
            admin = await telegram.phone("Ada", id=ADMIN, username="ada", role="admin")
            await admin.say("/start")
            await admin.wait_for("Pouce")
            yield Town(telegram, database_url, admin)
        finally:
            stop.set()
            await asyncio.wait_for(running, 20)
