"""The demo as a visitor meets it, its clock short: the crowd waits for them, work and check questions last."""

import asyncio
import sqlite3
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import AsyncMock, Mock

import pytest

import bot.demo.demo as demo_module
from bot.demo import story
from bot.demo.demo import Supply, find_browser, listen_on, running_house, serve_visitor
from bot.settings import BadSetting
from domain.money.topups import ReserveMissing
from domain.projects.projects import ProjectId
from handlers.money.topups import reserve_request
from locales import translator
from simulator.crowd.behaviour import workers
from simulator.crowd.client import text_of
from simulator.crowd.crowd import CrowdPlan, ScriptedCrowd
from simulator.running import Telegram
from tests.bot.conftest import until

SMALL = Supply(tasks=10, gold=4, crowd=3, deposit=10, speed=40, patience=1)
ANSWERED = """SELECT count(*) FROM submissions JOIN tasks ON tasks.id = submissions.task
    JOIN people ON people.id = submissions.worker WHERE people.telegram_id = ? AND tasks.gold IS NOT NULL"""


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[Telegram]:
    ready = asyncio.Event()
    async with running_house(str(folder), unhurried=False) as (telegram, _):
        visit = asyncio.create_task(serve_visitor(telegram, SMALL, ready.set))
        try:
            await asyncio.wait_for(ready.wait(), 20)
            yield telegram
        finally:
            visit.cancel()
            await asyncio.wait((visit,))
        assert visit.cancelled(), visit.exception()


def check_questions(folder: Path, telegram_id: int) -> int:
    with sqlite3.connect(folder / "pouce.db") as database:
        return int(database.execute(ANSWERED, (telegram_id,)).fetchone()[0])


async def test_the_crowd_begins_with_the_visitor_and_a_late_one_finds_tasks_and_check_questions(tmp_path: Path) -> None:
    async with demo(tmp_path) as telegram:
        await asyncio.sleep(1)
        assert len(telegram.people) == 3  # nobody answers before somebody looks
        rosa = await telegram.switchboard.phone(story.REQUESTER)
        await (await telegram.switchboard.phone(story.VISITOR)).say("/start")
        await rosa.until(lambda phone: any("Part 4" in text_of(message) for message in phone.messages), 60)
        plan = CrowdPlan(story.PLEASED, story.DISPLEASED, speed=40, agree=("✅", "▶️"), ask="/work", patience=1, seed=7)
        async with ScriptedCrowd(telegram.url, workers(1, seed=7), plan) as late:
            await until(lambda: check_questions(tmp_path, late.hands[0].phone.id) > 0)


async def test_a_bot_that_cannot_start_ends_the_demo_at_once_and_says_why(tmp_path: Path) -> None:
    with listen_on() as taken, pytest.raises(BadSetting, match="HTTP_PORT"):
        async with asyncio.timeout(20), running_house(str(tmp_path), http_port=taken.getsockname()[1]):
            await asyncio.Event().wait()


def test_a_browser_that_would_take_the_terminal_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python offers these where there is no other; webbrowser reads the variable once."""
    for command, name in (("firefox %s", "firefox"), ("/usr/bin/lynx %s", None)):
        monkeypatch.setenv("BROWSER", command)
        monkeypatch.setattr(webbrowser, "_tryorder", None)
        found = find_browser()
        assert (found.name if found else None) == name


async def test_rosa_adds_what_a_resting_project_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor who reads slowly would else find no more tasks."""
    monkeypatch.setattr(demo_module, "REST_SECONDS", 0)
    notice = reserve_request(ReserveMissing(ProjectId(1), "Reviews", 16.1, 6.6, 7_660_000, "EUR"), translator("en"))
    keyboard = [[{"text": button.text, "callback_data": "la:1"} for button in row] for row in notice.keyboard]
    message = {"message_id": 9, "reply_markup": {"inline_keyboard": keyboard}}
    rosa = Mock(listeners=[], press=AsyncMock())
    adding = asyncio.create_task(demo_module._add_reserves(story.Story(Mock(), rosa), asyncio.Lock()))
    await until(lambda: bool(rosa.listeners))
    rosa.listeners[0]({"message_id": 8})
    rosa.listeners[0](message)
    await until(lambda: rosa.press.await_count > 0)
    adding.cancel()
    rosa.press.assert_awaited_once_with(story.ADD_RESERVE, on=message)
