"""One browser for a module's tests; for each a town, a bot and a way to open pages."""

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio
from playwright.async_api import Browser

from simulator import Telegram
from tests.simulator.paged import Bot, Opener, a_browser, a_town


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def telegram() -> AsyncIterator[Telegram]:
    async with a_town() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def bot(telegram: Telegram) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as session:
        yield Bot(f"{telegram.url}/bot{telegram.token}", session)


@pytest_asyncio.fixture(loop_scope="module")
async def opened(browser: Browser, telegram: Telegram) -> AsyncIterator[Opener]:
    """Opens pages; afterwards nothing has failed in them, and they asked nobody outside."""
    opener = Opener(browser, telegram.url)
    yield opener
    await opener.close()
