"""A relay on a real database and a local Telegram; screens show the letter's facts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.clock import wall_clock
from bot.delivery.attachments import Download
from bot.delivery.attempts import Attempts, FailureServices, Render
from bot.delivery.rate_limit import SendRate
from bot.delivery.relay import Relay
from bot.delivery.telegram_calls import TelegramCalls
from bot.transport.http1 import Http1Request
from bot.transport.requests import BotApi
from domain.people.accounts import PersonId
from handlers.screen import Button, FileOrder, Picture, Screen
from jobs.fetching import Fetcher
from jobs.figures import MadeFile
from services.work import undelivered
from simulator.crowd.client import Phone
from simulator.limits import Limits
from simulator.running import Telegram, serve
from storage.boxes.outbox import Letter
from storage.database import Database
from storage.unit import UnitOfWork
from tests.letters import say, waiting_letters


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with serve(limits=Limits.off(), webhook_pause=0.01) as running:
        yield running


@pytest.fixture
async def api(telegram: Telegram) -> AsyncIterator[BotApi]:
    async with Http1Request(read_timeout=1.0) as request:
        yield BotApi(request, f"{telegram.url}/bot{telegram.token}")


def paint(name: str, facts: Any, language: str) -> Screen:
    """The screen `bug` can't be painted; the others show their facts."""
    if name == "bug":
        raise ZeroDivisionError
    keyboard = ((Button(facts["button"], data="b", style="success"),),) if "button" in facts else ()
    menu = tuple((command, command.title()) for command in facts["menu"]) if "menu" in facts else None
    file = FileOrder(name, {"rows": 3}) if name in ("report", "diary") else None
    album = tuple(Picture(photo, f"<b>{photo[-9:]}</b>") for photo in facts.get("album", ()))
    photo = facts.get("address") or ((lambda: facts["photo"].encode("latin-1")) if "photo" in facts else None)
    return Screen(
        facts.get("text", ""),
        keyboard,
        photo=photo,
        voice=facts.get("voice"),
        album=album,
        file=file,
        menu=menu,
        before=tuple(facts.get("before", ())),
    )


@dataclass
class Post:
    """Writes letters as services do, and looks up what became of them."""

    database: Database
    relay: Relay

    async def meet(self, *phones: Phone) -> list[PersonId]:
        def meet(unit: UnitOfWork) -> list[PersonId]:
            return [unit.people.upsert(phone.id, None, "N", "en", unit.now).id for phone in phones]

        return await self.do(meet)

    async def do(self, work: Callable[[UnitOfWork], Any]) -> Any:
        return await self.database.transact(work, wall_clock())

    async def say(self, person: PersonId, text: str, screen: str = "plain", **details: Any) -> None:
        await self.do(lambda unit: say(unit, person, screen, text=text, **details))

    async def is_empty(self) -> bool:
        return await self.do(lambda unit: waiting_letters(unit)) == 0

    async def ended(self) -> list[tuple[str, str | None]]:
        """State and reason of each letter, once none waits."""
        await until(self.is_empty)
        rows = [row async for row in self.database.rows("SELECT state, reason FROM outbox ORDER BY id")]
        return [(row[0], row[1]) for row in rows]


async def make_report(database: Database, facts: dict[str, Any], now: int) -> MadeFile:
    path = Path(str(database.dialect.path)).with_name("report.csv")  # type: ignore[union-attr]
    path.write_text("row\n" * facts["rows"])
    return MadeFile(path, "report.csv", "text/csv", is_reusable=True)


async def make_diary(database: Database, facts: dict[str, Any], now: int) -> MadeFile:
    return replace(await make_report(database, facts, now), is_reusable=False)


def lose(unit: UnitOfWork, person: PersonId) -> None:
    unit.people.set_reachable(person, False)


def fail(unit: UnitOfWork, letter: Letter, reason: str) -> None:
    undelivered.handle_refused_letter(unit, letter, reason, frozenset())


@asynccontextmanager
async def carried(
    database: Database,
    api: BotApi,
    pace: SendRate,
    render: Render = paint,
    fetch: Fetcher | None = None,
    download: Download | None = None,
) -> AsyncIterator[Post]:
    """A relay at work until the block ends."""
    makers = {"report": make_report, "diary": make_diary}
    calls = TelegramCalls(api, database, makers, wall_clock, pace.charge_messages, fetch, download=download)
    relay = Relay(database, Attempts(calls, render, wall_clock), FailureServices(lose, fail), wall_clock, pace)
    running = asyncio.create_task(relay.run())
    try:
        yield Post(database, relay)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await relay.stop(2)


@pytest.fixture
async def post(database: Database, api: BotApi) -> AsyncIterator[Post]:
    """A relay that need not pace itself: this Telegram has no flood control."""
    async with carried(database, api, SendRate(per_second=0, rest=0)) as at_work:
        yield at_work


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float = 30) -> None:
    """Looks again and again."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if await found if isinstance(found, Awaitable) else found:
                return
            await asyncio.sleep(0.01)
