"""The real `pouce run` in a process of its own, and its database as seen from outside, at its time."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from domain.moments import Moment
from domain.money.ledger import BANK, Transfer, requester_account
from domain.people.accounts import PersonId
from services.people import settings
from simulator.crowd.client import Phone
from simulator.running import Telegram
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.house import FUNDS

ROOT = Path(__file__).parents[2]
SOON = 60.0  # seconds, on a machine that is busy otherwise
UNSEALED = "SELECT count(*) FROM transfers t WHERE NOT EXISTS (SELECT 1 FROM hash_chain s WHERE s.transfer = t.id)"


class Outside:
    """`ahead` is by how many milliseconds the bot's system clock is ahead of the real one."""

    def __init__(self, url: str, ahead: int = 0) -> None:
        self.url, self.ahead = url, ahead

    def do(self, work: Callable[[UnitOfWork], Any]) -> Any:
        now = Moment(time.time_ns() // 1_000_000 + self.ahead)
        with one_transaction(self.url, now) as unit:
            return work(unit)

    async def sealed(self) -> None:
        """Until every transfer is: the sweep that seals has run since the last one."""
        async with asyncio.timeout(SOON):
            while self.do(lambda unit: unit.connection.all(UNSEALED))[0][0]:  # noqa: ASYNC110 (another process seals)
                await asyncio.sleep(0.2)

    def await_push(self, phone: Phone) -> None:
        """The phone's owner agreed and waits for a task."""

        def agree(unit: UnitOfWork) -> None:
            person = unit.people.upsert(phone.id, None, "N", "en", unit.now)
            unit.people.give_consent(person.id, unit.now)
            settings.update_push_window(unit, person.id, just_acted=True)

        self.do(agree)

    def deposit(self, requester: PersonId, number: int) -> None:
        def post(unit: UnitOfWork) -> None:
            account = requester_account(unit.people.get(requester))
            unit.ledger.post(Transfer(f"deposit:{number}", "deposit", BANK, account, FUNDS, "EUR"))

        self.do(post)


@asynccontextmanager
async def bot(
    telegram: Telegram, url: str, environment: Mapping[str, str], files: int | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`files`: how many it may open."""
    told = {"BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url, "DATABASE_URL": url, **environment}
    limit = f"ulimit -n {files}; " if files else ""
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", f'{limit}exec "$0" -m bot run', sys.executable,
        cwd=ROOT, env={**os.environ, **told}, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        await process.wait()
