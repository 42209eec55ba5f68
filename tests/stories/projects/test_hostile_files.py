"""Files that are made to hurt: their sender is told why, can drop them, and nobody else waits for them."""

import asyncio
import os
import signal
from pathlib import Path

from bot.clock import wall_clock
from domain.moments import DAY
from faults import forks
from faults.forks import ForkedProcess
from services.projects import drafts
from simulator.crowd.client import text_of
from simulator.limits import Limits
from simulator.running import Telegram, serve
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.formats import hostile
from tests.formats.processes import begun, children, gone
from tests.stories.town import CAPTION, Town, ask, csv, draft, with_lines

LARGE = b"text\n" + b"word\n" * 800_000


async def test_a_cell_in_a_far_row_is_refused_and_its_sender_goes_on(anywhere: Town) -> None:
    rosa = await anywhere.requester()
    await rosa.upload(hostile.far_row(), "tasks.xlsx", CAPTION)
    told = text_of(await rosa.wait_for("Nothing was imported"))
    assert "line 2: 1000000000000 – expected a row number from 1 to 1048576" in told
    assert await draft(rosa, csv("Lovely")) == 1


async def test_a_file_under_way_is_dropped_by_cancel(anywhere: Town) -> None:
    rosa = await anywhere.requester()
    await rosa.upload(LARGE, "tasks.csv", CAPTION)
    child = await begun(os.getpid())
    await ask(rosa, "/cancel", "tasks.csv is dropped")
    assert children(os.getpid()) == set()
    await gone(child)
    assert anywhere.rows("SELECT 1 FROM batches") == []
    assert await draft(rosa, csv("Lovely")) == 1


async def test_what_was_written_of_a_dropped_file_is_taken_out_again(home: Town, monkeypatch) -> None:
    monkeypatch.setattr(drafts, "STEP", 100)
    rosa = await home.requester()
    await rosa.upload(b"text\n" + b"word\n" * 600_000, "tasks.csv", CAPTION)
    await home.until(lambda: home.rows("SELECT 1 FROM tasks LIMIT 1") != [])
    await ask(rosa, "/cancel", "tasks.csv is dropped")
    assert home.rows("SELECT 1 FROM tasks") == home.rows("SELECT 1 FROM batches") == []


async def test_a_bot_told_to_stop_ends_the_reading_and_begins_it_again(home: Town) -> None:
    rosa = await home.requester()
    await rosa.upload(LARGE, "tasks.csv", CAPTION)
    child = await begun(os.getpid())
    async with asyncio.timeout(10):
        await home.bot.stop()
    await gone(child)
    assert home.rows("SELECT begun FROM inbox WHERE state = 'waiting'") == [(0,)]
    home.bot.start()
    await begun(os.getpid())
    await ask(rosa, "/cancel", "tasks.csv is dropped")


async def test_other_peoples_files_do_not_wait_for_it(home: Town) -> None:
    rosa, bea = await home.requester(), await home.requester("Bea")
    await rosa.upload(LARGE, "tasks.csv", CAPTION)
    await rosa.upload(LARGE, "more.csv", CAPTION)
    await begun(os.getpid())
    assert await draft(bea, csv("Lovely")) > 0
    assert len(children(os.getpid())) == 1
    await ask(rosa, "/cancel", "tasks.csv is dropped")


async def test_a_requester_leaves_only_so_much_unlaunched(home: Town, monkeypatch) -> None:
    monkeypatch.setattr(drafts.drafts, "MOST_ROWS", 3)
    rosa = await home.requester()
    await draft(rosa, csv("Lovely", "Awful"))
    await rosa.upload(csv("Fine", "Odd"), "more.csv", with_lines(CAPTION, title="More?"))
    told = text_of(await rosa.wait_for("Too much is waiting"))
    assert "2 rows (0 MB) of yours wait already; at most 3 rows" in told
    assert home.rows("SELECT count(*) FROM projects") == [(1,)]
    await ask(rosa, "/launch 1", "set aside")
    assert await draft(rosa, csv("Fine", "Odd"), with_lines(CAPTION, title="More?")) > 1


async def test_a_draft_that_nobody_launches_goes_after_the_time_its_card_says(home: Town) -> None:
    rosa = await home.requester()
    await draft(rosa, csv("Lovely"))
    await rosa.press("🔎 Details")
    await rosa.wait_for("not launched within 30 days is deleted")
    await home.alter(lambda unit: _brought(unit, 29))
    await asyncio.sleep(1)
    assert home.rows("SELECT arriving FROM projects") == [(0,)]
    await home.alter(lambda unit: _brought(unit, 31))
    await rosa.wait_for("Draft 1 was deleted")
    assert home.rows("SELECT arriving FROM projects") == [(1,)]


def _brought(unit: UnitOfWork, days: int) -> None:
    unit.connection.changed("UPDATE batches SET imported_at = :at", at=unit.now - days * DAY)


async def start(telegram: Telegram, database_url: str, log: Path) -> ForkedProcess:
    told = {"BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url, "DATABASE_URL": database_url}
    return await forks.start((), {**told, "OPEN_REQUESTERS": "true", "LOG_LEVEL": "ERROR"}, log)


async def test_a_process_that_is_killed_counts_and_one_that_is_told_to_stop_does_not(
    sqlite_url: str, tmp_path: Path
) -> None:
    """kill -9 ends what reads the file, too."""
    async with serve(limits=Limits.off()) as telegram:
        bot = await start(telegram, sqlite_url, tmp_path / "log")
        rosa = await telegram.phone("Rosa", role="requester")
        await rosa.upload(LARGE, "tasks.csv", CAPTION)
        for ends, counted in ((signal.SIGKILL, 1), (signal.SIGTERM, 0)):
            child = await begun(bot.pid)
            bot.send_signal(ends)
            await asyncio.wait_for(bot.wait(), 20)
            await gone(child)
            with one_transaction(sqlite_url, wall_clock(), read_only=True) as unit:
                assert [each.begun for each in unit.inbox.find_later(rosa.id, -1, 9)] == [counted]
            if counted:
                bot = await start(telegram, sqlite_url, tmp_path / "log")
