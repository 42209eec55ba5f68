"""A local Telegram without flood control, a clock that can be turned, and a caller that speaks plain HTTP."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from simulator import Limits, Telegram, serve


@dataclass
class Clock:
    """Real time plus what a test has let pass."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Caller:
    """Calls Bot API methods the way any library could; answers are the whole JSON body."""

    session: aiohttp.ClientSession
    telegram: Telegram

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        url = f"{self.telegram.url}/bot{self.telegram.token}/{method}"
        async with self.session.post(url, json=params) as response:
            body: dict[str, Any] = await response.json()
            assert response.status == body.get("error_code", 200)
            return body

    async def result(self, method: str, **params: Any) -> Any:
        body = await self(method, **params)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        body = await self(method, **params)
        assert not body["ok"], body
        return str(body["description"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def telegram(clock: Clock) -> AsyncIterator[Telegram]:
    async with serve(limits=Limits.off(), clock=clock, webhook_pause=0.01) as running:
        yield running


@pytest.fixture
async def call(telegram: Telegram) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, telegram)


@pytest.fixture
async def alice(telegram: Telegram):
    phone = await telegram.phone("Alice", username="alice")
    await phone.say("/start")
    return phone
