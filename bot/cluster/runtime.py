"""The state a process keeps from start to stop, independent of its roles."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.cluster.election import Membership
from bot.delivery.attachments import FileDownloads
from bot.delivery.rate_limit import PER_SECOND, REST
from bot.intake.person_queues import PersonQueues
from bot.intake.processing import Processing
from bot.profile import api_of
from bot.sweeps import SWEEPS, AnySweep
from bot.transport.requests import BotApi, NotSent, pause_of
from domain.people.bots import FIRST_BOT, FIRST_BOT_NAME
from services.act import House
from services.people import bots
from services.work import sweeps
from storage.boxes.inbox import Holder
from storage.boxes.receiving import Receiving
from storage.drivers.connection import Unavailable, error_name
from web.door import WebhookResponses

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

    def url_of(self, bot: "ServedBot") -> str:
        """Return the address to which Telegram sends the updates of a bot."""
        return self.url if bot.number == FIRST_BOT else f"{self.url.rstrip('/')}/{bot.name}"


@dataclass(slots=True)
class ServedBot:
    """One of the bots of this process. `is_refused`: Telegram does not accept its token; the others go on."""

    number: int
    name: str
    bot: Bot
    is_connected: bool = False
    is_refused: bool = False
    connecting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def api(self) -> BotApi:
        return api_of(self.bot)

    def key(self, role: str) -> str:
        """Return the name of the bot's role: of its lease, and among the works of a process."""
        return role if self.number == FIRST_BOT else f"{role}:{self.name}"


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
    others: Sequence[ServedBot] = ()
    bots: tuple[ServedBot, ...] = field(init=False)
    relays: frozenset[str] = frozenset()
    responses: WebhookResponses = field(default_factory=WebhookResponses)

    def __post_init__(self) -> None:
        self.membership = Membership(self.house.database, self.house.clock)
        self.bots = (ServedBot(FIRST_BOT, FIRST_BOT_NAME, self.bot), *self.others)

    @property
    def api(self) -> BotApi:
        return api_of(self.bot)

    def receiving(self, holder: Holder, bot: int = FIRST_BOT) -> Receiving:
        """`holder(person)` handles what comes of them to the bot."""
        house, home = self.house, self.membership.home
        return Receiving(house.database, house.clock, holder, home, lambda: self.queues, bot)

    def downloads(self, api: BotApi, bot: ServedBot) -> FileDownloads:
        """Return the downloads of files of all bots; `api` is that of `bot`, the others' is not bound to a lease."""
        first, *further = self.bots
        others = {each.number: FileDownloads(each.api, each.bot.base_file_url) for each in further}
        return FileDownloads(api if bot is first else first.api, first.bot.base_file_url, others)

    async def connect(self, bot: ServedBot) -> None:
        """Calls getMe once, with retries. Then records downtime, before any deadline is checked, and that this process
        is there: it is at work where its database can be written to. Waits until it can. Raises InvalidToken."""
        async with bot.connecting:
            if not bot.is_connected:
                await until_done(bot.bot.initialize)
                await _until_written(partial(self._record, bot))
                log.info("At work", extra={"bot": f"@{bot.bot.username}"})
                bot.is_connected = True

    async def connect_any(self) -> None:
        """Connects the bots until one of them is at work. Raises InvalidToken if none can be."""
        connecting = {asyncio.create_task(self.connect(bot)) for bot in self.bots}
        try:
            while True:
                ended, connecting = await asyncio.wait(connecting, return_when=asyncio.FIRST_COMPLETED)
                if any(task.exception() is None for task in ended):
                    return
                if not connecting:
                    await next(iter(ended))
        finally:
            for task in connecting:
                task.cancel()

    async def _record(self, bot: ServedBot) -> None:
        database, clock = self.house.database, self.house.clock
        await self.membership.beat()
        await database.transact(sweeps.note_downtime, clock())
        await database.transact(bots.note_accepted, clock(), bot.number, bot.bot.username)

    def outlives(self, bot: ServedBot) -> bool:
        """Return whether another bot goes on where Telegram refuses this one's token."""
        return any(not other.is_refused for other in self.bots if other is not bot)

    async def stop_bot(self, bot: ServedBot) -> None:
        """Note, once, that Telegram refuses the bot's token; its roles here have ended."""
        if not bot.is_refused:
            bot.is_refused = True
            log.error("Telegram refuses a bot's token; the other bots go on", extra={"bot": bot.name})
            await _until_written(
                lambda: self.house.database.transact(bots.note_refused, self.house.clock(), bot.number)
            )

    def announce_letters(self, relay: str, is_here: bool) -> None:
        """Note that a bot's relay begins or ends here. Letters are announced to other processes unless all relays are
        here."""
        self.relays = self.relays | {relay} if is_here else self.relays - {relay}
        published = self.house.database.published
        if len(self.relays) == len(self.bots):
            published.discard("outbox")
        else:
            published.add("outbox")


async def _until_written(record: Callable[[], Awaitable[object]]) -> None:
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
