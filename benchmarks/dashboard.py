"""The dashboard over a project of 100,000 answered tasks, on SQLite and PostgreSQL: the first paint, sorting and
filtering, the page's memory in Chromium; how long answers wait while a requester scrolls through all rows, and while
500 MB of sounds are loaded, both by a process of its own. Then two walks, with their presses: a requester mends the
ten worst of 500 pictures, and an admin clears a queue of twenty cases on a phone and on a desktop."""

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, BinaryIO, cast

import aiohttp
from playwright.async_api import Page, ViewportSize, async_playwright

from benchmarks.databases import NAMES, fresh
from benchmarks.homes import SPAWN
from benchmarks.tables import WRITE, Goal, goals_table, keep
from bot.clock import wall_clock
from bot.running import settle_memory
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, Transfer, requester_account
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from formats.media.archive import HEAD_BYTES
from services.work import submit
from storage.database import Database, one_transaction
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.browser import arguments as browser_arguments
from tests.browser import find
from tests.house import (
    FUNDS,
    OWN_TASKS,
    REQUESTER,
    House,
    a_project,
    furnish,
    settle_requester,
    settle_tasks,
    settle_worker,
)
from tests.stories.work.test_mark_labels import tone
from tests.web.dashboards import (
    ADD_CONTENT,
    ADMIN,
    SOUND,
    Hand,
    Look,
    a_dashboard,
    house_of,
    make_link,
    mark_next,
    marked_project,
    settle,
    settle_cases,
    settle_marked,
)

TASKS, GOLD, CROWD = 100_000, 2_000, 3  # of the project that is looked at; its answers a task
ANSWERED_TASKS, PEOPLE, REST_SECONDS = 20_000, 16, 0.1  # of the project that is answered meanwhile
REPEATED = 7  # of what is timed the least counts: others use this machine, too
PAGE_ROWS, PAGES_PER_SECOND = 100, 4.0  # somebody who scrolls fast
SOUNDS, SOUND_BYTES, PIECE_BYTES = 25, 20 << 20, 64 << 10  # files of 20 MB, as large as Telegram gives them to bots
PICTURES, WORST = 500, 10  # of the first walk
READING_SECONDS = 10  # that a person is taken to need for each press of the second walk
QUEUES = list(product(("phone", "desktop"), ("light", "dark"), ("en", "fr")))
SIZES: dict[str, ViewportSize] = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 860}}
PAY, FEE = Millionths(10), Millionths(1)
ORIGIN = "http://127.0.0.1"
# Resolves with the milliseconds from now to the first row that was not there.
WATCH_ROWS = """
window.changed = new Promise((resume) => {
  const [began, old] = [performance.now(), new Set(document.querySelectorAll(".tabulator-row"))];
  const isNew = () => [...document.querySelectorAll(".tabulator-row")].some((row) => !old.has(row));
  new MutationObserver((_, watching) => {
    if (!isNew()) return;
    watching.disconnect();
    resume(performance.now() - began);
  }).observe(document.querySelector(".tabulator-table"), { childList: true });
}); 0"""
ASSIGN = """
INSERT INTO assignments (project, task, worker, state, offered_at, deadline)
SELECT project, id, :worker, 'submitted', 1, 2 FROM tasks WHERE project = :project"""
SUBMIT = """
INSERT INTO submissions (assignment, project, task, worker, answer, gold, milliseconds, state, submitted_at)
SELECT a.id, a.project, a.task, a.worker,
  CASE WHEN a.id * 31 % 97 = 0 THEN NULL WHEN a.id * 7919 % 13 < 10 THEN 'positive' ELSE 'negative' END,
  CASE WHEN t.gold IS NULL THEN NULL WHEN a.id * 7919 % 13 < 10 THEN 1 ELSE 0 END,
  3000, 'accepted', :now + a.id * 100
FROM assignments a JOIN tasks t ON t.id = a.task WHERE a.project = :project"""
CONCLUDE = """
UPDATE tasks SET received = :crowd, state = 'closed', consensus = 'positive',
  confidence = 0.5 + (id * 7919 % 5000) / 10000.0, live = 'positive', live_confidence = 0.7
WHERE project = :project"""
QUERIES = {
    "by confidence": "sort=confidence",
    "by votes, falling": "sort=votes&descending=true",
    "contested": "only=contested",
    "unsure, by confidence": "only=low&sort=confidence",
    "missed check questions": "only=missed",
    "“can't tell”": "only=silent",
    "contested, by confidence": "only=contested&sort=confidence",
    "an answer": "answer=positive",
    "words": "text=review%2099",
    "contested, unsure, words": "only=contested,low&text=review&sort=confidence",
    "contested, unsure, words of no task": "only=contested,low&text=zzz&sort=confidence",
    "rejected, contested, by votes": "only=rejected,contested&sort=votes",
}


