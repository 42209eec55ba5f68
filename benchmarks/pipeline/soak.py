"""Soak test: memory, open files and latency over many minutes of steady work."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import psutil

from benchmarks.pipeline.ground import MIDDLE, Grounds
from benchmarks.pipeline.people import People
from benchmarks.pipeline.rounds import first_call, memory_of, process_of
from benchmarks.pipeline.standin import StandIn, listening
from benchmarks.tables import Goal
from bot.clock import wall_clock
from storage.database import one_transaction

PEOPLE, REST = 64, 0.5  # seconds each looks at a task
LINES = 20
SETTLED = 0.25  # of the time passes before memory is held against memory
WARM = 5.0  # minutes at least: caches of pages, plans and texts fill meanwhile
GROWTH, CONNECTIONS = 5.0, 32  # per cent; connections come and go

HEAD = (
    "| minutes | answers/s | p50 ms | p99 ms | memory MiB | open files | inbox · outbox · moves |",
    "| --: | --: | --: | --: | --: | --: | --: |",
)
# What must stay small however long it goes on: updates and letters that wait, and moves that are not counted yet.
WAITING = """
SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting'), (SELECT count(*) FROM outbox WHERE state = 'waiting'),
  (SELECT count(*) FROM progress_moves)"""


@dataclass(frozen=True, slots=True)
class Line:
    minutes: float
    rate: float
    p50: float
    p99: float
    memory: float
    files: int
    rows: str

    def __str__(self) -> str:
        figures = f"{self.rate:,.0f} | {self.p50:.1f} | {self.p99:.1f} | {self.memory:.0f} | {self.files} | {self.rows}"
        return f"| {self.minutes:.1f} | {figures} |"


async def soaked(made: Grounds, database: str, minutes: float) -> list[Line]:
    """A line for each twentieth of the time, printed as it comes."""
    standin = StandIn()
    crowd = People(standin, rest=REST)
    server, address = await listening(standin)
    lines: list[Line] = []
    print("\n".join(HEAD), flush=True)
    with made.fresh(database, MIDDLE, PEOPLE) as (url, _):
        async with server, process_of("benchmarks.pipeline.whole", address, url) as process:
            await first_call(standin)
            crowd.begin(PEOPLE)
            crowd.counting = True
            for number in range(1, LINES + 1):
                seconds = minutes * 60 / LINES
                await asyncio.sleep(seconds)
                lines.append(_line(crowd, process, number * minutes / LINES, seconds, _waiting(url)))
                print(lines[-1], flush=True)
    return lines


def _waiting(url: str) -> str:
    with one_transaction(url, wall_clock(), read_only=True) as unit:
        return " · ".join(f"{rows:,}" for rows in unit.connection.all(WAITING)[0])


def _line(crowd: People, process: psutil.Process, minutes: float, seconds: float, rows: str) -> Line:
    times, crowd.times = sorted(crowd.times) or [0.0], []
    p50, p99 = (1000 * times[int(share * len(times))] for share in (0.5, 0.99))
    return Line(minutes, len(times) / seconds, p50, p99, memory_of(process) / 2**20, process.num_fds(), rows)


def verdict(lines: list[Line]) -> str:
    """What is left of the growth once caches are warm."""
    early, late, files = _grown(lines)
    told = f"Memory {early:.0f} → {late:.0f} MiB, open files {files:+d} after the first quarter"
    if is_short(lines):
        return f"{told}: too short to say, the first quarter takes {WARM:.0f} minutes at least."
    return f"{told}: {'flat' if all(goal.is_reached for goal in goals(lines)) else 'NOT FLAT'}."


def is_short(lines: list[Line]) -> bool:
    """Whether caches may still have been filling in the second quarter."""
    return lines[_quarter(lines)].minutes < WARM


def goals(lines: list[Line]) -> list[Goal]:
    early, late, files = _grown(lines)
    minutes = f"{lines[-1].minutes:g} minutes of work, last quarter against the second"
    return [
        Goal(f"{minutes}: memory grows", GROWTH, 100 * (late / early - 1), " %", most=True),
        Goal(f"{minutes}: open files more", CONNECTIONS, files, "", most=True),
    ]


def _grown(lines: list[Line]) -> tuple[float, float, int]:
    """MiB in the second quarter and in the last one; open files more at the end than after the first quarter."""
    quarter = _quarter(lines)
    early, late = (median(_memory(part)) for part in (lines[quarter : 2 * quarter], lines[-quarter:]))
    return early, late, lines[-1].files - lines[quarter].files


def _quarter(lines: list[Line]) -> int:
    return int(len(lines) * SETTLED)


def _memory(lines: list[Line]) -> Iterator[float]:
    return (line.memory for line in lines)
