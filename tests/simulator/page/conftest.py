"""For each test a town, a bot and a way to open pages."""

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio

from simulator import Telegram
from tests.simulator.paged import Bot, Opener, Pages, a_town


@pytest_asyncio.fixture(loop_scope="session")
async def telegram() -> AsyncIterator[Telegram]:
    async with a_town() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def bot(telegram: Telegram) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as session:
        yield Bot(f"{telegram.url}/bot{telegram.token}", session)


@pytest_asyncio.fixture(loop_scope="session")
async def opened(pages: Pages, telegram: Telegram) -> AsyncIterator[Opener]:
    """Opens pages; afterwards nothing has failed in them, and they asked nobody outside."""
    opener = Opener(pages, telegram.url)
    yield opener
    await opener.close()
