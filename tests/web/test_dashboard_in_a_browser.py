"""The dashboard in Chromium: figures and rows as people see them, scripts in cells, keys, screen readers, phones."""

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, ViewportSize, expect

from domain.moments import Moment
from domain.projects.projects import ProjectId
from handlers.screen import render
from services.act import Act
from services.money import funds
from services.projects import progress
from storage.database import Database
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.house import REQUESTER
from tests.simulator.paged import WIDE, Pages
from tests.web.dashboards import (
    ADMIN,
    ANN,
    MARKED,
    SCRIPT,
    Hand,
    Look,
    a_dashboard,
    answer_all,
    house_of,
    make_link,
    mark_next,
    settle,
    settle_cases,
    settle_marked,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser serves all

AXE = Path(__file__).parent / "axe" / "axe-4.14.1.min.js"
PHONE: ViewportSize = {"width": 360, "height": 740}
ORIGIN = "http://127.0.0.1"


@dataclass
class Browser:
    """A person's browser at the dashboard; `troubles` are errors of the page, and dialogs that a script opened."""

    page: Page
    look: Look
    database: Database
    troubles: list[str]

    async def enter(self, person: int) -> None:
        house = house_of(self.database, self.look.now, ORIGIN)
        token = await self.database.transact(lambda unit: make_link(unit, house, person), self.look.now)
        await self.page.goto(f"{self.look.url}/enter#{token}")
        await expect(self.page.locator("header nav")).to_be_visible()

    async def open(self, path: str) -> None:
        await self.page.goto(self.look.url + path)
        await expect(self.page.locator("main h1")).to_be_visible()

    async def flaws(self) -> list[str]:
        """What axe-core calls serious, with the elements."""
        await self.page.add_script_tag(path=AXE)
        found = await self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{flaw['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for flaw in found["violations"]
            if flaw["impact"] in ("serious", "critical")
            for node in flaw["nodes"]
        ]


@pytest_asyncio.fixture(loop_scope="session")
async def browser(pages: Pages, sqlite_url: str, now: Moment) -> AsyncIterator[Browser]:
    async with a_browser(pages, sqlite_url, now, settle_reviews) as opened:
        yield opened


@asynccontextmanager
async def a_browser(
    pages: Pages, url: str, now: Moment, settle_house: Callable[[UnitOfWork], object], **look: Any
) -> AsyncIterator[Browser]:
    """A browser at the dashboard of the house that `settle_house` furnishes; `look` is how it shows pages."""
    database = Database(url)
    await database.transact(settle_house, now)
    troubles: list[str] = []
    # axe-core is no file of the page
    context = await pages.browser.new_context(**{"viewport": WIDE, "bypass_csp": True, **look})
    page = await context.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", lambda dialog: troubles.append(dialog.message))
    async with a_dashboard(database, now, house_of(database, now, ORIGIN)) as look:
        yield Browser(page, look, database, troubles)
    await context.close()
    await database.close()
    assert troubles == []


def settle_reviews(unit: UnitOfWork) -> None:
    answer_all(unit, settle(unit, tasks=30, gold=4, title=f"Reviews {SCRIPT}"), 20)
    plant_scripts(unit)


def plant_scripts(unit: UnitOfWork) -> None:
    """A script in every cell that people write."""
    unit.connection.changed("UPDATE tasks SET content = :content WHERE position <= 12", content=pack({"text": SCRIPT}))
    unit.connection.changed("UPDATE tasks SET key = :key WHERE position = 1", key=SCRIPT)
    unit.connection.changed("UPDATE people SET name = :name", name=SCRIPT)


async def test_addresses_reloads_and_the_back_button_lead_to_the_same_page(browser: Browser):
    page = browser.page
    heading = page.get_by_role("heading", name=re.compile("Reviews"))
    await browser.enter(1_000)
    for address in ("/projects/1", "/projects/1/", "/project/1/tasks/", "/projects/1/tasks"):
        await browser.open(address)
        await expect(heading).to_be_visible()
    await page.reload()
    await expect(page.locator(".tabulator-row")).not_to_have_count(0)
    await page.get_by_role("link", name="Money").click()
    await page.get_by_role("link", name="Funds", exact=True).click()
    await expect(page.get_by_role("heading", name="Funds")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("link", name="Money")).to_have_attribute("aria-current", "page")
    await page.go_back()
    await expect(page.locator(".tabulator-row")).not_to_have_count(0)
    for address in ("/projects/2", "/nothing", "/admin"):  # no page, or none of this person's: the way on stays
        await page.goto(browser.look.url + address)
        await expect(page.get_by_role("alert")).to_be_visible()
        await page.get_by_role("link", name="Projects").click()
        await expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    await browser.enter(ANN)
    await expect(page.get_by_role("heading", name="My work")).to_be_visible()  # who gives no work begins there
    await page.get_by_role("button", name="Sign out").click()
    await page.go_back()
    await expect(page.get_by_role("alert")).to_contain_text("/web")


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_figures_are_spelt_as_in_the_chat(browser: Browser, now: Moment, language: str):
    def read_chat(unit: UnitOfWork) -> tuple[str, str]:
        unit.connection.changed("UPDATE people SET language = :language", language=language)
        anna = unit.people.find_by_telegram_id(REQUESTER)
        assert anna is not None
        act = Act(unit, anna, house_of(browser.database, now))
        messages = progress.get_progress(act, ProjectId(1)), funds.read_funds(act)
        screens = [render(message.stored_as, message, language).text for message in messages]
        return screens[0].replace("\xa0", " "), screens[1].replace("\xa0", " ")

    in_chat, funds_in_chat = await browser.database.transact(read_chat, now)
    await browser.enter(REQUESTER)
    await browser.open("/projects/1")
    await browser.page.locator(".facts").first.wait_for()
    facts = [text.replace("\xa0", " ") for text in await browser.page.locator(".facts dd").all_inner_texts()]
    answers, _, _, on_gold, _, _, spent, held, *_ = (text.splitlines()[0] for text in facts)
    share, right_of_seen = on_gold.rstrip(")").split(" (")
    right, seen = right_of_seen.split("/")
    for figure in (f"{answers} ", spent, held, f"{right} ", f" {seen} ", share):
        assert figure in in_chat, figure
    await browser.open("/funds")
    free = await browser.page.locator(".facts dd").first.inner_text()
    assert free.replace("\xa0", " ") in funds_in_chat


async def test_scripts_in_cells_are_words(browser: Browser):
    page = browser.page
    await browser.enter(1_000)
    await browser.open("/project/1/tasks")
    await expect(page.locator(".tabulator-row").first).to_contain_text(SCRIPT)
    await page.locator(".tabulator-row").first.locator(".tabulator-cell").nth(2).click()
    await expect(page.get_by_role("dialog")).to_contain_text(SCRIPT)
    assert await page.locator("img[src=x]").count() == 0
    await page.keyboard.press("Escape")
    await page.get_by_role("searchbox").fill(SCRIPT[:20])
    await expect(page.locator("[role=status]", has_text="12 tasks")).to_be_visible()  # those whose text it is
    await page.get_by_role("button", name="Check questions", exact=True).click()
    await expect(page.locator(".grid")).to_contain_text("No task is like this.")
    for path in ("/project/1", "/project/1/quality", "/project/1/money", "/funds", "/"):
        await browser.open(path)
        await expect(page.locator("main")).to_contain_text("Reviews <img")
    await page.get_by_role("link", name=re.compile("Reviews")).click()


async def test_an_admin_clears_the_queue_on_a_phone_with_reasons(browser: Browser, now: Moment):
    page = browser.page

    def ask(unit: UnitOfWork) -> None:
        for number in range(3):
            person = unit.people.upsert(500 + number, f"p{number}", SCRIPT, "en", unit.now)
            unit.role_requests.add(person.id, f"Birds of Lyon {SCRIPT}, p{number}@example.org")

    await browser.database.transact(ask, now)
    await page.set_viewport_size(PHONE)
    await browser.enter(ADMIN)
    await browser.open("/admin")
    await page.get_by_role("button", name=re.compile("want to give work")).click()
    await expect(page.locator(".card blockquote")).to_contain_text("Birds of Lyon <img")
    await page.get_by_role("button", name=re.compile("May open projects")).click()
    await expect(page.locator(".cases")).to_contain_text("2 want")  # and the next case is there already
    await page.get_by_role("button", name=re.compile("Refuse, with a reason")).click()
    await page.get_by_role("textbox", name="Reason").fill("We do not know this university yet.")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".cases")).to_contain_text("1 wants")
    decided = await browser.database.transact(
        lambda unit: unit.connection.all("SELECT state, reason FROM role_requests ORDER BY id"), now
    )
    assert sorted(map(tuple, decided)) == [
        ("granted", ""),
        ("refused", "We do not know this university yet."),
        ("waiting", ""),
    ]


