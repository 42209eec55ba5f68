"""A finger on a page, and a town whose pages it reaches."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest_asyncio

from faults.waiting import free_port
from tests.simulator.paged import Pages
from tests.stories.town import Town, TownClock
from tests.stories.town import town as a_town
from tests.stories.work.touch import SMALL, Touch


@pytest_asyncio.fixture(loop_scope="session")
async def touch(pages: Pages) -> AsyncIterator[Touch]:
    page = await pages.take(SMALL)
    found = Touch(page, await page.context.new_cdp_session(page))
    page.on("request", found.notes)
    yield found
    page.remove_listener("request", found.notes)
    await found.forget()
    await pages.give_back(page, SMALL)
    assert {urlsplit(origin).hostname for origin in found.asked} <= {"127.0.0.1"}


@pytest_asyncio.fixture(loop_scope="session")
async def town(sqlite_url: str) -> AsyncIterator[Town]:
    port = free_port()
    more = {"public_url": f"http://127.0.0.1:{port}", "http_port": port, "secrets_key": "the key of this house"}
    async with a_town(sqlite_url, clock=TownClock(0), **more) as home:  # the true time: Telegram and boto3 sign it
        yield home
