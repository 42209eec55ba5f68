"""`home` is a town on SQLite; `anywhere` the same story on each database.

One or two stories a file go anywhere, and whatever moves money: the services and statements below a story are tested on
both databases one by one."""

from collections.abc import AsyncIterator

import pytest

from tests.stories.town import Town, town


@pytest.fixture
async def home(sqlite_url: str) -> AsyncIterator[Town]:
    async with town(sqlite_url) as here:
        yield here


@pytest.fixture
async def anywhere(database_url: str) -> AsyncIterator[Town]:
    async with town(database_url) as here:
        yield here
