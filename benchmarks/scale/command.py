"""The command: each size on each database, the table printed and written into the manual."""

import argparse
import asyncio
import re
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

from benchmarks.databases import NAMES
from benchmarks.scale import answered, meanwhile, measures, open_projects
from benchmarks.scale.goals import Figures, goals
from benchmarks.scale.ground import Ground, bring, ground, requester
from benchmarks.tables import WRITE, goals_table, keep
from bot.clock import wall_clock
from bot.running import settle_memory
from domain.projects.projects import ProjectId
from storage.database import Database, one_transaction

ENOUGH = 1_000  # answers beside imports
HAD = 5_000  # open tasks the worker of the bad case has had


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale", description=__doc__)
    parser.add_argument("--tasks", type=_numbers, default=[1_000, 100_000, 1_000_000], help="such as 1000,100000")
    parser.add_argument("--workers", type=int, default=100_000, help="who wait for a push")
    parser.add_argument("--projects", type=int, default=10_000, help="that are open")
    parser.add_argument("--seconds", type=float, default=5.0, help="of the round that counts answers")
    parser.add_argument("--database", choices=NAMES, help="only this one")
    parser.add_argument("--folder", type=Path, help="of the databases: a file system in memory waits for no disk")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    settle_memory()
    found: dict[tuple[str, int], Figures] = {}
    for database in [options.database] if options.database else NAMES:
        for tasks in options.tasks:
            with ground(database, tasks, options.workers, options.folder) as place:
                found[(database, tasks)] = asyncio.run(_measure(place, options.projects, options.seconds))
                print(database, tasks, found[(database, tasks)], flush=True)
    most = max(options.tasks)
    told = [
        goal
        for (database, tasks), figures in found.items()
        if tasks == most
        for goal in goals(database, tasks, figures)
    ]
    table = f"{_table(found)}\n\n{goals_table(told)}"
    print(table)
    if options.write:
        _write(table, options)
    return 0


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


async def _measure(place: Ground, projects: int, seconds: float) -> Figures:
    figures: Figures = {}
    async for more in _measured(place, projects, seconds):
        print(more, flush=True)  # a long run that breaks off has not been for nothing
        figures |= more
    return figures


async def _measured(place: Ground, projects: int, seconds: float) -> AsyncIterator[Figures]:
    yield await _import(place)
    with one_transaction(place.url, wall_clock(), read_only=True) as unit:
        number = unit.projects.list_of_requester(requester(unit).id)[0].id
    database = Database(place.url)
    async with meanwhile.answering(database, place) as answers:
        await asyncio.sleep(seconds)
    yield {"an answer alone, p50 · p99 · worst ms": str(answers)}
    yield await _launch(place, database, number)
    yield {"an answer beside an import, p50 · p99 · worst ms, answers": await _beside_imports(database, place)}
    yield _picks(place, number)
    yield {"push sweep, everybody waiting, ms": f"{await measures.pushed(database, place.url):.0f}"}
    yield await _stop(place, database, number)
    await database.close()
    yield {"answers a second, storage": f"{await measures.accepted(place, seconds):,.0f}"}
    yield {"start to the first answer, s": f"{(await measures.started(place.url))[0]:.1f}"}
    yield await _open_projects(place, projects)
    yield await _answered(place, number)


async def _beside_imports(database: Database, place: Ground) -> str:
    """One after the other until so many have answered that one slow answer in a hundred is not the slowest of all.
    Drafts of more than a million rows would be refused."""
    async with meanwhile.answering(database, place) as answers:
        for once_more in count():
            if len(answers.times) >= ENOUGH:
                break
            await bring(database, place.more, f"once more, {once_more}")
    return f"{answers}, {len(answers.times):,}"


async def _import(place: Ground) -> Figures:
    bare = await measures.alone("import bare", place.url, place.file)
    ours = await measures.alone("import", place.url, place.file)
    return {
        "import, rows/s": f"{ours['rows'] / ours['seconds']:,.0f}",
        "… of bare executemany, by time · by our CPU": _share(ours, bare),
        "… memory above the start, MB": f"{ours['megabytes']:.0f}",
    }


