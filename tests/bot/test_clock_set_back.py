"""The system clock of a running bot is set back: what time asks for goes on. libfaketime moves the wall clock of that
process alone; its monotonic clock goes on, as it does when a machine's clock is set."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from domain.moments import DAY, HOUR, SECOND, Moment
from domain.money.ledger import BANK, Transfer, requester_account
from domain.people.people import PersonId
from services.people import push_schedule
from simulator import Phone, Telegram
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests import faketime
from tests.bot.conftest import until
from tests.conftest import BOTH
from tests.house import FUNDS, furnish

ROOT = Path(__file__).parents[2]
NOON = 12 * HOUR
UNSEALED = "SELECT count(*) FROM transfers t WHERE NOT EXISTS (SELECT 1 FROM seals s WHERE s.transfer = t.id)"


class House:
    """The database as seen from outside the bot, at the bot's time."""

    def __init__(self, url: str, clock: faketime.SystemClock) -> None:
        self.url, self.clock, self.ahead = url, clock, 0
        self.set((NOON - time.time_ns() // 1_000_000) % DAY)

    def set(self, ahead: int) -> None:
        self.ahead = ahead
        self.clock.set(ahead // SECOND)

    def do(self, work: Callable[[UnitOfWork], Any]) -> Any:
        now = Moment(time.time_ns() // 1_000_000 + self.ahead)
        with one_transaction(self.url, now) as unit:
            return work(unit)

    def unsealed(self) -> int:
        return int(self.do(lambda unit: unit.connection.all(UNSEALED))[0][0])

    def await_push(self, phone: Phone) -> None:
        """The phone's owner agreed and waits for a task."""

        def agree(unit: UnitOfWork) -> None:
            person = unit.people.meet(phone.id, None, "N", "en", unit.now)
            unit.people.consent(person.id, unit.now)
            push_schedule.wait(unit, person.id, asked=True)

        self.do(agree)

    def deposit(self, requester: PersonId, number: int) -> None:
        def post(unit: UnitOfWork) -> None:
            account = requester_account(unit.people.get(requester))
            unit.ledger.post(Transfer(f"deposit:{number}", "deposit", BANK, account, FUNDS, "EUR"))

        self.do(post)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def library() -> str:
    if not sys.platform.startswith("linux"):
        pytest.skip("libfaketime is loaded this way on Linux")
    return faketime.find() or pytest.fail(faketime.MISSING)


@asynccontextmanager
async def bot(telegram: Telegram, url: str, environment: dict[str, str]) -> AsyncIterator[None]:
    told = {"BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url, "DATABASE_URL": url, **environment}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env={**os.environ, **told}, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.kill()
        await process.wait()


@pytest.mark.parametrize("jump", [-HOUR, 3 * HOUR], ids=["back", "forward"])
async def test_pushes_and_seals_go_on_when_the_clock_is_set(telegram, database_url, tmp_path, library, jump):
    clock = faketime.SystemClock(tmp_path / "clock")
    house = House(database_url, clock)
    requester = house.do(partial(furnish, workers=0, tasks=4, overlap=1, max_overlap=1)).requester
    ann, ben = await telegram.phone("Ann"), await telegram.phone("Ben")
    async with bot(telegram, database_url, clock.environment(library)):
        for phone in (ann, ben):
            await phone.say("/start")
            await phone.wait_for("Pouce", timeout=30)
        house.await_push(ann)
        await ann.wait_for("pleased", timeout=10)
        await until(lambda: house.unsealed() == 0, 10)
        house.set(house.ahead + jump)
        house.deposit(requester, 2)
        house.await_push(ben)
        await ben.wait_for("pleased", timeout=10)
        await until(lambda: house.unsealed() == 0, 10)