async def test_a_requester_mends_the_ten_worst_of_many_pictures_without_a_command(
    pages: Pages, sqlite_url: str, now: Moment
):
    def settle_pictures(unit: UnitOfWork) -> None:
        made = settle_marked(unit, 14, ["boxes"])
        for worker in made.workers:
            while mark_next(unit, worker):
                pass

    async with a_browser(pages, sqlite_url, now, settle_pictures) as browser:
        await browser.enter(REQUESTER)
        hand = Hand(browser.page)
        await hand.press(browser.page.get_by_role("link", name="Mark: boxes"))
        names, coco = await hand.improve_worst_results(10)
        sql = "SELECT key, overlap, coalesce(confidence, live_confidence) FROM tasks"
        rows = await browser.database.transact(lambda unit: unit.connection.all(sql), now)
    overlaps, confidences = {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}
    worst = sorted(confidences[name] for name in names)
    assert worst == sorted(confidences.values())[:10]
    assert worst[0] < max(confidences.values())
    assert {name for name, overlap in overlaps.items() if overlap == 5} == set(names)
    boxes = json.loads(coco)["annotations"]
    assert {each["image_id"] for each in boxes} == {each["id"] for each in json.loads(coco)["images"]}
    assert len(boxes) >= 14
    assert hand.presses == 27  # a project, two pages, a sort, ten windows and ways on, ten boxes, two buttons


