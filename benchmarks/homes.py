"""`python -m benchmarks homes`: answers a second of 1, 2 and 4 processes over a PostgreSQL that is so many milliseconds
away, with shares of the turn and with one turn for all; no Telegram."""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from benchmarks.databases import fresh
from benchmarks.pipeline.rounds import InHand, in_hand
from benchmarks.tables import WRITE, Goal, goals_table, keep
from bot.clock import wall_clock
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from services.work import dispatch, honest_card, submit
from services.work.honest_card import PressedAnswer
from storage.boxes.outbox import Lane
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.house import FIRST_WORKER, furnish, launch, settle_plans

PROCESSES, PROJECTS, TASKS = (1, 2, 4), 4, 4_000
WANTED = {2: 1.5, 4: 1.9}  # times the answers of one process
CHEAP = {"pay": Millionths(500), "fee": Millionths(50), "overlap": 1, "max_overlap": 1}
WAIT = "SELECT count(*) FROM pg_locks WHERE NOT granted"
SPAWN = multiprocessing.get_context("spawn")

Crowd = list[tuple[int, PersonId, ProjectId]]  # by their Telegram ids
# (processes, with shares?) → (answers a second, share waiting) of each round
Found = dict[tuple[int, bool], list[tuple[float, float]]]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks homes", description=__doc__)
    parser.add_argument("--people", type=int, default=64, help="at once")
    parser.add_argument("--milliseconds", type=float, default=4.0, help="of a round trip to the server")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=2, help="of each number of processes in turn")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    found: Found = {}
    for _ in range(options.rounds):
        for shares in (True, False):
            for processes in PROCESSES:
                measured = _round(processes, shares, options.people, options.milliseconds, options.seconds)
                found.setdefault((processes, shares), []).append(measured)
    load = f"On {os.cpu_count()} cores at a load of {os.getloadavg()[2]:.0f}, for all processes, server and proxy."
    table = f"{_table(found)}\n\n{load}\n\n{_goals(found, options.milliseconds)}"
    print(table)
    if options.write:
        again = f"homes --people {options.people} --milliseconds {options.milliseconds:g} --seconds {options.seconds:g}"
        keep("homes", f"Processes {options.milliseconds:g} ms away from PostgreSQL", again, table)
    return 0


