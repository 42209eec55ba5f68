"""A house whose dashboard is served: a requester with answers of all sorts, a worker, an admin, and somebody else."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, BinaryIO

import aiohttp
from playwright.async_api import Locator, Page

from domain.fairness.reports import KINDS, ReportKind
from domain.fairness.review import PAUSE
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people.accounts import Person, PersonId
from domain.work.assignments import AssignmentId
from handlers import cards
from handlers.routes import COMMANDS
from handlers.screen import refusal_text
from jobs.fetching import Fetcher
from services.act import Act, House
from services.fairness import questions, reports
from services.people import web_sessions
from services.work import inputs, submit
from simulator.phones import init_data
from simulator.running import TOKEN
from simulator.values import PhoneOwner
from storage.database import Database
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.house import FIRST_WORKER, REQUESTER, a_project, furnish, launch, settle_tasks
from tests.house import House as Furnished
from tests.invariants.flows import turn
from tests.stories.work.test_mark_labels import tone
from tests.stories.work.touch import THINGS, street
from tests.web.test_miniapp import kept
from web.application import serve
from web.dashboard.cards import Cards
from web.door import HttpDoor
from web.miniapp.door import Pages
from web.miniapp.media import Download, Sources

ADMIN, BOB, ANN = 9, 77, FIRST_WORKER
SCRIPT = "<img src=x onerror=alert(1)><script>alert(1)</script>"
PICTURE, SOUND = "AgACAgIAAxkBAAIB" + "p" * 40, "AwACAgIAAxkBAAIB" + "s" * 40
SENTENCE = "Marie Curie was born in Warsaw and worked in Paris."
# Projects whose answers are marks: what their tasks show, and two marks on it, of which some workers forget the second.
MARKED: dict[str, dict[str, Any]] = {
    "boxes": {"options": ("car", "bicycle"), "columns": ("image",)},
    "polygons": {"options": ("car", "bicycle"), "columns": ("image",)},
    "points": {"options": ("car", "bicycle"), "columns": ("image",)},
    "spans": {"options": ("person", "place"), "columns": ("text",)},
    "regions": {"options": ("speech", "noise"), "columns": ("audio",)},
}
CONTENTS = {"image": PICTURE, "text": SENTENCE, "audio": SOUND}
MARKS: dict[str, list[dict[str, Any]]] = {
    "boxes": [
        {"label": name, **dict(zip(("x", "y", "width", "height"), at, strict=True))} for name, at in THINGS.items()
    ],
    "polygons": [
        {"label": name, "points": [[x, y], [x + width, y], [x + width, y + height]]}
        for name, (x, y, width, height) in THINGS.items()
    ],
    "points": [{"label": name, "x": x, "y": y} for name, (x, y, *_) in THINGS.items()],
    "spans": [{"label": "person", "start": 0, "end": 11}, {"label": "place", "start": 24, "end": 30}],
    "regions": [{"label": "speech", "start": 0.5, "end": 1.5}, {"label": "noise", "start": 1.0, "end": 3.0}],
}
ADD_CONTENT = "UPDATE tasks SET content = :content WHERE project = :project"


@dataclass
class Look:
    """Somebody at the dashboard: through Telegram, or with the cookie of a browser."""

    http: aiohttp.ClientSession
    url: str
    now: Moment
    person: int = REQUESTER
    cookie: str = ""

    def of(self, person: int) -> "Look":
        return Look(self.http, self.url, self.now, person)

    def signed(self, token: str = TOKEN) -> str:
        return init_data(token, PhoneOwner(self.person, "Person"), "AAq", self.now // 1000)

    async def ask(self, path: str, sent: Any = None, method: str = "", **headers: str) -> tuple[int, Any]:
        by = {"Cookie": f"pouce_dashboard={self.cookie}"} if self.cookie else {"Authorization": f"tma {self.signed()}"}
        how: dict[str, Any] = {} if sent is None else {"data": sent} if isinstance(sent, bytes) else {"json": sent}
        method = method or ("GET" if sent is None else "POST")
        async with self.http.request(method, self.url + "/api" + path, headers=by | headers, **how) as answer:
            body = await answer.read()
            return answer.status, json.loads(body) if answer.content_type.endswith("json") else body


def house_of(database: Database, now: Moment, origin: str = "https://p") -> House:
    terms = Terms("EUR", Decimal(10), Millionths(12_000_000))
    return House(database, terms, frozenset({ADMIN}), False, "en", lambda: now, commands=COMMANDS, page_origin=origin)


def settle(unit: UnitOfWork, tasks: int = 6, gold: int = 2, **project: Any) -> Furnished:
    """Anna's project with answers; Bob, who asks for work of his own, and an admin."""
    made = furnish(unit, 3, tasks, gold, **{"accept": "review", "overlap": 3, "max_overlap": 3, **project})
    bob = unit.people.upsert(BOB, "bob", "Bob", "en", unit.now)
    unit.people.make_requester(bob.id, True)
    unit.people.upsert(ADMIN, "ada", "Ada", "en", unit.now)
    return made