async def _launch(place: Ground, database: Database, number: ProjectId) -> Figures:
    async with meanwhile.answering(database, place) as answers:
        at_once, whole = await measures.launched(database, number)
    bare = await measures.alone("export bare", place.url, number)
    ours = await measures.alone("export", place.url, number)
    return {
        "launch, ms": f"{1000 * at_once:.0f}",
        "… until every task is open, s": f"{whole:.1f}",
        "… an answer meanwhile, p50 · p99 · worst ms ": str(answers),
        "CSV export, rows/s": f"{ours['rows'] / ours['seconds']:,.0f}",
        "… of a cursor and csv.writer, by time · by our CPU": _share(ours, bare),
        "… memory above the start, MB ": f"{ours['megabytes']:.0f}",
    }


async def _answered(place: Ground, number: ProjectId) -> Figures:
    """Each task has three answers, and the estimates have seen them all."""
    await asyncio.to_thread(answered.answer, place.url, number, place.house)
    bare = await measures.alone("export bare answered", place.url, number)
    ours = await measures.alone("export", place.url, number)
    return {
        "CSV export with three answers a task, rows/s": f"{ours['rows'] / ours['seconds']:,.0f}",
        "… of a cursor and csv.writer, by time · by our CPU ": _share(ours, bare),
        "… first row in the file after, s": f"{ours['first']:.2f}",
        "… memory above the start, MB  ": f"{ours['megabytes']:.0f}",
    }


def _share(ours: dict[str, float], bare: dict[str, float]) -> str:
    """How much of the bare way's speed is left."""
    return f"{bare['seconds'] / ours['seconds']:.2f} · {bare['cpu'] / ours['cpu']:.2f}"


def _picks(place: Ground, number: ProjectId) -> Figures:
    had = min(HAD, place.tasks // 2)
    usual, bad = (measures.pick(place.url, number, place.tasks, count) for count in (0, had))
    return {"next task chosen, µs": f"{usual:.0f}", f"… by one who had {had:,} still open, µs": f"{bad:.0f}"}


async def _open_projects(place: Ground, projects: int) -> Figures:
    database = Database(place.url)
    open_projects.spread(place.url, place.house, projects)
    index, walk = open_projects.picks(place.url)
    share, each = await open_projects.swept(database, place.url)
    push = await measures.pushed(database, place.url)
    await database.close()
    return {
        f"{projects:,} open projects: one chosen, µs": f"{index:.0f}",
        "… a walk over all costs times as much": f"{walk / index:.0f}",
        "… push sweep, everybody waiting, ms": f"{push:.0f}",
        "… all other sweeps while nothing happens, % of a core": f"{share:.2f}",
        "… the dearest of them": ", ".join(open_projects.dearest(each)),
    }


async def _stop(place: Ground, database: Database, number: ProjectId) -> Figures:
    async with meanwhile.answering(database, place) as answers:
        at_once, whole = await measures.stopped(database, number)
    return {
        "stop, ms": f"{1000 * at_once:.0f}",
        "… until every task is closed, s": f"{whole:.1f}",
        "… an answer meanwhile, p50 · p99 · worst ms  ": str(answers),
    }


def _table(found: dict[tuple[str, int], Figures]) -> str:
    """A line a figure, a column a database and size."""
    heads = [f"{NAMES[database]} {tasks:,}" for database, tasks in found]
    lines = [f"| tasks | {' | '.join(heads)} |", "| --- |" + " --: |" * len(heads)]
    lines += [_line(name, list(found.values())) for name in dict.fromkeys(n for f in found.values() for n in _plain(f))]
    return "\n".join(lines)


def _plain(figures: Figures) -> list[str]:
    return [re.sub(r"had [\d,]+ still", "had many still", name) for name in figures]


def _line(name: str, columns: list[Figures]) -> str:
    cells = [next((v for n, v in zip(_plain(f), f.values(), strict=True) if n == name), "") for f in columns]
    return f"| {name.strip()} | {' | '.join(cells)} |"


def _write(table: str, options: argparse.Namespace) -> None:
    tasks = ",".join(map(str, options.tasks))
    sizes = f"--tasks {tasks} --workers {options.workers} --projects {options.projects}"
    keep("scale", "A million tasks", f"scale {sizes}", table)
