"""The demo as a visitor meets it, its clock short: the crowd waits for them, work and check questions last."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import start_warnings
from bot.demo import story
from bot.demo.demo import house
from bot.demo.visit import Supply, receive
from simulator import Telegram
from simulator.crowd.behaviour import workers
from simulator.crowd.client import text_of
from simulator.crowd.crowd import Crowd, Plan

SMALL = Supply(tasks=10, gold=4, crowd=3, deposit=10, speed=40, patience=1)
ANSWERED = """SELECT count(*) FROM submissions JOIN tasks ON tasks.id = submissions.task
    JOIN people ON people.id = submissions.worker WHERE people.telegram_id = ? AND tasks.gold IS NOT NULL"""


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[Telegram]:
    ready = asyncio.Event()
    async with house(str(folder), 0, unhurried=False) as (telegram, _):
        visit = asyncio.create_task(receive(telegram, SMALL, ready.set))
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
        plan = Plan(story.PLEASED, story.DISPLEASED, speed=40, agree=("✅", "▶️"), ask="/work", patience=1, seed=7)
        async with Crowd(telegram.url, workers(1, seed=7), plan) as late:
            await late.until(8, timeout=30)
        assert check_questions(tmp_path, late.hands[0].phone.id) > 0


async def test_a_visitor_meets_no_warning_of_settings(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with demo(tmp_path):
        pass
    assert [each.getMessage() for each in caplog.records if each.name == start_warnings.__name__] == []
