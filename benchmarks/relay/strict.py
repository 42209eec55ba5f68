"""A Telegram that counts: no second, wherever it begins, holds more messages than 30, none two to one chat."""

import asyncio
import math
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import ClientSession, TCPConnector, web

from benchmarks.pipeline.standin import ASKED
from web.webhook import HEADER

TOKEN = "1000001:strict"
PER_SECOND = 30
JSON = "application/json"
METERED = ("send", "editMessage")  # Telegram may count an edit like a message
DELIVERIES = 40  # updates that Telegram delivers to a webhook at the same time


@dataclass(slots=True)
class Strict:
    """`sent` are the times messages were taken at; `refused` counts 429. Calls arrive up to `jitter` seconds late."""

    jitter: float = 0.0
    sent: list[float] = field(default_factory=list)
    refused: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    updates: deque[dict[str, Any]] = field(default_factory=deque)
    shown: Callable[[int, dict[str, Any]], None] = lambda chat, values: None
    _window: deque[float] = field(default_factory=deque)
    _chats: dict[int, float] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _dice: random.Random = field(default_factory=lambda: random.Random(0))
    _hook: dict[str, Any] = field(default_factory=dict)
    _deliveries: set[asyncio.Task[None]] = field(default_factory=set)
    _session: ClientSession | None = None

    def put(self, kind: str, content: dict[str, Any]) -> None:
        update = {"update_id": self.calls.setdefault("updates", 0) + 1, kind: content}
        self.calls["updates"] += 1
        if self._hook:
            task = asyncio.create_task(self._deliver(update))
            self._deliveries.add(task)
            task.add_done_callback(self._deliveries.discard)
        else:
            self.updates.append(update)
            self._news.set()

    async def _deliver(self, update: dict[str, Any]) -> None:
        """Deliver an update to the webhook until it is accepted, and make the call that the response carries."""
        self._session = self._session or ClientSession(connector=TCPConnector(limit=DELIVERIES))
        headers = {HEADER: str(self._hook.get("secret_token", ""))}
        while True:
            async with self._session.post(str(self._hook["url"]), json=update, headers=headers) as response:
                call = orjson.loads(await response.read() or b"{}")
                if response.status == 200:
                    break
            await asyncio.sleep(0.5)
        if call:
            name = f"{call['method']} in a response"
            self.calls[name] = self.calls.get(name, 0) + 1

    async def close(self) -> None:
        """Drop the deliveries that are under way."""
        for task in self._deliveries:
            task.cancel()
        if self._session is not None:
            await self._session.close()

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        is_json = request.content_type == JSON
        values = orjson.loads(await request.read()) if is_json else dict(await request.post())  # a form brings a file
        self.calls[method] = self.calls.get(method, 0) + 1
        if method == "setWebhook":
            self._hook = values
        if method == "getUpdates":
            return _ok(await self._poll(int(str(values.get("offset", 0)))))
        if not method.startswith(METERED):
            return _ok(ASKED.get(method, True))
        if self.jitter:
            await asyncio.sleep(self._dice.uniform(0, self.jitter))
        media = values.get("media")  # of an album: a list, which stands as a text in a form
        album = len(orjson.loads(media) if isinstance(media, str) else media) if media else None
        return self._take(int(str(values["chat_id"])), values, album)

    def _take(self, chat: int, values: dict[str, Any], album: int | None) -> web.Response:
        """One message, or as many in a list as an album has."""
        now = time.monotonic()
        while self._window and self._window[0] <= now - 1:
            self._window.popleft()
        wait = self._chats.get(chat, 0.0) + 1 - now
        if len(self._window) >= PER_SECOND:
            wait = max(wait, self._window[0] + 1 - now)
        if wait > 0:
            self.refused += 1
            return _too_many(math.ceil(wait))
        self._window.append(now)
        self._chats[chat] = now
        self.sent.append(now)
        self.shown(chat, values)
        message = {"message_id": len(self.sent), "date": 1_800_000_000, "chat": {"id": chat, "type": "private"}}
        shown = {**message, "text": "…"}
        return _ok(shown if album is None else [shown] * album)

    async def _poll(self, offset: int) -> list[dict[str, Any]]:
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
        if not self.updates:
            self._news.clear()
            await asyncio.wait([asyncio.create_task(self._news.wait())], timeout=10)
        return list(self.updates)[:100]


def _ok(result: Any) -> web.Response:
    return web.Response(body=orjson.dumps({"ok": True, "result": result}), content_type="application/json")


def _too_many(seconds: int) -> web.Response:
    said = f"Too Many Requests: retry after {seconds}"
    body = {"ok": False, "error_code": 429, "description": said, "parameters": {"retry_after": seconds}}
    return web.Response(status=429, body=orjson.dumps(body), content_type="application/json")


def token_of(place: int) -> str:
    """The token of the first bot, 0, or of a further one."""
    return TOKEN if not place else f"{1_000_001 + place}:strict"


async def listening(strict: Strict, *others: Strict) -> tuple[web.AppRunner, str]:
    """Serve one bot, and further ones by their tokens; the address."""
    by_token = {token_of(place): each for place, each in enumerate((strict, *others))}

    async def answer(request: web.Request) -> web.Response:
        return await by_token[request.match_info["token"]].answer(request)

    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"