def marked_project(kind: str) -> dict[str, Any]:
    """Return the fields of a project in which workers mark things."""
    template = "".join(f"{{{column}}}" for column in MARKED[kind]["columns"])
    pay = {"pay": Millionths(100_000), "fee": Millionths(10_000)}  # marks take time, and there is a floor
    return {"kind": kind, "title": f"Mark: {kind}", "template": template, **pay, **MARKED[kind]}


def settle_marked(unit: UnitOfWork, tasks: int, kinds: Sequence[str]) -> Furnished:
    """A house with a project of each of these kinds, whose tasks wait for marks."""
    made = settle(unit, tasks=tasks, gold=0, **marked_project(kinds[0]))
    numbers = [made.project]
    for kind in kinds[1:]:
        numbers.append(unit.projects.add(a_project(made.requester, unit.now, **marked_project(kind))))
        settle_tasks(unit, numbers[-1], made.requester, tasks, 0)
        launch(unit, made.requester, numbers[-1])
    for number, kind in zip(numbers, kinds, strict=True):
        content = {column: CONTENTS[column] for column in MARKED[kind]["columns"]}
        unit.connection.changed(ADD_CONTENT, content=pack(content), project=number)
    return made


def mark_next(unit: UnitOfWork, worker: PersonId, forgets: bool = True) -> bool:
    """Mark what a worker's next task shows; where somebody `forgets`, every third worker leaves out a mark on every
    third task. Return False if there is no task for them."""
    submit.show_work(unit, unit.people.get(worker))
    in_hand = unit.assignments.active_for(worker)
    if in_hand is None:
        return False
    kind = unit.projects.get(in_hand.project).kind
    marks = MARKS[kind][: 1 if forgets and worker % 3 == 0 and in_hand.task % 3 == 0 else None]
    answer = {"shapes": marks, "size": [640, 480]} if MARKED[kind]["columns"] == ("image",) else marks
    submit.submit_answer(unit, unit.people.get(worker), in_hand.id, json.dumps(answer), None)
    return True


async def download_media(file_id: str, into: BinaryIO) -> bool:
    """Write the picture or the sound of marked tasks, else what `kept` has."""
    files = {PICTURE: street, SOUND: tone}
    if file_id not in files:
        return await kept(file_id, into)
    into.write(files[file_id]())
    return True


def settle_cases(unit: UnitOfWork, house: House, made: Furnished) -> None:
    """Twenty cases of five kinds that wait for an admin."""
    project = unit.projects.get(made.project)
    projects = [made.project]
    for number in range(11):
        projects.append(unit.projects.add(replace(project, title=f"Shop signs, part {number + 2}")))
        settle_tasks(unit, projects[-1], made.requester, 3, 0)
        launch(unit, made.requester, projects[-1])
    for number in range(5):
        person = unit.people.upsert(500 + number, f"p{number}", f"Person {number}", "en", unit.now)
        unit.role_requests.add(person.id, f"Birds of Lyon, university, p{number}@example.org")
        unit.reviews.pause(projects[number])
        unit.projects.pause(projects[number], PAUSE)
    ann, bob = (Act(unit, unit.people.get(worker), house, 5) for worker in made.workers[:2])
    for _ in range(4):
        reports.report_task(ann, take_task(unit, ann.person), KINDS.index(ReportKind.SCAM))
    for number, worker in enumerate(made.workers[:3]):
        in_hand = take_task(unit, bob.person)
        questions.ask_for_question(bob, in_hand)
        inputs.take_words(bob, f"You fool, what is this? ({number})")
        (asked,) = unit.connection.all("SELECT max(id) FROM questions")[0]
        questions.report_question(Act(unit, unit.people.get(made.requester), house), asked)
        submit.submit_answer(unit, bob.person, in_hand, "0", None)
        unit.complaints.add(worker, "other", 0, "Nobody answers what I ask.")