@dataclass(frozen=True, slots=True)
class PageFigures:
    """Milliseconds, and MB of memory."""

    overview_paint: float
    tasks_paint: float
    tasks_rows: float
    sort: float
    filter: float
    memory: float


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks dashboard", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each round of answers")
    parser.add_argument("--rounds", type=int, default=5, help="with and without a visitor, in turn")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    settle_memory()
    goals, sections = list[Goal](), list[str]()
    for database, name in NAMES.items():
        with fresh(database) as place:
            measured, section = asyncio.run(_measure(place.url, options))
        goals += [replace(goal, name=f"{name}: {goal.name}") for goal in measured]
        sections.append(f"## {name}\n\n{section}")
    goal, section = asyncio.run(_walk())
    table = "\n\n".join([goals_table([*goals, goal]), *sections, f"## Walks\n\n{section}"])
    print(table)
    if options.write:
        command = f"dashboard --seconds {options.seconds:g} --rounds {options.rounds}"
        keep("dashboard", "The dashboard over 100,000 tasks", command, table)
    return 0


def _furnish(url: str) -> tuple[House, ProjectId]:
    """A project under way that people answer, and the large one, whose answers are all there."""
    with one_transaction(url, wall_clock()) as unit:
        house = furnish(unit, PEOPLE, ANSWERED_TASKS, ANSWERED_TASKS // 10, pay=PAY, fee=FEE)
        fields = a_project(house.requester, unit.now, title="A hundred thousand reviews")
        large = unit.projects.add(fields)
        settle_tasks(unit, large, house.requester, TASKS - GOLD, GOLD)
        unit.projects.launch(large, unit.now)
        unit.batches.launch(large)
        for number in range(CROWD):
            worker = settle_worker(unit, 1_000 + number).id
            unit.connection.changed(ASSIGN, worker=worker, project=large)
            unit.enrolments.enrol(worker, large)
        unit.connection.changed(SUBMIT, project=large, now=unit.now)
        unit.connection.changed(CONCLUDE, crowd=CROWD, project=large)
    return house, large


async def _measure(url: str, options: argparse.Namespace) -> tuple[list[Goal], str]:
    furnished, large = _furnish(url)
    database = Database(url)
    house = house_of(database, wall_clock(), ORIGIN)
    async with a_dashboard(database, wall_clock(), house, download=_write_sound) as look:
        queries = {name: await _time_query(look, large, query) for name, query in QUERIES.items()}
        page = await _measure_page(database, look, large)
        sounds = await database.transact(lambda unit: _add_sounds(unit, furnished), wall_clock())
        alone, beside, listening, rows, memory = list[float](), list[float](), list[float](), 0, 0.0
        with ProcessPoolExecutor(1, mp_context=SPAWN) as visitors:
            visit = partial(asyncio.get_running_loop().run_in_executor, visitors)
            await visit(os.getpid)  # a process that starts would slow the first round down
            for _ in range(options.rounds):
                alone += await _answer_for(database, furnished, options.seconds)
                scrolling = visit(_scroll, look.url, look.now, large, options.seconds)
                beside += await _answer_for(database, furnished, options.seconds)
                rows += await scrolling
                before = _measure_memory()
                hearing = visit(_listen, look.url, look.now, sounds, options.seconds / SOUNDS)
                listening += await _answer_for(database, furnished, options.seconds)
                await hearing
                memory = max(memory, _measure_memory() - before)
    await database.close()
    return _to_table(queries, page, (alone, beside, listening), rows, memory)


async def _write_sound(_: str, into: BinaryIO) -> bool:
    into.write(tone()[:HEAD_BYTES])
    while (size := into.tell()) < SOUND_BYTES:  # piece by piece, as it comes from Telegram
        into.write(bytes(min(PIECE_BYTES, SOUND_BYTES - size)))
        await asyncio.sleep(0)
    return True


def _add_sounds(unit: UnitOfWork, house: House) -> list[TaskId]:
    """Add a project whose tasks have a large file each; return its tasks."""
    project = unit.projects.add(a_project(house.requester, unit.now, **marked_project("regions")))
    settle_tasks(unit, project, house.requester, SOUNDS, 0)
    unit.connection.changed(ADD_CONTENT, content=pack({"audio": SOUND}), project=project)
    return [TaskId(row[0]) for row in unit.connection.all(OWN_TASKS, project=project)]


def _listen(url: str, now: Moment, sounds: list[TaskId], interval: float) -> None:
    """Load the file of each task, one every `interval` seconds. This runs in a process of its own."""

    async def listen() -> None:
        async with aiohttp.ClientSession() as http:
            look = Look(http, url, now)
            for task in sounds:
                next_file = asyncio.create_task(asyncio.sleep(interval))
                status, body = await look.ask(f"/tasks/{task}/media/0")
                assert (status, len(body)) == (200, SOUND_BYTES)
                await next_file

    asyncio.run(listen())


def _measure_memory() -> float:
    """Return the MB that this process has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _walk() -> tuple[Goal, str]:
    """Return the goal of the second walk, and the table of both."""
    now, walks = wall_clock(), list[tuple[str, int, float]]()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=browser_arguments())

        async def walk(name: str, settle_house: Callable[[UnitOfWork], object], **look: Any) -> None:
            with fresh("sqlite") as place:
                database = Database(place.url)
                house = house_of(database, now, ORIGIN)
                await database.transact(settle_house, now)
                async with a_dashboard(database, now, house) as dashboard:
                    person = ADMIN if look else REQUESTER
                    token = await database.transact(lambda unit: make_link(unit, house, person), now)
                    hand = Hand(await browser.new_page(**look))
                    await hand.page.goto(f"{dashboard.url}/enter#{token}")
                    await hand.page.wait_for_selector("header nav")
                    began = time.perf_counter()
                    if person == ADMIN:
                        await hand.press(hand.page.locator("header a[href$='/admin']"))
                        await hand.clear_queue("We looked at it, and it is as you say.")
                        assert (await dashboard.of(ADMIN).ask("/cases"))[1] == []
                    else:
                        await hand.press(hand.page.locator(".projects a"))
                        await hand.improve_worst_results(WORST)
                    walks.append((name, hand.presses, time.perf_counter() - began))
                    await hand.page.close()
                await database.close()

        await walk(f"the {WORST} worst of {PICTURES} pictures: seen, asked again, exported", _settle_pictures)
        for size, scheme, language in QUEUES:
            settle_house, look = partial(_settle_queue, language=language), {"viewport": SIZES[size]}
            await walk(f"20 cases: {size}, {scheme}, {language}", settle_house, color_scheme=scheme, **look)
        await browser.close()
    slowest = max(presses * READING_SECONDS + seconds for _, presses, seconds in walks[1:])
    goal = Goal(f"20 cases, {READING_SECONDS} s of reading a press, the slowest", 300, slowest, " s", most=True)
    rows = (f"| {name} | {presses} | {seconds:.1f} |" for name, presses, seconds in walks)
    return goal, "\n".join(["| walk | presses | seconds, without reading |", "| --- | --: | --: |", *rows])


def _settle_pictures(unit: UnitOfWork) -> None:
    account = requester_account(settle_requester(unit))
    unit.ledger.post(Transfer("deposit:2", "deposit", BANK, account, Millionths(2 * FUNDS), "EUR"))
    made = settle_marked(unit, PICTURES, ["boxes"])
    for worker in made.workers:
        while mark_next(unit, worker):
            pass


def _settle_queue(unit: UnitOfWork, language: str) -> None:
    settle_cases(unit, house_of(cast(Database, None), unit.now, ORIGIN), settle(unit, tasks=8, gold=0))
    unit.connection.changed("UPDATE people SET language = :language", language=language)


async def _time_query(look: Look, project: ProjectId, query: str) -> tuple[float, float]:
    """Milliseconds until the first page is there, and of this process's CPU, the asking included; the least of
    REPEATED."""
    times = []
    for _ in range(REPEATED):
        began, cpu = time.perf_counter(), time.process_time()
        status, _ = await look.ask(f"/projects/{project}/tasks?{query}&limit={PAGE_ROWS}")
        assert status == 200
        times.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - cpu)))
        await asyncio.sleep(0.1)
    return min(times)


async def _measure_page(database: Database, look: Look, project: ProjectId) -> PageFigures:
    house = house_of(database, look.now, ORIGIN)
    token = await database.transact(lambda unit: make_link(unit, house), wall_clock())
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=browser_arguments())
        page = await browser.new_page(viewport={"width": 1280, "height": 860})
        await page.goto(f"{look.url}/enter#{token}")
        await page.wait_for_selector("header nav")
        overview_paint, _ = await _time_opening(page, f"{look.url}/project/{project}", ".facts")
        tasks_paint, tasks_rows = await _time_opening(page, f"{look.url}/project/{project}/tasks", ".tabulator-row")
        sort = await _time_change(page, page.locator(".tabulator-col", has_text="Confidence").click)
        filtered = await _time_change(page, page.get_by_role("button", name="Unsure").click)
        for _ in range(50):
            await page.locator(".tabulator-tableholder").evaluate("node => node.scrollTo(0, node.scrollHeight)")
            await page.wait_for_timeout(100)
        session = await page.context.new_cdp_session(page)
        await session.send("Performance.enable")
        metrics = {each["name"]: each["value"] for each in (await session.send("Performance.getMetrics"))["metrics"]}
        await browser.close()
    return PageFigures(overview_paint, tasks_paint, tasks_rows, sort, filtered, metrics["JSHeapTotalSize"] / 1e6)


async def _time_opening(page: Page, address: str, awaited: str) -> tuple[float, float]:
    """Milliseconds to the first paint, and to what is awaited; the least of REPEATED."""
    paints, times = [], []
    for _ in range(REPEATED):
        began = time.perf_counter()
        await page.goto(address)
        await page.wait_for_selector(awaited)
        times.append(1000 * (time.perf_counter() - began))
        paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        paints.append(float(await page.evaluate(paint)))
    return min(paints), min(times)


async def _time_change(page: Page, act: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds from a press to the first new row, the least of REPEATED."""
    times = []
    for _ in range(REPEATED):
        await page.evaluate(WATCH_ROWS)
        await act()
        times.append(float(await page.evaluate("window.changed")))
        await page.wait_for_timeout(200)
    return min(times)


def _begin(unit: UnitOfWork, worker: PersonId) -> None:
    submit.show_work(unit, unit.people.get(worker))


def _answer(unit: UnitOfWork, worker: PersonId) -> None:
    in_hand = unit.assignments.active_for(worker)
    if in_hand is None:
        raise RuntimeError("the tasks have run out: measure for fewer seconds")
    submit.submit_answer(unit, unit.people.get(worker), in_hand.id, str(in_hand.task % 2), 1)


async def _answer_for(database: Database, house: House, seconds: float) -> list[float]:
    """Return the milliseconds that each answer waited."""
    waits: list[float] = []
    end = time.perf_counter() + seconds

    async def answer(worker: PersonId) -> None:
        await database.transact(_begin, wall_clock(), worker)
        while time.perf_counter() < end:
            began = time.perf_counter()
            await database.transact(_answer, wall_clock(), worker)
            waits.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(REST_SECONDS)

    await asyncio.gather(*map(answer, house.workers))
    return waits


def _scroll(url: str, now: Moment, project: ProjectId, seconds: float) -> int:
    """Ask for page after page; return the number of rows that came. This runs in a process of its own."""

    async def scroll() -> int:
        rows, behind, end = 0, "", time.perf_counter() + seconds
        async with aiohttp.ClientSession() as http:
            look = Look(http, url, now)
            while time.perf_counter() < end:
                status, page = await look.ask(f"/projects/{project}/tasks?limit={PAGE_ROWS}{behind}")
                assert status == 200, page
                rows += len(page["rows"])
                behind = f"&after={page['rows'][-1]['position']}" if len(page["rows"]) == PAGE_ROWS else ""
                await asyncio.sleep(1 / PAGES_PER_SECOND)
        return rows

    return asyncio.run(scroll())


def _percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def _to_table(
    queries: dict[str, tuple[float, float]],
    page: PageFigures,
    waits: tuple[list[float], list[float], list[float]],
    rows: int,
    memory: float,
) -> tuple[list[Goal], str]:
    alone, beside, listening = ([_percentile(times, share) for share in (0.5, 0.95, 0.99)] for times in waits)
    media = f"{SOUNDS * SOUND_BYTES >> 20} MB of sounds"
    goals = [
        Goal("first paint, overview", 1_000, page.overview_paint, " ms", most=True),
        Goal("first paint, tasks", 1_000, page.tasks_paint, " ms", most=True),
        Goal("sort, press to row", 300, page.sort, " ms", most=True),
        Goal("filter, press to row", 300, page.filter, " ms", most=True),
        Goal("slowest sort or filter of the server", 300, max(wall for wall, _ in queries.values()), " ms", most=True),
        Goal("page memory after 5,000 rows", 150, page.memory, " MB", most=True),
        Goal(
            "p99 of answers, somebody scrolling against nobody",
            1.2,
            beside[2] / alone[2],
            most=True,
        ),
        Goal(f"p99 of answers, {media} loaded against nothing", 1.2, listening[2] / alone[2], most=True),
        Goal(f"the bot's memory after {media}", 100, memory, " MB more", most=True),
    ]
    lines = [
        f"{TASKS:,} tasks with {CROWD} answers each, {GOLD:,} of them check questions; {PEOPLE} people answer others."
        f" The system's load was {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        "| first page of rows | ms | ms of CPU |",
        "| --- | --: | --: |",
        *(f"| {name} | {wall:.0f} | {cpu:.0f} |" for name, (wall, cpu) in queries.items()),
        "",
        f"Rows of the table stand {page.tasks_rows:.0f} ms after the address was opened.",
        "",
        "| answers | number | p50 ms | p95 ms | p99 ms |",
        "| --- | --: | --: | --: | --: |",
        *(
            f"| {name} | {count:,} | {figures[0]:.1f} | {figures[1]:.1f} | {figures[2]:.1f} |"
            for name, count, figures in (
                ("nobody looks", len(waits[0]), alone),
                (f"somebody scrolls ({rows:,} rows)", len(waits[1]), beside),
                (f"{media} are loaded", len(waits[2]), listening),
            )
        ),
    ]
    return goals, "\n".join(lines)
