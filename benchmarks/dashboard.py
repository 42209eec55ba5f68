"""The dashboard over a project of 100,000 answered tasks: the first paint, sorting and filtering, the page's memory in
Chromium; and how long answers wait while a requester scrolls through all rows."""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, async_playwright

from benchmarks.tables import WRITE, Goal, goals_table, keep
from bot.clock import wall_clock
from bot.running import settle_memory
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from services.work import submit
from storage.database import Database, one_transaction
from storage.drivers.dialects import dialect_of
from storage.drivers.migrate import migrate
from storage.unit import UnitOfWork
from tests.browser import arguments as browser_arguments
from tests.browser import find
from tests.house import House, a_project, furnish, settle_tasks, settle_worker
from tests.web.dashboards import Look, a_dashboard, house_of, make_link

TASKS, GOLD, CROWD = 100_000, 2_000, 3  # of the project that is looked at; its answers a task
ANSWERED_TASKS, PEOPLE, REST_SECONDS = 20_000, 16, 0.1  # of the project that is answered meanwhile
REPEATED = 7  # of what is timed the least counts: others use this machine, too
PAGE_ROWS, PAGES_PER_SECOND = 100, 4.0  # somebody who scrolls fast
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
    parser.add_argument("--rounds", type=int, default=3, help="with and without somebody who scrolls, in turn")
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    settle_memory()
    with tempfile.TemporaryDirectory(prefix="pouce-dashboard-") as folder:
        table = asyncio.run(_measure(f"sqlite:///{Path(folder) / 'pouce.db'}", options))
    print(table)
    if options.write:
        command = f"dashboard --seconds {options.seconds:g} --rounds {options.rounds}"
        keep("dashboard", "The dashboard over 100,000 tasks", command, table)
    return 0


def _furnish(url: str) -> tuple[House, ProjectId]:
    """A project under way that people answer, and the large one, whose answers are all there."""
    migrate(dialect_of(url))
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


async def _measure(url: str, options: argparse.Namespace) -> str:
    furnished, large = _furnish(url)
    database = Database(url)
    house = house_of(database, wall_clock(), ORIGIN)
    async with a_dashboard(database, wall_clock(), house) as look:
        queries = {name: await _time_query(look, large, query) for name, query in QUERIES.items()}
        page = await _measure_page(database, look, large)
        alone, beside = [], []
        for _ in range(options.rounds):
            alone += await _answer_for(database, furnished, options.seconds)
            stop = asyncio.Event()
            scrolling = asyncio.create_task(_scroll(look, large, stop))
            beside += await _answer_for(database, furnished, options.seconds)
            stop.set()
            rows = await scrolling
    await database.close()
    return _to_table(queries, page, alone, beside, rows)


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


async def _scroll(look: Look, project: ProjectId, stop: asyncio.Event) -> int:
    """Ask for page after page; return the rows that came."""
    rows, behind = 0, ""
    while not stop.is_set():
        status, page = await look.ask(f"/projects/{project}/tasks?limit={PAGE_ROWS}{behind}")
        assert status == 200, page
        rows += len(page["rows"])
        behind = f"&after={page['rows'][-1]['position']}" if len(page["rows"]) == PAGE_ROWS else ""
        await asyncio.sleep(1 / PAGES_PER_SECOND)
    return rows


def _percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def _to_table(
    queries: dict[str, tuple[float, float]], page: PageFigures, alone: list[float], beside: list[float], rows: int
) -> str:
    answers = {
        name: [_percentile(times, share) for share in (0.5, 0.95, 0.99)]
        for name, times in (("alone", alone), ("beside", beside))
    }
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
            answers["beside"][2] / answers["alone"][2],
            most=True,
        ),
    ]
    lines = [
        f"{TASKS:,} tasks with {CROWD} answers each, {GOLD:,} of them check questions; {PEOPLE} people answer others."
        f" The system's load was {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        goals_table(goals),
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
                ("nobody scrolls", len(alone), answers["alone"]),
                (f"somebody scrolls ({rows:,} rows in the last round)", len(beside), answers["beside"]),
            )
        ),
    ]
    return "\n".join(lines)
