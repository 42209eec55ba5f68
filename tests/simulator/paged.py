"""What the tests of the page share: the smallest bot, a town of two, a browser and a way to open the page."""

import os
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Error, Locator, Page, Request, ViewportSize, async_playwright, expect

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
class Pages:
    """Pages that serve one test after the other, each in a context of its own: a new one costs a process. Every test's
    town has an address of its own, and with it what pages store."""

    browser: Browser
    idle: defaultdict[tuple[int, int], list[Page]] = field(default_factory=lambda: defaultdict(list))

    async def take(self, size: ViewportSize) -> Page:
        """Blank; one as narrow as a phone is touched."""
        if kept := self.idle[size["width"], size["height"]]:
            return kept.pop()
        context = await self.browser.new_context(viewport=size, has_touch=size["width"] <= NARROW["width"])
        return await context.new_page()

    async def give_back(self, page: Page, size: ViewportSize) -> None:
        """Unset is what tests set."""
        try:
            await page.goto("about:blank")
            await page.unroute_all(behavior="ignoreErrors")
            await page.emulate_media(reduced_motion="null")
            await page.set_viewport_size(size)
            await page.context.clear_permissions()
            await page.context.set_geolocation(None)
        except Error:  # it does not answer
            with suppress(Error):
                await page.context.close()
        else:
            self.idle[size["width"], size["height"]].append(page)


@dataclass  # without slots: Playwright notes its own at the owner of a method that listens
class Opener:
    """Opens the page on some phones and keeps what should not have happened there."""

    pages: Pages
    url: str
    opened: list[tuple[Page, ViewportSize]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    async def __call__(self, *people: int, size: ViewportSize = WIDE) -> Page:
        page = await self.pages.take(size)
        self.opened.append((page, size))
        page.on("pageerror", self._failed)
        page.on("request", self._asked)
        await page.goto(f"{self.url}/#p={','.join(map(str, people))}" if people else self.url)
        await expect(page.locator(".row:visible, .phone:visible").first).to_be_visible()
        return page

    def _failed(self, error: Error) -> None:
        self.problems.append(str(error))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, "blob:", "data:")):
            self.problems.append(f"the page asked {request.url}")

    async def close(self) -> None:
        for page, size in self.opened:
            await page.wait_for_timeout(0)  # what it has told of is here
            page.remove_listener("pageerror", self._failed)
            page.remove_listener("request", self._asked)
            await self.pages.give_back(page, size)
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
        real_clock = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}  # else it hangs
        started = await playwright.chromium.launch(executable_path=path, args=chromium.arguments(), env=real_clock)
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
