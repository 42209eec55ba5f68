"""The README's picture: the demo as a visitor sees it, taken by a real browser."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright

from bot.demo import story
from bot.demo.demo import running_house
from simulator.crowd.behaviour import workers
from simulator.crowd.crowd import CrowdPlan, ScriptedCrowd
from simulator.running import Telegram
from tests.browser import arguments as browser_arguments
from tests.browser import find

PICTURE = Path("docs/pictures/demo.png")
PEOPLE = f"{story.VISITOR},{story.REQUESTER},{story.ADMIN}"


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="python -m benchmarks picture", description=__doc__).parse_args(arguments)
    asyncio.run(_take())
    print(f"written: {PICTURE}")
    return 0


async def _take() -> None:
    with tempfile.TemporaryDirectory(prefix="pouce-picture-") as folder:
        async with running_house(folder) as (telegram, _):
            told = await story.prepare_house(telegram)
            await telegram.phone("You", id=story.VISITOR, username="you", role="worker")
            plan = CrowdPlan(story.PLEASED, story.DISPLEASED, speed=2, agree=("✅", "▶️"), ask="/work")
            async with ScriptedCrowd(telegram.url, workers(12), plan) as crowd:
                await story.wait_for_crowd(crowd)
                await story.launch_project(told, story.task_file(story.choose_snippets(240, 24)))
                await _photograph(telegram, told)


async def _photograph(telegram: Telegram, told: story.Story) -> None:
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=browser_arguments())
        page = await browser.new_page(viewport={"width": 1360, "height": 820})
        await page.goto(f"{telegram.url}/#p={PEOPLE}")
        await _visit(page)
        await told.admin.say("/balance @you")
        await page.wait_for_timeout(4000)
        await page.screenshot(path=str(PICTURE))
        await browser.close()


async def _visit(page: Page) -> None:
    """A newcomer's first minute."""
    phone = page.locator(f'.phone[data-person="{story.VISITOR}"]')
    for name in ("Start", "I agree"):
        await phone.get_by_role("button", name=name).first.click()
    for _ in range(4):
        await phone.get_by_role("button", name=story.PLEASED).last.click()
        await page.wait_for_timeout(2500)
