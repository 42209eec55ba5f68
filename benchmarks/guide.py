"""The pictures of the requester's guide: a project from the preset to its results, taken by a real browser."""

import argparse
import asyncio
import re
import tempfile
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright

from bot.demo import story
from bot.demo.demo import running_house
from simulator.crowd.behaviour import workers
from simulator.crowd.client import text_of
from simulator.crowd.crowd import CrowdPlan, ScriptedCrowd
from simulator.running import Telegram
from tests.browser import arguments as browser_arguments
from tests.browser import find

PICTURES = Path("docs/pictures")
WIDE, HIGH, CARD, BREATH = (
    460,
    900,
    1_660,
    1_500,
)  # pixels of the window, and for a card; milliseconds until a message stands still


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="python -m benchmarks guide", description=__doc__).parse_args(arguments)
    asyncio.run(_take())
    print(f"written: {PICTURES}/guide-*.png")
    return 0


async def _take() -> None:
    with tempfile.TemporaryDirectory(prefix="pouce-guide-") as folder:
        async with running_house(folder) as (telegram, _), async_playwright() as playwright:
            told = await story.prepare_house(telegram)
            browser = await playwright.chromium.launch(executable_path=find(), args=browser_arguments())
            page = await browser.new_page(viewport={"width": WIDE, "height": HIGH}, device_scale_factor=1)
            await page.goto(f"{telegram.url}/#p={story.REQUESTER}")
            await _authoring(page, told)
            await _running(page, telegram, told)
            await browser.close()


async def _authoring(page: Page, told: story.Story) -> None:
    rosa = told.requester
    await rosa.say("/newproject")
    await rosa.wait_for("step 1")
    await _shot(page, "1-presets")
    await rosa.press("😊 Sentiment")
    await rosa.wait_for("send the file")
    await rosa.press("✏️ Options")
    await rosa.wait_for("Which answers can be chosen")
    await rosa.say(f"{story.PLEASED}, {story.DISPLEASED}")
    await rosa.wait_for("send the file", new=True)
    await _shot(page, "2-form")
    await rosa.upload(story.task_file(story.choose_snippets(60, 12)), "reviews.csv")
    card = await rosa.wait_for_button("🚀 Launch", 30)
    told.number = int(re.findall(r"\d+", text_of(card))[0])
    await page.set_viewport_size({"width": WIDE, "height": CARD})
    await _shot(page, "3-preflight")
    await page.set_viewport_size({"width": WIDE, "height": HIGH})


async def _running(page: Page, telegram: Telegram, told: story.Story) -> None:
    plan = CrowdPlan(story.PLEASED, story.DISPLEASED, speed=4, agree=("✅", "▶️"), ask="/work")
    async with ScriptedCrowd(telegram.url, workers(12), plan) as crowd:
        await story.wait_for_crowd(crowd)
        await told.requester.press("🚀 Launch")
        await told.admin.press("✅ Let it start", await told.admin.wait_for_button("✅ Let it start"))
        await told.requester.wait_for("is running")
        await told.requester.wait_for(r"[4-7]\d ?%", 120)
        await _shot(page, "4-progress")
        await told.requester.wait_for("is complete", 300)
        await told.requester.say(f"/quality {told.number}")
        await page.wait_for_timeout(3 * BREATH)
        await _shot(page, "5-results")


async def _shot(page: Page, name: str) -> None:
    phone: Locator = page.locator(f'.phone[data-person="{story.REQUESTER}"]')
    await page.wait_for_timeout(BREATH)
    await phone.screenshot(path=str(PICTURES / f"guide-{name}.png"))
