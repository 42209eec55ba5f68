"""The state a process keeps from start to stop, independent of its roles."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.cluster.election import Membership
from bot.delivery.rate_limit import PER_SECOND, REST
from bot.intake.person_queues import PersonQueues
from bot.intake.processing import Processing
from bot.profile import api_of
from bot.sweeps import SWEEPS, AnySweep
from bot.transport.requests import BotApi, NotSent, pause_of
from services.act import House
from services.projects import audience
from services.work import sweeps
from storage.boxes.inbox import Holder
from storage.boxes.receiving import Receiving
from storage.drivers.connection import Unavailable, error_name

log = logging.getLogger(__name__)


class RoleWork(Protocol):
    """One term: from gaining a role to losing it."""

    async def run(self) -> None:
        """Do the role's work until cancelled."""

    async def stop(self) -> None:
        """Ends the work in progress cleanly."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """The webhook's address and secret; without one updates are polled."""

    url: str
    secret: str


@dataclass(slots=True)
class Runtime:
    """Outlives the terms of roles; `works` holds the running ones by role, `queues` the updates that this process
    handles."""

    bot: Bot
    house: House
    processing: Processing
    per_second: int = PER_SECOND
    rest: float = REST
    sweeps: Sequence[AnySweep] = SWEEPS
    webhook: Webhook | None = None
    membership: Membership = field(init=False)
    queues: PersonQueues | None = None
    works: dict[str, RoleWork] = field(default_factory=dict)
    connecting: asyncio.Lock = field(default_factory=asyncio.Lock)
    connected: bool = False

    def __post_init__(self) -> None:
        self.membership = Membership(self.house.database, self.house.clock)

    @property
    def api(self) -> BotApi:
        return api_of(self.bot)

    def receiving(self, holder: Holder) -> Receiving:
        """`holder(person)` handles what comes of them."""
        house, home = self.house, self.membership.home
        return Receiving(house.database, house.clock, holder, home, lambda: self.queues)

    async def connect(self) -> None:
        """Calls getMe once, with retries. Then records downtime, before any deadline is checked, and that this process
        is there: it is at work where its database can be written to. Waits until it can."""
        async with self.connecting:
            if not self.connected:
                await until_done(self.bot.initialize)
                await _until_written(self._record)
                log.info("At work", extra={"bot": f"@{self.bot.username}"})
                self.connected = True

    async def _record(self) -> None:
        database, clock = self.house.database, self.house.clock
        await self.membership.beat()
        await database.transact(sweeps.note_downtime, clock())
        await database.transact(audience.name_bot, clock(), self.bot.username)


async def _until_written(record: Callable[[], Awaitable[None]]) -> None:
    """Tries every second while the database is away, or takes no writing; logs one line for all tries."""
    is_logged = False
    while True:
        try:
            await record()
            return
        except Unavailable as error:
            if not is_logged:
                log.warning("The database cannot be written to; trying again", extra={"reason": error_name(error)})
            is_logged = True
            await asyncio.sleep(1.0)


async def until_done(call: Callable[[], Awaitable[object]]) -> None:
    pause = 0.5
    while True:
        try:
            await call()
            return
        except InvalidToken:
            raise
        except TelegramError as error:
            cause = {"cause": error.message} if isinstance(error, NotSent) else {}  # the name of a class
            log.warning("Telegram does not answer; trying again", extra={"reason": type(error).__name__, **cause})
            await asyncio.sleep(max(pause, pause_of(error) if isinstance(error, RetryAfter) else 0.0))
            pause = min(15.0, pause * 2)
