"""Who is measured: everything at once in turn, the same people, the same seconds."""

import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import psutil

from benchmarks.databases import NAMES
from benchmarks.pipeline import labelstudio, raw, same_rows
from benchmarks.pipeline.ground import MIDDLE, Grounds, Size, choose_new_messages
from benchmarks.pipeline.rounds import Measured, over_http, storage_alone

LIBRARY, AS_IT_COMES = "library alone", "library alone, httpx"
PLAIN, SAME, STACK = "plain sqlite3", "sqlite3, our rows and keys", "SQLAlchemy async, httpx"
LABEL_STUDIO = "Label Studio"
STUDIO_PEOPLE = (1, 8, 16)

Servers = tuple[str, str, psutil.Process]


def storage_on(database: str) -> str:
    return f"storage alone, {NAMES[database]}"


def pipeline_on(database: str) -> str:
    return f"pipeline, {NAMES[database]}"


def session_on(database: str) -> str:
    return f"{pipeline_on(database)}, session mode"


async def others(people: int, seconds: float) -> AsyncIterator[Measured]:
    """What the product is held against, but for Label Studio."""
    bare = "benchmarks.pipeline.bare", "sqlite:///none.db", people, seconds
    yield await over_http(LIBRARY, *bare)
    yield await over_http(AS_IT_COMES, *bare, BOT_TRANSPORT="httpx")
    with tempfile.TemporaryDirectory(prefix="pouce-") as folder:
        times, took, used = raw.measure(Path(folder, "raw.db"), seconds)
        yield Measured(PLAIN, people, took, used, tuple(times), "1 thread, 1 commit an answer", "100,000")
        path = Path(folder, "stack.db")
        raw.prepare(path).close()
        stack = await over_http(STACK, "benchmarks.pipeline.stack", f"sqlite:///{path}", people, seconds)
        yield replace(stack, size="100,000")


async def ours(made: Grounds, database: str, size: Size, people: int, seconds: float) -> AsyncIterator[Measured]:
    label = f"{size.tasks:,}"
    if database == "sqlite" and size is MIDDLE:
        with made.fresh(database, size, people) as (url, house):
            times, took, used = same_rows.measure(url.removeprefix("sqlite:///"), house, people, seconds)
            yield Measured(SAME, people, took, used, tuple(times), "1 thread, 1 commit an answer", label)
    with made.fresh(database, size, people) as (url, house):
        yield replace(await storage_alone(url, house, people, seconds), what=storage_on(database), size=label)
    with made.fresh(database, size, people) as (url, house):
        choose_new_messages(url, house)
        whole = await over_http(pipeline_on(database), "benchmarks.pipeline.whole", url, people, seconds)
        yield replace(whole, size=label)
    if database == "sqlite" and size is MIDDLE:
        with made.fresh(database, size, people) as (url, _):
            whole = await over_http(session_on(database), "benchmarks.pipeline.whole", url, people, seconds)
            yield replace(whole, size=label)


async def studio(server: Servers, seconds: float) -> AsyncIterator[Measured]:
    for people in STUDIO_PEOPLE:
        times, took, used, refused = await labelstudio.measure(*server, people, seconds)
        yield Measured(
            LABEL_STUDIO,
            people,
            took,
            used,
            tuple(times),
            f"submit, then fetch the next; {refused} calls refused",
            "2,000",
        )


async def a_round(
    made: Grounds,
    databases: list[str],
    sizes: list[Size],
    people: list[int],
    seconds: float,
    keep: Callable[[Measured], None],
) -> None:
    """The middle size for any number of people, the others for the most."""
    for number in people:
        async for measured in others(number, seconds):
            keep(measured)
        for database in databases:
            for size in sizes:
                if size is MIDDLE or number == max(people):
                    async for measured in ours(made, database, size, number, seconds):
                        keep(measured)
