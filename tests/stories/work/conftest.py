"""One browser for a module's tests of pages, and a town whose pages it reaches."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest_asyncio
from playwright.async_api import Browser

from faults.waiting import free_port
from tests.simulator.paged import a_browser
from tests.stories.town import Town, TownClock
from tests.stories.town import town as a_town
from tests.stories.work.touch import SMALL, Touch


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def touch(browser: Browser) -> AsyncIterator[Touch]:
    context = await browser.new_context(viewport=SMALL, has_touch=True)
    page = await context.new_page()
    found = Touch(page, await context.new_cdp_session(page))
    page.on("request", lambda request: found.asked.add(urlsplit(request.url).hostname or "blob"))
    yield found
    await context.close()
    assert found.asked <= {"127.0.0.1", "blob"}


@pytest_asyncio.fixture(loop_scope="module")
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    port = free_port()
    more = {"public_url": f"http://127.0.0.1:{port}", "http_port": port, "secrets_key": "the key of this house"}
    async with a_town(sqlite_url, clock=TownClock(0), **more) as home:  # the true time: Telegram and boto3 sign it
        yield home