@pytest.mark.parametrize(
    ("language", "scheme", "size"), [("fr", "dark", PHONE), ("en", "light", WIDE)], ids=["phone", "desktop"]
)
async def test_an_admin_clears_twenty_cases_of_five_kinds(
    pages: Pages, sqlite_url: str, now: Moment, language: str, scheme: str, size: ViewportSize
):
    def settle_queue(unit: UnitOfWork) -> None:
        settle_cases(unit, house_of(cast(Database, None), now), settle(unit, tasks=8, gold=0))
        unit.connection.changed("UPDATE people SET language = :language WHERE telegram_id = 9", language=language)

    async def hasten(route: Route) -> None:
        text = await (await route.fetch()).text()
        assert "PAUSE = 400" in text
        await route.fulfill(body=text.replace("PAUSE = 400", "PAUSE = 0"), content_type="text/javascript")

    async with a_browser(pages, sqlite_url, now, settle_queue, viewport=size, color_scheme=scheme) as browser:
        await browser.page.route("**/queue.js", hasten)
        await browser.enter(ADMIN)
        waiting = (await browser.look.of(ADMIN).ask("/cases"))[1]
        assert sum(case["count"] for case in waiting) == 20
        assert len({case["kind"] for case in waiting}) == 5
        hand = Hand(browser.page)
        await hand.press(browser.page.locator("header a[href$='/admin']"))
        await browser.page.locator(".card article").first.wait_for()
        card = await browser.page.locator(".card article").first.bounding_box()
        assert card is not None
        assert card["y"] + card["height"] <= size["height"]  # the first case can be decided without scrolling
        await hand.clear_queue("We looked at it with the requester, and it was a mistake.")
        assert (await browser.look.of(ADMIN).ask("/cases"))[1] == []
        assert hand.presses == 26  # one a case, and two more for each complaint, which is answered in words


