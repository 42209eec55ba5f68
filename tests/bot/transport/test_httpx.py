"""The other transport tells the relay the same: what was surely not sent, and what may have been."""

import pytest
from telegram.error import RetryAfter, TimedOut

from bot.transport import request_of
from bot.transport.requests import BotApi, HttpxRequest, NotSent, OutcomeUnknown
from tests.bot.transport.unruly import exactly, hangs_up, never, sized, unruly


async def test_outcomes_are_told_apart():
    wait = b'{"ok":false,"parameters":{"retry_after":3}}'
    async with unruly() as server, request_of("httpx") as request:
        assert isinstance(request, HttpxRequest)
        api = BotApi(request, f"http://127.0.0.1:{server.port}/bot1:a")
        assert await api("sendMessage", number=1) == 1
        server.ways.extend([hangs_up, exactly(sized(wait, "429 Too Many Requests")), never])
        with pytest.raises(OutcomeUnknown):
            await api("sendMessage", number=2)
        with pytest.raises(RetryAfter):
            await api("sendMessage", number=3)
        with pytest.raises(TimedOut):
            await request.post(f"{api.base}/sendMessage", read_timeout=0.2)
        assert request.counts == {200: 1, 429: 1}
    async with HttpxRequest() as request:
        with pytest.raises(NotSent):
            await BotApi(request, api.base)("sendMessage", number=1)
