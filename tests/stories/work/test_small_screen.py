"""On a small phone, 360 × 640, the question of a first task is seen beside its buttons without scrolling."""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page

from tests.simulator.paged import Pages
from tests.stories.town import Town, csv
from tests.stories.work.touch import SMALL

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser serves all

REVIEW = "The hinge broke after two days and the shop did not answer any of my letters about it"
EIGHT = ", ".join(("red", "orange", "yellow", "green", "blue", "violet", "white", "black"))


@pytest_asyncio.fixture(loop_scope="session")
async def page(pages: Pages) -> AsyncIterator[Page]:
    opened = await pages.take(SMALL)
    yield opened
    await pages.give_back(opened, SMALL)


async def first_task(town: Town, page: Page, **changes: object) -> None:
    rosa = await town.requester()
    await town.project(rosa, csv(REVIEW, "Fine"), **changes)
    ann = await town.worker("Ann")
    await page.goto(f"{town.telegram.url}/#p={ann.id}")
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


async def test_the_question_of_a_first_task_is_on_the_screen_with_its_buttons(town: Town, page: Page):
    await first_task(town, page, accept="review")
    assert await is_seen(page, page.get_by_text(REVIEW).last)
    assert await is_seen(page, page.get_by_role("button", name="positive").last)
    assert await is_seen(page, page.locator(".bubble strong", has_text="Is the review positive?"))


async def test_what_is_placed_so_far_is_on_the_screen_while_eight_are_ranked(town: Town, page: Page):
    await first_task(town, page, kind="rank", options=EIGHT)
    await page.get_by_role("button", name="green").last.click()
    assert await is_seen(page, page.locator(".bubble strong", has_text="green"))