async def test_marks_are_seen_where_workers_made_them(pages: Pages, sqlite_url: str, now: Moment):
    def settle_marks(unit: UnitOfWork) -> None:
        made = settle_marked(unit, 2, list(MARKED))
        for worker in made.workers:
            while mark_next(unit, worker, forgets=False):
                pass

    async with a_browser(pages, sqlite_url, now, settle_marks) as browser:
        page, window = browser.page, browser.page.get_by_role("dialog")
        await browser.enter(REQUESTER)
        for number, kind in enumerate(MARKED, 1):
            await browser.open(f"/projects/{number}/tasks")
            await page.locator(".tabulator-row .open").first.click()
            chips = window.get_by_role("toolbar", name="Whose marks are shown").get_by_role("button")
            await expect(chips).to_have_count(4)  # the result, and three workers
            if kind == "spans":
                await expect(window.locator("mark")).to_have_text(["Marie Curie person", "Warsaw place"])
                await chips.nth(1).click()
                await expect(window.locator("mark").first).to_have_text("Marie Curie person")
                continue
            layers = window.locator(".regions .row" if kind == "regions" else ".marks .layer")
            await expect(layers).to_have_count(4)
            whole = await window.locator(".regions" if kind == "regions" else ".picture img").bounding_box()
            assert whole is not None
            for layer in await layers.all():
                places = [await mark.bounding_box() for mark in await layer.locator("> *").all()]
                lefts = sorted((place["x"] - whole["x"]) / whole["width"] for place in places if place is not None)
                # Shares of the width; a point is the middle of a cross, the sound lasts four seconds.
                expected = {"regions": [0.125, 0.25], "points": [0.088, 0.588]}.get(kind, [0.1, 0.6])
                assert lefts == pytest.approx(expected, abs=0.01), kind
            await chips.first.click()
            await expect(layers.first).to_be_hidden()


async def test_nothing_overflows_a_phone_and_axe_finds_nothing_serious(browser: Browser):
    page = browser.page
    flaws: dict[str, list[str]] = {}
    for person, paths in (
        (1_000, ("/", *(f"/project/1/{tab}" for tab in ("overview", "quality", "tasks", "money", "files")), "/funds")),
        (ADMIN, ("/admin", "/house")),
        (ANN, ("/work",)),
    ):
        await browser.enter(person)
        for scheme, size in (("light", WIDE), ("dark", PHONE)):
            await page.set_viewport_size(size)
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # of a tuple of texts
            for path in paths:
                await browser.open(path)
                await expect(page.locator("[aria-busy]")).to_have_count(0)
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, size)
                flaws[f"{path} {scheme}"] = await browser.flaws()
    assert {path: found for path, found in flaws.items() if found} == {}


async def test_the_page_speaks_french_and_is_used_by_keys(browser: Browser, now: Moment):
    page = browser.page

    def speak(unit: UnitOfWork) -> None:
        unit.connection.changed("UPDATE people SET language = 'fr' WHERE telegram_id = 1000")

    await browser.database.transact(speak, now)
    await browser.enter(1_000)
    await browser.open("/project/1/tasks")
    await expect(page.get_by_role("link", name="Tâches")).to_be_visible()
    missing = await page.evaluate("document.body.innerText.match(/[a-z]+_[a-z_]+/g)")
    assert missing is None
    row = page.locator(".tabulator-row").first
    await row.locator("input").focus()
    await page.keyboard.press("Space")
    await expect(row.locator("input")).to_be_checked()
    await row.get_by_role("button").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_telegram_s_signature_opens_it_too_and_a_stale_link_says_why(browser: Browser):
    page = browser.page
    from simulator.phones import launch_address

    await page.goto(launch_address(browser.look.url + "/project/1", browser.look.signed(), {"bg_color": "#17212b"}))
    await expect(page.get_by_role("heading", name=re.compile("Reviews"))).to_be_visible()
    assert await page.evaluate("document.documentElement.dataset.scheme") == "dark"
    await page.get_by_role("link", name="Quality").click()
    await expect(page.get_by_text("Like the result", exact=True)).to_be_visible()
    await page.goto("about:blank")
    await page.goto(f"{browser.look.url}/enter#{'x' * 43}")
    await expect(page.get_by_role("alert")).to_contain_text("opened before")
