"""What the tests of the page share: the smallest bot, a town of two, a browser and a way to open the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, ViewportSize, async_playwright, expect

from simulator import Limits, Telegram, serve
from tests import browser as chromium

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}
PLEASED, NOT_PLEASED = {"text": "Pleased", "callback_data": "yes"}, {"text": "Not pleased", "callback_data": "no"}
CHOICE = {"inline_keyboard": [[PLEASED, NOT_PLEASED]]}
AICHA, RUTH = 1, 2


@dataclass(slots=True)
class Bot:
    """The smallest bot: calls, and the updates in their order."""

    address: str
    session: aiohttp.ClientSession
    offset: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)

    async def call(self, method: str, **params: Any) -> Any:
        async with self.session.post(f"{self.address}/{method}", json=params) as response:
            body = await response.json()
        assert body["ok"], body
        return body["result"]

    async def say(self, person: int, text: str, **params: Any) -> int:
        return int((await self.call("sendMessage", chat_id=person, text=text, **params))["message_id"])

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next update of this kind; others are passed over."""
        while True:
            if not self.waiting:
                self.waiting = await self.call("getUpdates", offset=self.offset, timeout=5)
                assert self.waiting, f"no {kind} came"
            update = self.waiting.pop(0)
            self.offset = update["update_id"] + 1
            if kind in update:
                return dict(update[kind])


@dataclass(slots=True)
class Opener:
    """Opens the page on some phones and keeps what should not have happened there."""

    browser: Browser
    url: str
    contexts: list[BrowserContext] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    async def __call__(self, *people: int, size: ViewportSize = WIDE) -> Page:
        context = await self.browser.new_context(viewport=size, has_touch=size["width"] <= NARROW["width"])
        self.contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        await page.goto(f"{self.url}/#p={','.join(map(str, people))}" if people else self.url)
        await expect(page.locator(".row:visible, .phone:visible").first).to_be_visible()
        return page

    def _asked(self, url: str) -> None:
        if not url.startswith((self.url, "blob:", "data:")):
            self.problems.append(f"the page asked {url}")

    async def close(self) -> None:
        for context in self.contexts:
            await context.close()
        assert self.problems == []


def phone_of(page: Page, person: int) -> Locator:
    return page.locator(f'.phone[data-person="{person}"]')


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """A headless Chromium, or the test is skipped with what to install."""
    path = chromium.find()
    if path is None:
        pytest.skip(chromium.MISSING)
    expect.set_options(timeout=5_000)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        yield started
        await started.close()


@asynccontextmanager
async def a_town() -> AsyncIterator[Telegram]:
    """With Aïcha, a worker, and Ruth, a requester; both have pressed start."""
    async with serve(limits=Limits.off()) as running:
        for person, name, role in ((AICHA, "Aïcha", "worker"), (RUTH, "Ruth", "requester")):
            phone = await running.phone(name, id=person, role=role)
            await phone.say("/start")
        yield running
