"""Updates by webhook: with the secret, again until accepted, in order within a chat."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from simulator.updating.webhook import SECRET_HEADER


@dataclass
class Receiver:
    """A bot's webhook that notes what it gets and answers with the statuses it was given, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    refuses: str = ""
    reply: dict[str, Any] | None = None
    pressed: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get(SECRET_HEADER))
        self.arrived.set()
        status = self.statuses.pop(0) if self.statuses else 200
        if self.refuses in self.bodies[-1]:
            status = 500
        if "callback_query" in self.bodies[-1]:
            self.pressed.set()
        return web.json_response(self.reply, status=status) if self.reply else web.Response(status=status)

    async def until(self, count: int) -> list[Any]:
        async with asyncio.timeout(30):
            while len(self.bodies) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return [body.get("message", body.get("callback_query", {})).get("text", "press") for body in self.bodies]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_arrive_with_the_secret(call, alice, receiver):
    assert (await call("setWebhook", url=receiver.url, secret_token="s-1"))["description"] == "Webhook was set"
    await alice.say("hello")
    assert await receiver.until(2) == ["/start", "hello"]
    assert receiver.secrets == ["s-1", "s-1"]
    assert (await call.result("getWebhookInfo"))["pending_update_count"] == 0


async def test_a_refused_update_comes_again_before_the_next(call, alice, receiver):
    receiver.statuses = [500, 500, 200, 200]
    await alice.say("hello")
    await call.result("setWebhook", url=receiver.url)
    assert await receiver.until(4) == ["/start", "/start", "/start", "hello"]
    info = await call.result("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


async def test_a_press_does_not_wait_for_a_refused_message(call, alice, receiver):
    receiver.refuses = "message"
    await call.result("setWebhook", url=receiver.url)
    await receiver.until(1)
    await alice.press_data("x", 1)
    async with asyncio.timeout(30):
        await receiver.pressed.wait()
    assert (await call.result("getWebhookInfo"))["pending_update_count"] == 1


async def test_polling_is_refused_while_the_webhook_is_set(call, receiver):
    await call.result("setWebhook", url=receiver.url)
    assert "can't use getUpdates method while webhook is active" in await call.refusal("getUpdates")
    assert (await call("deleteWebhook"))["description"] == "Webhook was deleted"
    assert await call.result("getUpdates") == []


async def test_pending_updates_survive_the_change_to_polling(call, alice):
    await call.result("setWebhook", url="http://127.0.0.1:9/nobody")
    await call.result("deleteWebhook")
    assert len(await call.result("getUpdates")) == 1
    await call.result("deleteWebhook", drop_pending_updates=True)
    assert await call.result("getUpdates") == []


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org/", "secret_token": "é"}, "secret token contains unallowed characters"),
    ],
)
async def test_bad_webhooks_are_refused(call, params, words):
    assert await call.refusal("setWebhook", **params) == f"Bad Request: {words}"


async def test_an_answer_to_the_webhook_may_be_a_call(call, alice, receiver):
    receiver.reply = {"method": "sendMessage", "chat_id": alice.id, "text": "by webhook"}
    await call.result("setWebhook", url=receiver.url)
    assert (await alice.wait_for("by webhook"))["from"]["is_bot"]


async def test_an_update_can_be_delivered_twice(telegram, call, alice, receiver):
    telegram.faults.add("duplicate", "webhook", count=1)
    await call.result("setWebhook", url=receiver.url)
    await receiver.until(2)
    assert receiver.bodies[0] == receiver.bodies[1]
