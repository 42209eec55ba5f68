"""The roles of a process: every process handles updates; relay, scheduler and receiver have one process at a time
each."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram.error import BadRequest

from bot import profile
from bot.cluster.election import HOUSE, Leading
from bot.cluster.runtime import Crew, until_done
from bot.delivery.attempts import Sending
from bot.delivery.downloads import Downloads
from bot.delivery.rate_limit import SendRate
from bot.delivery.receipts import Aftermath
from bot.delivery.relay import Relay
from bot.delivery.telegram_calls import Showing
from bot.intake.person_queues import Lanes
from bot.intake.polling import ALLOWED, Receiving
from bot.settings import BadSetting
from bot.sweeps import Sweeping
from bot.transport import BotApi, NotSent
from formats.writing import FILES
from handlers.screens.screen import render
from jobs import media_exports
from jobs.file_makers import MAKERS
from jobs.made_files import Maker
from services.work import sweeps, undelivered

PATIENCE = 1.5  # seconds for calls in progress after a stop is requested

log = logging.getLogger(__name__)


class RolePart:
    """One role's work; `leading` is None where every process does it."""

    role = ""

    def __init__(self, crew: Crew, leading: Leading | None) -> None:
        self.crew, self.leading = crew, leading
        self.prepare()

    def prepare(self) -> None:
        """Builds the role's objects; nothing starts yet."""

    def api(self) -> BotApi:
        """Telegram, as long as the role is here."""
        api = self.crew.api
        return Gated(api.request, api.base, partial(_leads, self.leading))

    async def run(self) -> None:
        raise NotImplementedError

    async def stop(self) -> None:
        """After `run` was cancelled: ends cleanly."""


class Handler(RolePart):
    """The inbox → the handlers."""

    role = "handler"

    def prepare(self) -> None:
        crew, presence = self.crew, self.crew.presence
        self.lanes = Lanes(crew.house.database, crew.handling, crew.house.clock, presence.holder)

    async def run(self) -> None:
        await self.crew.greet()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.crew.presence.run())
            group.create_task(self.lanes.run())

    async def stop(self) -> None:
        await self.lanes.stop(PATIENCE)
        await self.crew.presence.leave()


class Carrier(RolePart):
    """The outbox → Telegram."""

    role = "relay"

    def prepare(self) -> None:
        crew, house, database = self.crew, self.crew.house, self.crew.house.database
        pace = SendRate(crew.per_second, crew.rest)
        showing = Showing(self.api(), database, self._makers(), house.clock, pace.charge)
        sending = Sending(showing, render, house.clock)
        after = Aftermath(sweeps.lost_contact, partial(undelivered.failed, admins=house.admins))
        self.relay = Relay(database, sending, after, house.clock, pace)

    def _makers(self) -> Mapping[str, Maker]:
        """File makers, with those that download from Telegram."""
        fetch = Downloads(self.api(), self.crew.bot.base_file_url)
        return {**MAKERS, FILES: partial(media_exports.zipped, fetch)}

    async def run(self) -> None:
        """Runs the handler; new letters wake the relay of this process, or of another one by notification."""
        await self.crew.greet()
        told = self.crew.house.database.told
        told.discard("outbox")
        try:
            await self.relay.run()
        finally:
            told.add("outbox")

    async def stop(self) -> None:
        await self.relay.stop(PATIENCE)


class Scheduler(RolePart):
    """The sweeps; their transactions fail once another process has the role."""

    role = "scheduler"

    def prepare(self) -> None:
        house, leading = self.crew.house, self.leading
        database = house.database.fenced(leading.fence) if leading else house.database
        self.sweeping = Sweeping(database, self.crew.sweeps, house.clock)

    async def run(self) -> None:
        await self.crew.greet()
        await self.sweeping.run()


class Receiver(RolePart):
    """Sets the webhook, or polls."""

    role = "receiver"

    def prepare(self) -> None:
        crew, house = self.crew, self.crew.house
        self.receiving = Receiving(self.api(), house.database, house.clock, crew.presence.share)

    async def run(self) -> None:
        await self.crew.greet()
        await until_done(self._choose_way)
        await profile.offer(self.crew.bot, self.crew.house)
        if self.crew.webhook is None:
            await self.receiving.run()
        else:
            await asyncio.Event().wait()

    async def _choose_way(self) -> None:
        bot, webhook = self.crew.bot, self.crew.webhook
        if webhook is None:
            await bot.delete_webhook(drop_pending_updates=False)
            return
        try:
            await bot.set_webhook(
                webhook.url, secret_token=webhook.secret, allowed_updates=ALLOWED, drop_pending_updates=False
            )
        except BadRequest:
            raise BadSetting("WEBHOOK_URL: expected an address Telegram accepts; it refused this one") from None


@dataclass(frozen=True, slots=True)
class Gated(BotApi):
    """Telegram cannot tell a deposed leader from its successor: each call first checks that its own lease still
    holds."""

    may_call: Callable[[], bool] = bool

    async def __call__(
        self, method: str, files: Mapping[str, tuple[str, Any, str]] | None = None, wait: float = 0, **values: Any
    ) -> Any:
        if not self.may_call():
            raise NotSent("the lease is lost")
        return await BotApi.__call__(self, method, files, wait, **values)


def _leads(leading: Leading | None) -> bool:
    return leading is None or leading.leads


def duties(one_process: bool) -> dict[str, tuple[type[RolePart], ...]]:
    """Role → the work done while it is held; "" is done by every process. On SQLite one process is active at a time."""
    if one_process:
        return {HOUSE: (Handler, Carrier, Scheduler, Receiver)}
    return {"": (Handler,), **{part.role: (part,) for part in (Carrier, Scheduler, Receiver)}}
