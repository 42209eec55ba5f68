"""`pouce demo` as a visitor meets it: two processes at once, a real browser, the first cents and a page task."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.demo import story
from tests.simulator.paged import WIDE, Pages, phone_of

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser serves all

START_SECONDS, STOP_SECONDS = 90, 30
SOON = 30_000  # milliseconds, of what the bot does at once on a machine with nothing else to do


@asynccontextmanager
async def demo(*options: str, browser: str = "false") -> AsyncIterator[tuple[Process, str]]:
    """Starts `pouce demo`; yields the process and the address that it prints. `browser` is the visitor's command."""
    command = (sys.executable, "-m", "bot", "demo", *options)
    process = await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=PIPE, env={**os.environ, "BROWSER": browser}
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            printed = await process.stdout.readuntil(b"Ctrl-C")
        yield process, re.findall(r"http://\S+", printed.decode())[0]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def end(process: Process) -> tuple[int | None, str, str]:
    """Sends Ctrl-C; returns the exit code, and what was printed since the address and on standard error."""
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(STOP_SECONDS):
        printed, complaints = await process.communicate()
    return process.returncode, printed.decode(), complaints.decode()


async def say(phone: Locator, text: str) -> None:
    await phone.get_by_role("textbox").last.fill(text)
    await phone.get_by_role("textbox").last.press("Enter")


async def earn_first_cents(you: Locator) -> None:
    for name in ("Start", "I agree", story.PLEASED):
        await you.get_by_role("button", name=name).first.click()
    await expect(you.get_by_text(re.compile(rf"[✓✗] {story.PLEASED} · €0.05"))).to_be_visible(timeout=SOON)
    await say(you, "/balance")
    await expect(you.get_by_text(re.compile(r"(Pending|Available): €0\.05"))).to_be_visible(timeout=SOON)


async def answer_on_a_page(page: Page, you: Locator, rosa: Locator) -> None:
    title = re.search(r"title: (.+)", story.PAGE_CAPTION)
    assert title is not None
    await expect(rosa.get_by_text(f"{title[1]} is running")).to_be_visible(timeout=SOON)
    await say(you, "/tasks")
    await you.get_by_role("button", name=title[1]).last.click()
    await you.get_by_role("button", name="Open the task").last.click()
    await page.frame_locator("iframe").locator(".words span").first.click()
    await page.locator(".main-button", has_text="Send · 1").click()
    await page.locator(".main-button", has_text=re.compile(r"^Send$")).wait_for()  # the next text, in the same page
    await page.locator(".mini-app").get_by_role("button", name="Close", exact=True).first.click()
    await page.locator(".mini-app").wait_for(state="detached")
    await expect(you.get_by_text("€0.15").first).to_be_visible(timeout=SOON)
    await say(you, "/balance")
    await expect(you.get_by_text(re.compile(r"(Pending|Available): €0\.(15|20)"))).to_be_visible(timeout=SOON)


async def test_a_visitors_first_minute_beside_another_demo_that_has_taken_the_usual_port(
    tmp_path: Path, pages: Pages
) -> None:
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n')
    browser.chmod(0o700)
    async with demo(browser=str(browser)) as (first, there), demo("--no-browser", browser=str(browser)) as (ours, here):
        assert here != there
        page = await pages.take(WIDE)
        await page.goto(here)
        you, rosa = phone_of(page, story.VISITOR), phone_of(page, story.REQUESTER)
        await earn_first_cents(you)
        await answer_on_a_page(page, you, rosa)
        await pages.give_back(page, WIDE)
        ended = [await end(process) for process in (ours, first)]
        assert ended == [(0, " ends it.\n\n\nThe demo has ended; nothing was kept.\n", "")] * 2
        assert opened.read_text().splitlines() == [there]
