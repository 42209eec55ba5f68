"""The command: rounds in turn, the table printed and kept."""

import argparse
import asyncio
from contextlib import ExitStack

from benchmarks.pipeline import labelstudio, soak
from benchmarks.pipeline.contenders import Servers, a_round, studio
from benchmarks.pipeline.figures import Figures
from benchmarks.pipeline.ground import SIZES, Grounds, grounds
from benchmarks.tables import WRITE, goals_table, keep
from bot.running import settle_memory

BOTH = ("sqlite", "postgresql")


def main(arguments: list[str]) -> int:
    options = _parsed(arguments)
    settle_memory()
    with grounds() as made:
        if options.soak:
            return _soak(options, made)
        figures = asyncio.run(_measure(options, made))
    text = f"{figures.table()}\n\n{figures.goals()}"
    print(f"\n{text}")
    if options.write:
        keep("pipeline", "Answers a second, end to end", _again(options), text)
    return 0


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks pipeline", description=__doc__)
    parser.add_argument("--people", type=_numbers, default=[1, 16, 64], help="at once, such as 1,16,64")
    parser.add_argument("--sizes", type=_sizes, default=list(SIZES.values()), help="such as small,middle,large")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=4, help="of everything in turn; the medians are told")
    parser.add_argument("--database", choices=BOTH, help="only this one")
    parser.add_argument("--label-studio", action="store_true", help="beside it, installed on first use (700 MB)")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="memory and open files under steady work instead")
    parser.add_argument("--write", action="store_true", help=WRITE)
    return parser.parse_args(arguments)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _sizes(text: str) -> list[object]:
    return [SIZES[name] for name in text.split(",")]


async def _measure(options: argparse.Namespace, made: Grounds) -> Figures:
    figures, databases = Figures(), [options.database] if options.database else list(BOTH)
    with ExitStack() as stack:
        server = _studio(stack) if options.label_studio else None
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", flush=True)
            await a_round(made, databases, options.sizes, options.people, options.seconds, figures.keep)
            if server:
                await _beside(server, max(10.0, options.seconds), figures)
    return figures


def _studio(stack: ExitStack) -> Servers | None:
    """None, said aloud, where it can't be had."""
    try:
        return stack.enter_context(labelstudio.running())
    except labelstudio.Missing as error:
        print(error)
        return None


async def _beside(server: Servers, seconds: float, figures: Figures) -> None:
    try:
        async for measured in studio(server, seconds):
            figures.keep(measured)
    except labelstudio.Missing as error:
        print(error)


def _soak(options: argparse.Namespace, made: Grounds) -> int:
    database = options.database or BOTH[0]
    lines = asyncio.run(soak.soaked(made, database, options.soak))
    told = soak.verdict(lines)
    print(told)
    if options.write:
        table = "\n".join([*soak.HEAD, *map(str, lines)])
        again = f"pipeline --soak {options.soak:g} --database {database}"
        found = "" if soak.is_short(lines) else f"\n\n{goals_table(soak.goals(lines))}"
        keep("soak", "Memory and open files under steady work", again, f"{table}\n\n{told}{found}")
    return int("NOT" in told)


def _again(options: argparse.Namespace) -> str:
    people, sizes = ",".join(map(str, options.people)), ",".join(size.name for size in options.sizes)
    studio = " --label-studio" if options.label_studio else ""
    told = f"--people {people} --sizes {sizes} --seconds {options.seconds:g} --rounds {options.rounds}"
    return f"pipeline {told}{studio}"
