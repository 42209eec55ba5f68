"""The README's pictures: the demo as a visitor sees it, and its requester's dashboard, taken by a real browser."""

import argparse
import asyncio
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, async_playwright

from bot.demo import story
from bot.demo.demo import listen_on, running_house
from simulator.crowd.behaviour import workers
from simulator.crowd.client import buttons_of
from simulator.crowd.crowd import CrowdPlan, ScriptedCrowd
from simulator.running import Telegram
from tests.browser import arguments as browser_arguments
from tests.browser import find

PICTURE, DASHBOARD = Path("docs/pictures/demo.png"), Path("docs/pictures/dashboard.png")
HALF = {"width": 860, "height": 800}  # of the dashboard's picture: two pages side by side
PEOPLE = f"{story.VISITOR},{story.REQUESTER},{story.ADMIN}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks picture", description=__doc__)
    parser.add_argument("--dashboard", action="store_true", help="the dashboard's alone")
    asyncio.run(_take(parser.parse_args(arguments).dashboard))
    return 0


async def _take(dashboard_alone: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="pouce-picture-") as folder:
        async with running_house(folder, mini_app=listen_on()) as (telegram, _):
            told = await story.prepare_house(telegram)
            await telegram.phone("You", id=story.VISITOR, username="you", role="worker")
            plan = CrowdPlan(story.PLEASED, story.DISPLEASED, speed=2, agree=("✅", "▶️"), ask="/work")
            async with ScriptedCrowd(telegram.url, workers(12), plan) as crowd:
                await story.wait_for_crowd(crowd)
                await story.launch_project(told, story.task_file(story.choose_snippets(240, 24)))
                if not dashboard_alone:
                    await _photograph(telegram, told)
                await told.requester.wait_for("tasks done", 60)
                await _photograph_dashboard(told)


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
    print(f"written: {PICTURE}")


async def _photograph_dashboard(told: story.Story) -> None:
    """Overview and tasks, side by side, by the link that /web gives."""
    await asyncio.sleep(45)  # answers come in
    await told.requester.say("/web")
    message = await told.requester.wait_for("The dashboard in your browser")
    link = next(button["url"] for button in buttons_of(message) if "url" in button)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=browser_arguments())
        page = await browser.new_page(viewport=HALF, device_scale_factor=1)
        await page.goto(link)
        await page.get_by_role("link", name="1 · ").click()
        await page.wait_for_selector(".u-over")
        await page.wait_for_timeout(1000)
        halves = [await page.screenshot()]
        await page.get_by_role("link", name="Tasks").click()
        await page.locator(".tabulator-col", has_text="Confidence").click()
        await page.locator(".tabulator-row input").nth(1).check()
        await page.locator(".tabulator-row input").nth(2).check()
        await page.wait_for_timeout(1000)
        halves.append(await page.screenshot())
        await browser.close()
    whole = Image.new("RGB", (2 * HALF["width"] + 2, HALF["height"]), "#c8cdd2")
    for place, half in enumerate(halves):
        whole.paste(Image.open(BytesIO(half)), (place * (HALF["width"] + 2), 0))
    whole.quantize(128).save(DASHBOARD, optimize=True)
    print(f"written: {DASHBOARD}")


async def _visit(page: Page) -> None:
    """A newcomer's first minute."""
    phone = page.locator(f'.phone[data-person="{story.VISITOR}"]')
    for name in ("Start", "I agree"):
        await phone.get_by_role("button", name=name).first.click()
    for _ in range(4):
        await phone.get_by_role("button", name=story.PLEASED).last.click()
        await page.wait_for_timeout(2500)
