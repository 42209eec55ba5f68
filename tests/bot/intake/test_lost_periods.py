"""After a restore no button that was shown between the backup and the restore is taken; on both databases."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.intake.processing import Processing
from bot.profile import build_bot
from bot.routes import Dispatcher
from bot.running import house_of
from bot.settings import read_settings
from domain.moments import DAY, HOUR, MINUTE, Moment, later
from domain.people.accounts import PersonId
from domain.work.assignments import Assignment
from handlers.work.tasks import SubmitAnswer
from services.work import submit
from simulator.running import Telegram
from storage.backups import back_up, lost_periods, restore
from storage.boxes.inbox import read_update
from storage.boxes.receiving import store_updates
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.house import FIRST_WORKER, furnish
from tests.sqlite_files import SQLiteFiles

ANSWERED = "SELECT count(*) FROM submissions"


def take_task(unit: UnitOfWork, worker: PersonId) -> Assignment:
    submit.show_work(unit, unit.people.get(worker))
    in_hand = unit.assignments.active_for(worker)
    assert in_hand is not None
    return in_hand


def press(number: int, sender: int, assignment: Assignment, **dates: int) -> dict[str, Any]:
    message = {"message_id": 5, "chat": {"id": sender, "type": "private"}, **dates}
    data = SubmitAnswer.wire(assignment.id, 0)
    who = {"id": sender, "is_bot": False, "first_name": "W"}
    return {"update_id": number, "callback_query": {"id": str(number), "from": who, "message": message, "data": data}}


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()


async def test_a_button_of_the_lost_period_answers_no_other_task(
    database_url: str, now: Moment, tmp_path: Path, sqlite_files: SQLiteFiles, telegram: Telegram
) -> None:
    with one_transaction(database_url, now) as unit:
        worker = furnish(unit, tasks=3).workers[0]
    back_up(database_url, tmp_path / "copy")
    with one_transaction(database_url, later(now, HOUR)) as unit:
        lost = take_task(unit, worker)
    sqlite_files.rest()
    restored_at = later(now, DAY)
    restore(database_url, tmp_path / "copy", restored_at)
    after = later(restored_at, MINUTE)
    with one_transaction(database_url, after) as unit:
        current, [(since, until)] = take_task(unit, worker), lost_periods(unit.settings)
    assert current.id > lost.id + 1_000  # what the old button names is no row
    assert since < now < until == restored_at

    told = {"bot_token": telegram.token, "bot_api_url": telegram.url, "database_url": "sqlite:///unused.db"}
    async with opened(database_url) as database, build_bot(telegram.token, telegram.url) as bot:
        house = house_of(read_settings(_env_file=None, **told), database, lambda: after)
        processing = Processing(bot, Dispatcher(bot, house, [(since, until)]), database, lambda: after)

        async def answers_after(update: dict[str, Any]) -> int:
            await database.transact(store_updates, after, [read_update(update)])
            assert await processing(read_update(update)) is None
            return await database.transact(lambda unit: int(unit.connection.all(ANSWERED)[0][0]), after)

        seconds, ago = later(now, HOUR) // 1_000, later(now, -HOUR) // 1_000
        for number, dates in enumerate(
            (
                {"date": seconds},
                {"date": ago, "edit_date": seconds},  # a task that followed in place
                {"date": 0},  # Telegram no longer says when
            ),
            1,
        ):
            assert await answers_after(press(number, FIRST_WORKER, current, **dates)) == 0, dates
        assert await answers_after(press(8, FIRST_WORKER, lost, date=after // 1_000)) == 0
        assert await answers_after(press(9, FIRST_WORKER, current, date=ago, edit_date=after // 1_000)) == 1
