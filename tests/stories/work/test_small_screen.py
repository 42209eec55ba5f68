"""On a small phone, 360 × 640, the question of a first task is seen beside its buttons without scrolling."""

import os
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, async_playwright

from tests.browser import arguments, find
from tests.stories.town import Town, csv

pytestmark = pytest.mark.skipif(find() is None, reason="no Chromium here; tests/browser.py says how to get one")

REVIEW = "The hinge broke after two days and the shop did not answer any of my letters about it"
EIGHT = ", ".join(("red", "orange", "yellow", "green", "blue", "violet", "white", "black"))


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=arguments())
        yield await browser.new_page(viewport={"width": 360, "height": 640})
        await browser.close()


async def first_task(home: Town, page: Page, **changes: object) -> None:
    rosa = await home.requester()
    await home.project(rosa, csv(REVIEW, "Fine"), **changes)
    ann = await home.worker("Ann")
    await page.goto(f"{home.telegram.url}/#p={ann.id}")
    await ann.say("/work")
    await ann.wait_for("The hinge")


async def is_seen(page: Page, found: Locator) -> bool:
    """Whether all of it lies on the screen, uncovered."""
    await found.wait_for()
    await page.wait_for_timeout(500)
    if folder := os.environ.get("PICTURES"):
        await page.screenshot(path=f"{folder}/small.png")
    return bool(
        await found.evaluate(
            """node => {
                const box = node.getBoundingClientRect();
                const seen = (x, y) => node.contains(document.elementFromPoint(x, y));
                return seen(box.left + 4, box.top + 4) && seen(box.left + 4, box.bottom - 4);
            }"""
        )
    )


async def test_the_question_of_a_first_task_is_on_the_screen_with_its_buttons(home: Town, page: Page):
    await first_task(home, page, accept="review")
    assert await is_seen(page, page.get_by_text(REVIEW).last)
    assert await is_seen(page, page.get_by_role("button", name="positive").last)
    assert await is_seen(page, page.locator(".bubble strong", has_text="Is the review positive?"))


async def test_what_is_placed_so_far_is_on_the_screen_while_eight_are_ranked(home: Town, page: Page):
    await first_task(home, page, kind="rank", options=EIGHT)
    await page.get_by_role("button", name="green").last.click()
    assert await is_seen(page, page.locator(".bubble strong", has_text="green"))
