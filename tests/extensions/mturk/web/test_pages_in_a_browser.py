"""Requesters' pages in Chromium: forms for Amazon's address, layouts without a form, what pages store, hostile ones."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, FrameLocator, Page, Route, expect

from simulator.phones import init_data, launch_address
from simulator.running import TOKEN
from simulator.values import PhoneOwner
from storage.database import Database
from tests.extensions.mturk.web.test_pages import Here, external, fields, html, opened_house
from tests.extensions.mturk.web.turk import present
from tests.house import FIRST_WORKER
from tests.simulator.paged import Pages

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser serves all

HOUSE, LAB = "https://house.example", "https://lab.example"

# An experiment on a server of its requester's: an advertisement in the frame, the experiment in a window of its own,
# and, when the advertisement is loaded again, a form with Amazon's address in it. The answers are on that server.
AD = """<!doctype html><title>ad</title><button onclick="window.open('/experiment' + location.search)">Begin</button>"""
EXPERIMENT = """<!doctype html><title>experiment</title><button id=end>Finish</button>
<script>document.getElementById("end").onclick = async () => {
  await fetch("/finished", { method: "POST" });
  window.opener.location.reload(true);
  window.close();
};</script>"""
THANKS = """<!doctype html><title>thanks</title>
<form id="mturk_form" method="post" action="https://www.mturk.com/mturk/externalSubmit">
<input type="hidden" name="assignmentId" value="%s"><input type="hidden" name="hitId" value="%s"></form>
<button onclick="fetch('/submitted').then(() => document.getElementById('mturk_form').submit())">Complete</button>"""

# A layout of Amazon's site: no form and no button of its own, but scripts that count on both.
LAYOUT = """<!-- a template -->
<head><meta charset="utf-8"></head>
<section id="training"><p>Training</p></section>
<p>How does it sound?</p><label><input type="radio" name="q1" value="4">Good</label>
<input type="hidden" name="trained" value="no">
<script>
document.addEventListener("DOMContentLoaded", () => {
  const known = JSON.parse(localStorage.getItem("study_training") ?? "null");
  document.getElementById("training").hidden = known !== null;
  const trained = `${known ? known.value : "no"} ${document.cookie} ${localStorage.length}`;
  document.querySelector("[name=trained]").value = trained;
  const button = document.querySelector("form[name=mturk_form] #submitButton");
  button.disabled = true;
  document.querySelector("[name=q1]").addEventListener("change", () => {
    localStorage.setItem("study_training", JSON.stringify({ value: "yes", until: Date.now() + 9e5 }));
    document.cookie = "seen=1; max-age=900; path=/";
    document.cookie = "gone=1; expires=Thu, 01 Jan 1970 00:00:00 GMT";
    button.disabled = false;
  });
});
</script>"""

# Each frame and window that a page can make, and what each would do with an object for calls to the app.
HOSTILE = """<!doctype html><form action="/mturk/externalSubmit"></form><p>Hello</p><script>
const attack = (how) => `<script>TelegramWebviewProxy.postEvent("hostile ${how}", "{}")</` + "script>";
const frame = (how, set) => {
  const made = document.createElement("iframe");
  set(made, attack(how));
  document.body.append(made);
};
try { TelegramWebviewProxy.postEvent("hostile page", "{}"); } catch {}
frame("srcdoc", (made, code) => { made.srcdoc = code; });
frame("nested", (made, code) => { made.srcdoc = `<iframe srcdoc='${code}'></iframe>`; });
frame("data", (made, code) => { made.src = "data:text/html," + encodeURIComponent(code); });
frame("blob", (made, code) => { made.src = URL.createObjectURL(new Blob([code], { type: "text/html" })); });
frame("javascript", (made, code) => { made.src = "javascript:" + JSON.stringify(code); });
frame("server", (made) => { made.src = "https://lab.example/attack"; });
const window_ = open("about:blank");
try { window_.document.write(attack("window")); } catch {}
</script>"""
PLANT = """window.TelegramWebviewProxy = {
  postEvent: (event, data) => window.noted(JSON.stringify([event, data])),
};"""


@dataclass
class Browser:
    """A worker's browser before a house and the server of a requester."""

    here: Here
    context: BrowserContext
    finished: bool = False
    requests: list[tuple[str, str]] = field(default_factory=list)
    events: list[tuple[str, Any]] = field(default_factory=list)

    async def serve(self) -> None:
        await self.context.route(re.compile("^https:"), self._answer)

    async def _answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        self.requests.append((route.request.method, f"{url.scheme}://{url.netloc}{url.path}"))
        if url.netloc == "house.example":
            answer = await route.fetch(url=self.here.here(route.request.url))
            await route.fulfill(response=answer)
        elif url.netloc == "lab.example":
            await route.fulfill(content_type="text/html", body=self._page(url.path, url.query))
        else:
            await route.abort()

    def _page(self, path: str, query: str) -> str:
        if path == "/finished":
            self.finished = True
        if path == "/attack":
            return '<script>TelegramWebviewProxy.postEvent("hostile server", "{}")</script>'
        ids = dict(part.split("=", 1) for part in query.split("&")) if query else {}
        done = THANKS % (ids.get("assignmentId"), ids.get("hitId"))
        return {"/ad": done if self.finished else AD, "/experiment": EXPERIMENT}.get(path, "{}")

    async def plant(self) -> None:
        """Give every frame an object for calls to the app, as Telegram's apps do."""
        await self.context.expose_binding("noted", lambda _, event: self.events.append(json.loads(event)))
        await self.context.add_init_script(PLANT)

    async def open(self) -> Page:
        """Open the Mini App of the task in hand."""
        person = PhoneOwner(FIRST_WORKER + 1, "Ann")
        signed = init_data(TOKEN, person, "q", present() // 1000)
        page = await self.context.new_page()
        await page.goto(launch_address(f"{HOUSE}/app/task/{await self.here.in_hand()}", signed, {}))
        return page

    @staticmethod
    def frame(page: Page) -> FrameLocator:
        return page.frame_locator(".theirs iframe")

    async def run(self, page: Page) -> None:
        """Take part in the experiment of the advertisement."""
        async with self.context.expect_page() as window:
            await self.frame(page).get_by_role("button", name="Begin").click()
        experiment = await window.value
        async with experiment.expect_event("close"):
            await experiment.get_by_role("button", name="Finish").click()
        await self.frame(page).get_by_role("button", name="Complete").click()

    def hostile(self) -> list[str]:
        return [event for event, _ in self.events if event.startswith("hostile")]


@pytest_asyncio.fixture(loop_scope="session")
async def browser(sqlite_url: str, pages: Pages) -> AsyncIterator[Browser]:
    database = Database(sqlite_url)
    async with opened_house(database, HOUSE) as here:
        context = await pages.browser.new_context()
        made = Browser(here, context)
        await made.serve()
        yield made
        await context.unroute_all(behavior="ignoreErrors")
        await context.close()
    await database.close()


async def test_an_experiment_on_its_requesters_server_whose_form_goes_to_amazon_is_answered(browser: Browser) -> None:
    """The last form failed inside the frame, and the work was lost."""
    hit = await browser.here.hit(external(f"{LAB}/ad"))
    page = await browser.open()
    await browser.run(page)
    await expect(page.locator(".ended.done")).to_contain_text("Received")
    assert await fields(browser.here, hit) == []
    assert ("POST", f"{LAB}/finished") in browser.requests


async def test_a_worker_says_that_they_have_finished_where_nothing_tells(browser: Browser) -> None:
    hit = await browser.here.hit(external(f"{LAB}/ad"))
    page = await browser.open()
    await page.get_by_role("button", name="Instructions").click()
    await page.get_by_role("button", name="I have finished").click()
    await expect(page.locator(".ended.done")).to_contain_text("Received")
    assert await fields(browser.here, hit) == []


async def test_a_layout_without_a_form_is_answered_and_what_it_stores_is_there_in_its_next_hit(
    browser: Browser,
) -> None:
    answers = []
    for number in (1, 2):
        hit = await browser.here.hit(html(LAYOUT.replace("How", f"{number}. How")))
        page = await browser.open()
        frame = browser.frame(page)
        await expect(frame.locator("#training")).to_be_visible(visible=number == 1)
        await expect(frame.locator("#submitButton")).to_be_disabled()
        await frame.get_by_label("Good").check()
        await frame.locator("#submitButton").click()
        await expect(page.locator(".ended.done")).to_contain_text("Received")
        answers.append(dict(await fields(browser.here, hit)))
    assert answers == [{"q1": "4", "trained": "no  0"}, {"q1": "4", "trained": "yes seen=1 1"}]


@pytest.mark.parametrize("question", [html(HOSTILE), external(f"{LAB}/attack")])
async def test_no_page_of_a_requesters_calls_telegrams_app(browser: Browser, question: str) -> None:
    """Every frame has the object; a page got it back by an iframe with srcdoc. Such pages open outside the app."""
    await browser.plant()
    await browser.here.hit(question)
    page = await browser.open()
    await page.get_by_role("button", name="Open the page").click()
    await expect(page.locator("iframe")).to_have_count(0)
    (link,) = [json.loads(data)["url"] for event, data in browser.events if event == "web_app_open_link"]
    assert link.startswith(f"{HOUSE}/app/hit/3")
    if question == html(HOSTILE):  # the page itself, inside the app; the other one is on a server of its requester's
        async with page.expect_response(re.compile("/hit.js$")):
            await page.goto(link.removesuffix("/browser"), wait_until="commit")
        await expect(page.locator("html > *")).to_have_count(0)
    assert browser.hostile() == []


async def test_a_page_that_is_opened_outside_the_app_is_answered_there(browser: Browser) -> None:
    hit = await browser.here.hit(external(f"{LAB}/ad"))
    _, task = await browser.here.task(await browser.here.in_hand())
    page = await browser.context.new_page()
    await page.goto(task["frame"]["browser"])
    await browser.run(page)
    await expect(page.locator(".ended")).to_contain_text("Received")
    assert await fields(browser.here, hit) == []
    next_hit = await browser.here.hit(html(LAYOUT))
    _, task = await browser.here.task(await browser.here.in_hand())
    await page.goto(task["frame"]["browser"])
    await browser.frame(page).get_by_label("Good").check()
    await browser.frame(page).locator("#submitButton").click()
    await expect(browser.frame(page).locator("body")).to_contain_text("Received")
    assert dict(await fields(browser.here, next_hit))["q1"] == "4"
