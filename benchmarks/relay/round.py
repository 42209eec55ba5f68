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
from benchmarks.relay.strict import Strict, listening, token_of
from bot.clock import wall_clock
from domain.people.bots import FIRST_BOT_NAME
from faults.waiting import free_port
from services.people import settings
from services.work import dispatch
from storage.boxes.outbox import Lane
from storage.database import one_transaction
from tests.house import FIRST_WORKER, furnish, launch, settle_plans

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
    bots: int = 1


@contextmanager
def ground(database: str, workers: int, sweep: bool, projects: int, bots: int = 1) -> Iterator[str]:
    """A database in which a push to each worker waits, or is made by the sweep; it waits for the disk. So many more
    projects are open, of a few tasks each, launched at one moment: all tie for their turn. Those who are pushed belong
    to several bots in equal parts."""
    with fresh(database) as found:
        with one_transaction(found.url, wall_clock()) as unit:
            house = furnish(unit, workers + ASKERS, workers // 2 + 2_000, 0, pay=100, fee=10, minutes=60)
            unit.bots.number([FIRST_BOT_NAME, *map(_name, range(1, bots))])
            for place, worker in enumerate(house.workers[ASKERS:]):
                unit.bots.move(worker, place % bots + 1)
                if sweep:
                    settings.update_push_window(unit, worker, just_acted=True)
                    continue
                assert dispatch.dispatch_next_task(unit, unit.people.get(worker), Lane.PUSH) is not None
            for other in settle_plans(unit, house.requester, projects, EACH, pay=100, fee=10, minutes=60):
                launch(unit, house.requester, other)
        yield found.url


class Askers:
    """People who answer at the first bot, each a while after their task was shown; how long the next one took. `pushed`
    counts the pushes to all others, by any of the bots."""

    def __init__(self, strict: Strict, *others: Strict, people: int = ASKERS) -> None:
        self.strict, self.dice, self.pushed, self.people = strict, random.Random(1), 0, people
        self.pressed: dict[int, float] = {}
        self.waits: list[float] = []
        for each in (strict, *others):
            each.shown = self.see

    def begin(self) -> None:
        for chat in range(FIRST_WORKER, FIRST_WORKER + self.people):
            self.strict.put("message", {**_head(chat), "text": "/work", "entities": [COMMAND]})

    def see(self, chat: int, values: dict[str, Any]) -> None:
        found = OPTION.search(str(values.get("reply_markup", "")))
        if chat >= FIRST_WORKER + self.people:
            self.pushed += 1
            return
        if not found:
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


def _name(place: int) -> str:
    """The name of a further bot."""
    return f"bot{place}"


async def measure(
    database: str, workers: int, jitter: float, sweep: bool, projects: int = 0, bots: int = 1
) -> Measured:
    with ground(database, workers, sweep, projects, bots) as url:
        all_strict = [Strict(jitter) for _ in range(bots)]
        askers = Askers(*all_strict)
        runner, address = await listening(*all_strict)

        async with _bot(address, url, bots) as process:
            askers.begin()
            await _until(lambda: any(each.sent for each in all_strict), 60)
            began, spent, started = time.monotonic(), _cpu(process), process.memory_info().rss
            await _until(lambda: askers.pushed >= workers, workers / 10 + 60)
            end = max(each.sent[-1] for each in all_strict)
            cpu, most = _cpu(process) - spent, process.memory_info().rss
            among = list(askers.waits)
            await asyncio.sleep(TIDIED)
            before = len(askers.waits)
            await asyncio.sleep(QUIET)
        await runner.cleanup()
        steady = sorted(at for each in all_strict for at in each.sent if at <= end)
        rate = (len(steady) - 1) / (steady[-1] - steady[0])
        return Measured(
            database,
            workers,
            rate,
            max(_busiest(each.sent) for each in all_strict),
            sum(each.refused for each in all_strict),
            cpu,
            end - began,
            (started / 2**20, most / 2**20),
            askers.waits[before:],
            among,
            bots,
        )


@dataclass(frozen=True, slots=True)
class AnswerRate:
    """Answers a second that are stored while more people answer than Telegram's limit lets through; `calls` are the
    bot's calls by method meanwhile, the toasts in responses of the webhook by a name of their own."""

    database: str
    webhook: bool
    rate: float
    busiest: int
    refused: int
    calls: dict[str, float]


async def measure_answers(database: str, people: int, seconds: float, webhook: bool) -> AnswerRate:
    """So many people answer at one bot, each a second or more after their task was shown."""
    with fresh(database) as found:
        with one_transaction(found.url, wall_clock()) as unit:
            furnish(unit, people, people * 60, 0, pay=100, fee=10, minutes=60)
        strict = Strict()
        askers = Askers(strict, people=people)
        runner, address = await listening(strict)
        port = free_port()
        hook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}/hook", "HTTP_PORT": str(port)} if webhook else {}
        async with _bot(address, found.url, 1, **hook):
            await _until(lambda: bool(strict.calls.get("setWebhook" if webhook else "getUpdates")), 60)
            askers.begin()
            await _until(lambda: len(askers.waits) > people, 120)
            began, before, calls = time.monotonic(), _count_answers(found.url), dict(strict.calls)
            await asyncio.sleep(seconds)
            took, answers = time.monotonic() - began, _count_answers(found.url) - before
            await strict.close()
        await runner.cleanup()
        steady = {name: (count - calls.get(name, 0)) / answers for name, count in strict.calls.items()}
        return AnswerRate(database, webhook, answers / took, _busiest(strict.sent), strict.refused, steady)


def _count_answers(url: str) -> int:
    with one_transaction(url, wall_clock(), read_only=True) as unit:
        return int(unit.connection.all("SELECT count(*) FROM submissions")[0][0])


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
async def _bot(address: str, url: str, bots: int, **more: str) -> AsyncIterator[psutil.Process]:
    further = ",".join(f"{_name(place)}={token_of(place)}" for place in range(1, bots))
    told = {"BOT_TOKEN": token_of(0), "BOT_TOKENS": further, "BOT_API_URL": address, "DATABASE_URL": url}
    told |= {"LOG_LEVEL": "WARNING", **more}
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env={**os.environ, **told}
    )
    try:
        yield psutil.Process(started.pid)
    finally:
        started.send_signal(signal.SIGTERM)
        await asyncio.wait_for(started.wait(), 20)
