"""A page of a task on the smallest phone, with letters as large as a phone makes them; what the page says over it."""

import re

import pytest
from playwright.async_api import FrameLocator, Route, expect

from tests.stories.town import Town
from tests.stories.work.touch import THINGS, Touch, offered, page_of

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser serves all

SIZE = re.compile(r"(font(?:-size)?:[^;}]*?)([\d.]+)px")
SHARE = "main => main.querySelector('.stage').offsetHeight / main.offsetHeight"
MAIN = ".main-button"


async def twice_as_large(route: Route) -> None:
    """As Android's setting does: every letter, whatever unit its style names."""
    found = await route.fetch()
    text = await found.text()
    await route.fulfill(response=found, body=SIZE.sub(lambda size: f"{size[1]}{float(size[2]) * 2}px", text))


async def opened(touch: Touch, town: Town) -> FrameLocator:
    rosa, ann = await town.requester(), await town.worker("Ann", pushed=False)
    await offered(rosa, ann)
    await touch.page.set_viewport_size({"width": 320, "height": 568})
    page = await page_of(touch, town, ann)
    await page.locator("main:not([aria-busy]) .picture").wait_for()
    return page


async def test_letters_twice_as_large_leave_two_fifths_of_the_page_to_the_picture(town: Town, touch: Touch) -> None:
    """Title and hint had half of the page, the picture 75 of 448 pixels."""
    await touch.page.route("**/app/page/*/style.css", twice_as_large)
    page = await opened(touch, town)
    assert await page.locator("main").evaluate(SHARE) >= 0.4
    await page.get_by_role("button", name="Instructions").tap()
    await expect(
        page.get_by_role("dialog").get_by_text("Two fingers zoom.")
    ).to_be_visible()  # what the hint has no room for


async def test_a_finger_draws_at_once_where_the_page_has_just_said_something(town: Town, touch: Touch) -> None:
    """What it said took the finger's strokes for four seconds, with large letters over the whole picture."""
    await touch.page.route("**/app/page/*/style.css", twice_as_large)
    page = await opened(touch, town)
    await touch.page.locator(MAIN, has_text="Send").tap()
    await page.get_by_text("Nothing is marked.").wait_for()
    await touch.box(*THINGS["car"])
    await expect(page.locator(".shape")).to_have_count(1)
    await expect(page.get_by_text("Nothing is marked.")).to_be_hidden()
    await expect(touch.page.locator(MAIN)).to_have_text("Send · 1")


async def test_nothing_is_sent_from_over_the_instructions(town: Town, touch: Touch) -> None:
    """Two presses there sent "nothing is there": the question between them stood behind the instructions."""
    page = await opened(touch, town)
    await expect(touch.page.locator(MAIN)).to_be_visible()
    await page.get_by_role("button", name="Instructions").tap()
    await expect(touch.page.locator(MAIN)).to_be_hidden()
    await page.get_by_role("button", name="Close").tap()
    await expect(touch.page.locator(MAIN)).to_have_text("Send")
    await expect(touch.page.locator(MAIN)).to_be_visible()
