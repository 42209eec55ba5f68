"""One round: so many people, so many seconds, one thing measured."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psutil
import psycopg

from benchmarks.pipeline.people import People, option_of
from benchmarks.pipeline.standin import TOKEN, StandIn, listening
from bot.clock import wall_clock
from domain.people.accounts import PersonId
from domain.work.assignments import AssignmentId
from services.work import honest_card, submit
from services.work.honest_card import PressedAnswer
from storage.database import Database
from storage.unit import UnitOfWork
from tests.house import House

ROOT = Path(__file__).parents[2]
WARM_UP = 15.0  # seconds at work before anything is counted: what tidies comes a second after an answer


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers of one round; `times` in seconds each, `cpu` seconds of the process under test, `size`: its tasks."""

    what: str
    people: int
    seconds: float
    cpu: float
    times: tuple[float, ...]
    note: str = ""
    size: str = ""
    commits: float = 0.0  # an answer
    calls: float = 0.0  # to Telegram, an answer
    server: float = 0.0  # seconds of CPU time of the database's server

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def cost(self) -> float:
        """Microseconds of CPU time an answer."""
        return 1e6 * self.cpu / len(self.times)

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        return 1000 * sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))]


class InHand(NamedTuple):
    """The assignment a person has, and the number of the review in it."""

    number: AssignmentId
    review: int


async def over_http(
    what: str, module: str, url: str, people: int, seconds: float, warm_up: float = WARM_UP, **told: str
) -> Measured:
    """A process of its own under the presses of `people`, told apart by its CPU time; `told` is of its environment."""
    standin = StandIn()
    crowd = People(standin)
    server, address = await listening(standin)
    async with server, process_of(module, address, url, **told) as process:
        await first_call(standin)
        crowd.begin(people)
        await asyncio.sleep(warm_up)
        crowd.counting = True
        standin.calls.clear()
        began, spent, beside = time.perf_counter(), cpu_of(process), server_cpu(url)
        await asyncio.sleep(seconds)
        crowd.counting = False
        took, used, beside = time.perf_counter() - began, cpu_of(process) - spent, server_cpu(url) - beside
        calls = _calls(standin)
    told = f"{calls:.1f} calls an answer"
    return Measured(what, people, took, used, tuple(crowd.times), told, calls=calls, server=beside)


def _calls(standin: StandIn) -> float:
    answers = standin.calls.get("answerCallbackQuery", 0) or 1
    return sum(count for name, count in standin.calls.items() if name != "getUpdates") / answers


def cpu_of(process: psutil.Process) -> float:
    """With its children, those that ended among them."""
    times = process.cpu_times()
    own = float(times.user + times.system + times.children_user + times.children_system)
    return own + sum(_each(cpu_of, process.children()))


def _each(measure: Callable[[psutil.Process], float], processes: list[psutil.Process]) -> Iterator[float]:
    """Of those that are still there: one may end while they are asked."""
    for process in processes:
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                yield measure(process)


def memory_of(process: psutil.Process) -> int:
    """Bytes, with those of its children."""
    return int(sum(_each(lambda each: float(each.memory_info().rss), [process, *process.children(recursive=True)])))


def server_cpu(url: str) -> float:
    """Seconds of CPU time of PostgreSQL's server with all its processes so far; none of a file."""
    if not url.startswith("postgresql"):
        return 0.0
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        postmaster = psutil.Process(row[0]).parent()
        assert postmaster is not None
        ended = postmaster.cpu_times()
        return float(ended.children_user + ended.children_system) + sum(_each(cpu_of, postmaster.children()))


async def first_call(standin: StandIn) -> None:
    async with asyncio.timeout(30):
        while True:
            if "getUpdates" in standin.calls:
                return
            await asyncio.sleep(0.05)


@asynccontextmanager
async def process_of(module: str, address: str, url: str, **more: str) -> AsyncIterator[psutil.Process]:
    told = {"BOT_TOKEN": TOKEN, "BOT_API_URL": address, "DATABASE_URL": url, **more}
    started = await asyncio.create_subprocess_exec(sys.executable, "-m", module, cwd=ROOT, env={**os.environ, **told})
    try:
        yield psutil.Process(started.pid)
    finally:
        started.send_signal(signal.SIGTERM)
        await asyncio.wait_for(started.wait(), 20)


async def storage_alone(url: str, house: House, people: int, seconds: float) -> Measured:
    """The service that an answer calls, whole transactions, everybody at once; no Telegram."""
    database = Database(url)
    times: list[float] = []

    async def keep_answering(worker: PersonId, end: float) -> None:
        task = await database.transact(begin, wall_clock(), worker)
        while time.perf_counter() < end:
            began = time.perf_counter()
            task = await answered(database, worker, task)
            times.append(time.perf_counter() - began)

    began, spent, commits, beside = time.perf_counter(), cpu_of(psutil.Process()), database.commits, server_cpu(url)
    await asyncio.gather(*(keep_answering(worker, began + seconds) for worker in house.workers[:people]))
    took, used = time.perf_counter() - began, cpu_of(psutil.Process()) - spent
    each, beside = (database.commits - commits) / len(times), server_cpu(url) - beside
    await database.close()
    note = f"{each:.3f} commits an answer"
    return Measured("storage alone", people, took, used, tuple(times), note, commits=each, server=beside)


async def answered(database: Database, worker: PersonId, task: InHand) -> InHand:
    """As a pressed button is handed to the database; there is no update here, and people are known by their ids."""
    about = PressedAnswer(0, 0, task.number)
    return await database.transact_foreseen(
        lambda unit: _answer(unit, worker, task), wall_clock(), honest_card.foresee_answers, about
    )


def begin(unit: UnitOfWork, worker: PersonId) -> InHand:
    submit.show_work(unit, unit.people.get(worker))
    return in_hand(unit, worker)


def _answer(unit: UnitOfWork, worker: PersonId, task: InHand) -> InHand:
    submit.submit_answer(unit, unit.people.get(worker), task.number, str(option_of(worker, task.review)), 1)
    return in_hand(unit, worker)


def in_hand(unit: UnitOfWork, worker: PersonId) -> InHand:
    """Tasks are numbered as their reviews are."""
    found = unit.assignments.active_for(worker)
    if found is None:
        raise RuntimeError("the tasks have run out: measure for fewer seconds")
    return InHand(found.id, found.task)