def take_task(unit: UnitOfWork, worker: Person) -> AssignmentId:
    submit.show_work(unit, worker)
    in_hand = unit.assignments.active_for(worker.id)
    assert in_hand is not None
    return in_hand.id


def answer_all(unit: UnitOfWork, made: Furnished, rounds: int = 8) -> None:
    for _ in range(rounds):
        for worker in made.workers:
            turn(unit, worker)


def make_link(unit: UnitOfWork, house: House, person: int = REQUESTER) -> str:
    """Return the token of a link that /web gives."""
    visitor = unit.people.find_by_telegram_id(person)
    assert visitor is not None
    return web_sessions.make_link(Act(unit, visitor, house)).url.partition("#")[2]


@dataclass
class Hand:
    """Somebody at a page of the dashboard, whose presses are counted."""

    page: Page
    presses: int = 0

    async def press(self, what: Locator) -> None:
        await what.click()
        self.presses += 1

    async def clear_queue(self, words: str) -> None:
        """Decide every case by the first button of its card, with these words where it asks for some."""
        card = self.page.locator(".card:not([aria-busy])")
        await card.locator("article").first.wait_for()
        while True:
            await card.wait_for(state="attached")
            asked, offered = card.locator("textarea"), card.locator("article .bulk button")
            if await asked.count():
                await asked.fill(words)
                await self.press(card.locator("[type=submit]"))
            elif await offered.count():
                await self.press(offered.first)
            else:
                return

    async def improve_worst_results(self, worst: int) -> tuple[list[str], str]:
        """From a project's page: sort its tasks by confidence, look at the marks of the worst ones, ask for two more
        answers each and export COCO. Return the tasks' names, and the file's text."""
        page = self.page
        await self.press(page.locator(".tabs a[href$='/tasks']"))
        await page.locator(".tabulator-row").first.wait_for()
        await self.press(page.locator(".tabulator-col[tabulator-field='confidence']"))
        await page.locator(".tabulator-col[aria-sort='ascending']").wait_for()
        await page.locator(".grid:not([aria-busy]) .tabulator-row").first.wait_for()
        names: list[str] = []
        await self.press(page.locator(".tabulator-row .open").first)
        for at in range(worst):
            await page.locator(".task .marks .layer").first.wait_for(state="attached")
            names.append(await page.locator(".task h2").evaluate("heading => heading.firstChild.data"))
            await self.press(page.locator(".task .head button").nth(1 if at < worst - 1 else 2))
            await page.locator(".task h2", has_text=re.compile(rf"^{names[-1]}\D")).wait_for(state="detached")
        for at in range(worst):
            await self.press(page.locator(".tabulator-row input").nth(at))
        await self.press(page.locator(".tasks > .bulk button", has_text="+2"))
        await page.locator(".told", has_text=re.compile(rf"\b{worst}\b")).wait_for()
        await self.press(page.locator(".tabs a[href$='/files']"))
        async with page.expect_download() as download:
            await self.press(page.get_by_role("button", name="coco"))
        file = await (await download.value).path()
        return names, await asyncio.to_thread(file.read_text)


@asynccontextmanager
async def a_dashboard(
    database: Database,
    now: Moment,
    house: House | None = None,
    *,
    fetch: Fetcher | None = None,
    download: Download = download_media,
) -> AsyncIterator[Look]:
    house = house or house_of(database, now)
    sources = Sources(database, house.clock, download, fetch or Fetcher())
    pages = Pages(TOKEN, ("https://web.telegram.org",), refusal_text, sources)
    door = HttpDoor(
        database,
        house.clock,
        house=house,
        pages=pages,
        cards=Cards(cards.list_cases, cards.press, cards.write),
    )
    async with serve(door, "127.0.0.1", 0) as port, aiohttp.ClientSession() as http:
        yield Look(http, f"http://127.0.0.1:{port}/app/dashboard", now)
