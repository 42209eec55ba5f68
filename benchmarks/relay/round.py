"""One run: a database with pushes that wait, the bot as it is started by `pouce run`, a Telegram that counts."""

import asyncio
import os
import random
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.databases import fresh
from benchmarks.relay.strict import TOKEN, Strict, listening
from bot.clock import wall_clock
from services.people import settings
from services.work import dispatch
from storage.boxes.outbox import Lane
from storage.database import one_transaction
from tests.house import (
    FIRST_WORKER,
    furnish,
    launch,
    settle_plans,
)

ROOT = Path(__file__).parents[2]
ASKERS, EACH = 16, 10  # who answer, and the tasks of each further project
TIDIED = 22.0  # seconds after which no old message is tidied any more,
QUIET = 8.0  # and in which answers are measured alone then
OPTION = re.compile(r'"(a:\d+:0)"')


@dataclass(frozen=True, slots=True)
class Measured:
    """`rate` of pushes and answers together while pushes wait; waits in seconds, from a press to the next task."""

    database: str
    workers: int
    rate: float
    busiest: int
    refused: int
    cpu: float
    seconds: float
    memory: tuple[float, float]
    alone: list[float] = field(default_factory=list)
    among: list[float] = field(default_factory=list)


@contextmanager
def ground(database: str, workers: int, sweep: bool, projects: int) -> Iterator[str]:
    """A database in which a push to each worker waits, or is made by the sweep; it waits for the disk. So many more
    projects are open, of a few tasks each, launched at one moment: all tie for their turn."""
    with fresh(database) as found:
        with one_transaction(found.url, wall_clock()) as unit:
            house = furnish(unit, workers + ASKERS, workers // 2 + 2_000, 0, pay=100, fee=10, minutes=60)
            for worker in house.workers[ASKERS:]:
                if sweep:
                    settings.update_push_window(unit, worker, just_acted=True)
                    continue
                assert dispatch.dispatch_next_task(unit, unit.people.get(worker), Lane.PUSH) is not None
            for other in settle_plans(unit, house.requester, projects, EACH, pay=100, fee=10, minutes=60):
                launch(unit, house.requester, other)
        yield found.url


class Askers:
    """People who answer, each a while after their task was shown; how long the next one took."""

    def __init__(self, strict: Strict) -> None:
        self.strict, self.dice = strict, random.Random(1)
        self.pressed: dict[int, float] = {}
        self.waits: list[float] = []
        strict.shown = self.see

    def begin(self) -> None:
        for chat in range(FIRST_WORKER, FIRST_WORKER + ASKERS):
            self.strict.put("message", {**_head(chat), "text": "/work", "entities": [COMMAND]})

    def see(self, chat: int, values: dict[str, Any]) -> None:
        found = OPTION.search(str(values.get("reply_markup", "")))
        if chat >= FIRST_WORKER + ASKERS or not found:
            return
        if chat in self.pressed:
            self.waits.append(time.monotonic() - self.pressed[chat])
        asyncio.get_running_loop().call_later(1.2 + self.dice.expovariate(0.5), self._press, chat, found[1])

    def _press(self, chat: int, data: str) -> None:
        self.pressed[chat] = time.monotonic()
        query = {"id": str(len(self.waits)), "from": _head(chat)["from"], "chat_instance": "1", "data": data}
        self.strict.put("callback_query", {**query, "message": {**_head(chat), "text": "…"}})


COMMAND = {"type": "bot_command", "offset": 0, "length": 5}


def _head(chat: int) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": f"Worker {chat}", "language_code": "en"}
    return {"message_id": 1, "date": 1_800_000_000, "chat": {"id": chat, "type": "private"}, "from": person}


async def measure(database: str, workers: int, jitter: float, sweep: bool, projects: int = 0) -> Measured:
    with ground(database, workers, sweep, projects) as url:
        strict = Strict(jitter)
        askers = Askers(strict)
        runner, address = await listening(strict)
        async with _bot(address, url) as process:
            askers.begin()
            await _until(lambda: len(strict.sent) > 0, 60)
            began, spent, started = time.monotonic(), _cpu(process), process.memory_info().rss
            await _until(lambda: len(strict.sent) - len(askers.waits) - ASKERS >= workers, workers / 10 + 60)
            end, cpu, most = strict.sent[-1], _cpu(process) - spent, process.memory_info().rss
            among = list(askers.waits)
            await asyncio.sleep(TIDIED)
            before = len(askers.waits)
            await asyncio.sleep(QUIET)
        await runner.cleanup()
        steady = [at for at in strict.sent if at <= end]
        rate = (len(steady) - 1) / (steady[-1] - steady[0])
        return Measured(
            database,
            workers,
            rate,
            _busiest(strict.sent),
            strict.refused,
            cpu,
            end - began,
            (started / 2**20, most / 2**20),
            askers.waits[before:],
            among,
        )


def _busiest(times: list[float]) -> int:
    """The most messages in any second."""
    most = after = 0
    for at, start in enumerate(times):
        while after < len(times) and times[after] < start + 1:
            after += 1
        most = max(most, after - at)
    return most


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _until(condition: Any, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (seen from outside, nobody tells)
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _bot(address: str, url: str) -> AsyncIterator[psutil.Process]:
    told = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address, "DATABASE_URL": url, "LOG_LEVEL": "WARNING"}
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env={**os.environ, **told}
    )
    try:
        yield psutil.Process(started.pid)
    finally:
        started.send_signal(signal.SIGTERM)
        await asyncio.wait_for(started.wait(), 20)
