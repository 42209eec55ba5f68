"""Delivers updates to the bot's webhook: in order within a lane, again after a refusal, later each time."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, repeat

import aiohttp

from simulator.faults import Faults
from simulator.updating.updates import Update, Updates
from simulator.values import Clock, Json

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
ReplyHandler = Callable[[Json], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """The webhook as set by setWebhook."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str | None = None
    has_custom_certificate: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryFailure:
    """The last delivery that failed."""

    failed_at: int
    message: str


@dataclass(slots=True)
class UpdateLane:
    """Updates that must stay in order among themselves, and the task that sends them."""

    waiting: deque[Update] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


class WebhookDelivery:
    """The delivery side; `pause` is the first wait after a failure, doubled up to `longest`."""

    def __init__(
        self, updates: Updates, faults: Faults, clock: Clock, *, pause: float = 0.5, longest: float = 60.0
    ) -> None:
        self.updates = updates
        self.faults = faults
        self.clock = clock
        self.pause = pause
        self.longest = longest
        self.hook: WebhookSettings | None = None
        self.trouble: DeliveryFailure | None = None
        self.reply: ReplyHandler | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, hook: WebhookSettings) -> None:
        await self.stop()
        self.hook, self.trouble = hook, None
        self.updates.webhook_active = True
        self._task = asyncio.create_task(self._run(hook))

    async def stop(self) -> None:
        """End deliveries; updates not accepted stay in the queue."""
        self.hook, self.updates.webhook_active = None, False
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self, hook: WebhookSettings) -> None:
        lanes: dict[str, UpdateLane] = {}
        newest = 0
        connector = aiohttp.TCPConnector(limit=hook.max_connections)
        timeout = aiohttp.ClientTimeout(total=60)
        try:
            async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
                while True:
                    self.updates.arrived.clear()
                    for update in self.updates.since(newest):
                        newest = update.id
                        lane = lanes.setdefault(update.lane, UpdateLane())
                        lane.waiting.append(update)
                        if lane.task is None or lane.task.done():
                            lane.task = asyncio.create_task(self._empty(lane, hook, session))
                    await self.updates.arrived.wait()
        finally:
            for lane in lanes.values():
                if lane.task is not None:
                    lane.task.cancel()

    async def _empty(self, lane: UpdateLane, hook: WebhookSettings, session: aiohttp.ClientSession) -> None:
        """Send one lane's updates, each until it is accepted or too old."""
        while lane.waiting:
            self.updates.current(1)
            await self._insist(lane.waiting.popleft(), hook, session)

    async def _insist(self, update: Update, hook: WebhookSettings, session: aiohttp.ClientSession) -> None:
        pauses = chain((self.pause * 2**doubling for doubling in range(12)), repeat(self.longest))
        while update.id in self.updates.pending:
            if await self._deliver(update, hook, session):
                self.updates.pending.pop(update.id, None)
                break
            await asyncio.sleep(min(next(pauses), self.longest))
        for kind in ("duplicate", "replay"):
            for _ in range(self.faults.often(kind, "webhook")):
                await self._deliver(update, hook, session)

    async def _deliver(self, update: Update, hook: WebhookSettings, session: aiohttp.ClientSession) -> bool:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=update.body(), headers=headers) as response:
                if not response.ok:
                    self._fail(f"Wrong response from the webhook: {response.status} {response.reason}")
                    return False
                await self._obey(response)
                return True
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._fail(f"Connection failed: {type(error).__name__}")
            return False

    def _fail(self, message: str) -> None:
        self.trouble = DeliveryFailure(int(self.clock()), message)

    async def _obey(self, response: aiohttp.ClientResponse) -> None:
        """Run the call that a webhook may answer with: {"method": …, parameters}."""
        if self.reply is None or response.content_type != "application/json":
            return
        with suppress(ValueError):
            call = await response.json()
            if isinstance(call, dict) and "method" in call:
                await self.reply(call)

    def info(self) -> Json:
        """Return the Bot API's WebhookInfo."""
        hook = self.hook or WebhookSettings("")
        count = len(self.updates.current())
        fields: Json = {"url": hook.url, "has_custom_certificate": hook.has_custom_certificate}
        fields["pending_update_count"] = count
        if self.trouble is not None and self.hook is not None:
            fields |= {"last_error_date": self.trouble.failed_at, "last_error_message": self.trouble.message}
        if self.hook is not None:
            fields |= {"max_connections": hook.max_connections}
        if hook.ip_address:
            fields["ip_address"] = hook.ip_address
        if self.updates.allowed:
            fields["allowed_updates"] = list(self.updates.allowed)
        return fields
