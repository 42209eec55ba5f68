"""Where an answer's CPU time goes, in steady state: by component, beside the library alone."""

import argparse
import asyncio
import json
import os
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.databases import NAMES
from benchmarks.pipeline.contenders import LIBRARY
from benchmarks.pipeline.ground import MIDDLE, choose_new_messages, grounds
from benchmarks.pipeline.people import People
from benchmarks.pipeline.rounds import cpu_of, first_call, over_http, process_of
from benchmarks.pipeline.standin import StandIn, listening
from benchmarks.tables import WRITE, keep

STATEMENTS = 12  # that are shown: the dearest ones
HEAD = ("| one answer, {name}, {people} people, µs of CPU | |", "| --- | --: |")


@dataclass(frozen=True, slots=True)
class Profile:
    """Seconds of CPU time: of the event loop by component, of the writer by call; `spent` of the whole process."""

    answers: int
    spent: float
    loop: dict[str, float]
    calls: dict[str, float]
    writers: float

    def rows(self) -> list[str]:
        sql = sum(told for name, told in self.calls.items() if name != "COMMIT")
        commit, known = self.calls.get("COMMIT", 0.0), sum(self.loop.values()) + self.writers
        lines = [
            *((f"{name}", told) for name, told in sorted(self.loop.items(), key=lambda each: -each[1])),
            ("storage: Python", self.writers - sql - commit),
            ("storage: statements", sql),
            *((f"… {name}", told) for name, told in self.dearest()),
            ("storage: commits", commit),
            ("other threads, and what no sample saw", self.spent - known),
            ("**sum**", self.spent),
        ]
        return [f"| {name} | {1e6 * told / self.answers:.0f} |" for name, told in lines]

    def dearest(self) -> list[tuple[str, float]]:
        found = sorted(self.calls.items(), key=lambda each: -each[1])
        return [each for each in found if each[0] != "COMMIT"][:STATEMENTS]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks profile", description=__doc__)
    parser.add_argument("--database", choices=NAMES, default="sqlite")
    parser.add_argument("--people", type=int, default=64)
    parser.add_argument("--warm-up", type=float, default=15.0, help="seconds, so that tidying is included")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--session-mode", action="store_true", help="the answered message becomes the next task")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    text = asyncio.run(_measured(options))
    print(text)
    if options.write:
        again = f"profile --database {options.database} --people {options.people} --seconds {options.seconds:g}"
        keep("profile", "Where an answer's time goes", again, text)
    return 0


async def _measured(options: argparse.Namespace) -> str:
    alone = await over_http(
        LIBRARY, "benchmarks.pipeline.bare", "sqlite:///none.db", options.people, options.seconds, options.warm_up
    )
    with grounds() as made, made.fresh(options.database, MIDDLE, options.people) as (url, house):
        if not options.session_mode:
            choose_new_messages(url, house)
        found = await _profile(url, options)
    head = "\n".join(HEAD).format(name=NAMES[options.database], people=options.people)
    beside = f"| the library alone | {alone.cost:.0f} |"
    return "\n".join([head, *found.rows(), beside])


async def _profile(url: str, options: argparse.Namespace) -> Profile:
    standin = StandIn()
    crowd = People(standin)
    server, address = await listening(standin)
    with tempfile.TemporaryDirectory(prefix="pouce-") as folder:
        found = Path(folder, "profile.json")
        os.environ["PROFILE_TO"] = str(found)
        async with server, process_of("benchmarks.pipeline.profiled", address, url) as process:
            await first_call(standin)
            crowd.begin(options.people)
            await asyncio.sleep(options.warm_up)
            spent = await _sampled(process, crowd, options.seconds)
            await asyncio.sleep(0.5)
            told = json.loads(await asyncio.to_thread(found.read_text))
    return Profile(len(crowd.times), spent, told["loop"], told["calls"], told["writers"])


async def _sampled(process: psutil.Process, crowd: People, seconds: float) -> float:
    process.send_signal(signal.SIGUSR1)
    began, crowd.counting = cpu_of(process), True
    await asyncio.sleep(seconds)
    crowd.counting = False
    spent = cpu_of(process) - began
    process.send_signal(signal.SIGUSR2)
    return spent