def _table(found: Found) -> str:
    lines = ["| processes | answers/s | × one | waiting | with one turn | × one | waiting |", f"|{' --: |' * 7}"]
    one = _one(found)
    for processes in PROCESSES:
        cells = [str(processes)]
        for shares in (True, False):
            rate, waiting = (statistics.median(each) for each in zip(*found[processes, shares], strict=True))
            cells += [f"{rate:.0f}", f"{rate / one:.2f}", f"{waiting:.0%}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _one(found: Found) -> float:
    """Answers a second of one process, for which shares of the turn change nothing."""
    return statistics.median(rate for shares in (True, False) for rate, _ in found[1, shares])


def _goals(found: Found, milliseconds: float) -> str:
    rates = {number: statistics.median(rate for rate, _ in found[number, True]) for number in WANTED}
    told = f"processes, PostgreSQL {milliseconds:g} ms away, against one"
    return goals_table(Goal(f"{number} {told}", WANTED[number], rates[number] / _one(found)) for number in WANTED)


def _round(processes: int, shares: bool, people: int, milliseconds: float, seconds: float) -> tuple[float, float]:
    """(answers a second, how many of the processes waited for a lock whenever it was looked)."""
    with fresh("postgresql") as at, _far(at.url, milliseconds) as url:
        crowd = _settle(at.url, people)
        queue: Queue[int] = SPAWN.Queue()
        parts = [[each for each in crowd if each[2] % processes == number] for number in range(processes)]
        told = (url, shares and processes > 1, seconds, queue)
        children = [SPAWN.Process(target=_child, args=(part, *told)) for part in parts]
        for child in children:
            child.start()
        waiting = _watch(at.url, children)
        rate = sum(queue.get(timeout=60) for _ in children) / seconds
    print(f"{processes} {'with shares' if shares else 'with one turn'}: {rate:.0f} answers/s", flush=True)
    return rate, waiting / processes


def _settle(url: str, people: int) -> Crowd:
    """Each has a task of one of the projects in hand, and is paid at once."""
    with one_transaction(url, wall_clock()) as unit:
        house = furnish(unit, people, TASKS, **CHEAP)
        others = settle_plans(unit, house.requester, PROJECTS - 1, TASKS, **CHEAP)
        for project in others:
            launch(unit, house.requester, project)
        projects = (house.project, *others)
        crowd = [(FIRST_WORKER + n, worker, projects[n % PROJECTS]) for n, worker in enumerate(house.workers)]
        for _, worker, project in crowd:
            unit.enrolments.enrol(worker, project)
            unit.enrolments.qualify(worker, project)
            dispatch.dispatch_next_in(unit, unit.people.get(worker), unit.projects.get(project), Lane.REPLY)
        return crowd


def _watch(url: str, children: list[Any]) -> float:
    """How many waited for a lock, on average, while they were at work."""
    looks = []
    with one_transaction(url, wall_clock(), read_only=True) as unit:
        while any(child.is_alive() for child in children):
            looks.append(int(unit.connection.all(WAIT)[0][0]))
            time.sleep(0.02)
    return statistics.mean(looks)


def _child(crowd: Crowd, url: str, shares: bool, seconds: float, queue: "Queue[int]") -> None:
    queue.put(asyncio.run(_answering(crowd, url, shares, seconds)))


async def _answering(crowd: Crowd, url: str, shares: bool, seconds: float) -> int:
    database = Database(url)
    database.share(shares)
    answers, end = 0, 0.0

    async def keep_on(telegram_id: int, worker: PersonId) -> None:
        nonlocal answers
        task = await database.freely(lambda unit: in_hand(unit, worker), wall_clock())
        while time.monotonic() < end:
            task = await _answered(database, telegram_id, task)
            answers += 1

    end = time.monotonic() + seconds
    await asyncio.gather(*(keep_on(telegram_id, worker) for telegram_id, worker, _ in crowd))
    await database.close()
    return answers


async def _answered(database: Database, telegram_id: int, task: InHand) -> InHand:
    def answer(unit: UnitOfWork) -> InHand:
        worker = unit.people.find_by_telegram_id(telegram_id)
        assert worker is not None
        submit.submit_answer(unit, worker, task.number, "0", 1)
        return in_hand(unit, worker.id)

    about = PressedAnswer(0, telegram_id, task.number)
    return await database.transact_foreseen(
        answer, wall_clock(), honest_card.foresee_answers, about, honest_card.ANSWER_SCOPE
    )


@contextmanager
def _far(url: str, milliseconds: float) -> Iterator[str]:
    """The same server behind a proxy of its own process that delays both ways."""
    known = conninfo_to_dict(url)
    queue: Queue[int] = SPAWN.Queue()
    path = f"{known['host']}/.s.PGSQL.{known.get('port') or 5432}"
    proxy = SPAWN.Process(target=_proxy, args=(path, milliseconds / 2_000, queue), daemon=True)
    proxy.start()
    try:
        yield f"postgresql://{known.get('user', 'postgres')}@127.0.0.1:{queue.get(timeout=30)}/{known['dbname']}"
    finally:
        proxy.terminate()
        proxy.join()


def _proxy(path: str, delay: float, queue: "Queue[int]") -> None:
    os.nice(-5) if os.geteuid() == 0 else None
    asyncio.run(_relay(path, delay, queue))


async def _relay(path: str, delay: float, queue: "Queue[int]") -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(path)
        await asyncio.gather(_pump(reader, back, delay), _pump(there, writer, delay))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    queue.put(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """In order, each piece so much later."""
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    async def write() -> None:
        while (found := await pieces.get())[1]:
            await asyncio.sleep(max(0.0, found[0] - loop.time()))
            writer.write(found[1])
        writer.close()

    writing = asyncio.create_task(write())
    while piece := await reader.read(65_536):
        pieces.put_nowait((loop.time() + delay, piece))
    pieces.put_nowait((0.0, b""))
    await writing
