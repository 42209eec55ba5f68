"""What the one process that holds the lease does: receive, handle, relay, sweep."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.application import Bot, api_of
from bot.handling import Handling
from bot.lanes import Lanes
from bot.pacing import PER_SECOND, REST, Pace
from bot.receiving import ALLOWED, Receiving, TokenRefused
from bot.relay import Relay
from bot.request import AiohttpRequest
from bot.schedule import SWEEPS, Job, Sweep
from bot.sending import Sending, Verdict
from bot.settings import BadSetting
from bot.showing import Showing
from bot.sweeping import Sweeping
from handlers import menus
from handlers.context import House
from handlers.screens.screen import render
from services import upkeep
from services.makers import MAKERS

PATIENCE = 1.5  # seconds for what is under way when told to stop

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram is told to bring updates; without one they are fetched."""

    url: str
    secret: str


@dataclass(slots=True)
class Acting:
    """One term: from gaining the lease to losing it."""

    application: Bot
    house: House
    handling: Handling
    webhook: Webhook | None
    pace: Pace
    sweeps: Sequence[Sweep | Job] = SWEEPS
    receiving: Receiving = field(init=False)
    lanes: Lanes = field(init=False)
    relay: Relay = field(init=False)
    sweeping: Sweeping = field(init=False)

    def __post_init__(self) -> None:
        database, clock, api = self.house.database, self.house.clock, api_of(self.application)
        showing = Showing(api, database, MAKERS, clock)
        self.receiving = Receiving(api, database, clock)
        self.lanes = Lanes(database, self.handling, clock)
        self.relay = Relay(database, Sending(showing, render, clock), upkeep.lost_contact, clock, self.pace)
        self.sweeping = Sweeping(database, self.sweeps, clock)

    async def run(self) -> None:
        """Acts until cancelled, then ends cleanly; raises TokenRefused."""
        try:
            await self._greet()
            self.sweeping.start()
            async with asyncio.TaskGroup() as group:
                group.create_task(self.lanes.run())
                group.create_task(self.relay.run())
                if self.webhook is None:
                    group.create_task(self.receiving.run())
        except InvalidToken:
            raise TokenRefused from None
        except ExceptionGroup as group:
            raise (TokenRefused() if group.subgroup(TokenRefused) else group) from None
        finally:
            await self._stop()

    async def _stop(self) -> None:
        self.sweeping.stop()
        await self.lanes.stop(PATIENCE)
        await self.relay.stop(PATIENCE)

    async def _greet(self) -> None:
        """Makes itself known to Telegram, however long that takes to answer."""
        await _until_done(self.application.initialize)
        await _until_done(self._choose_way)
        await self._offer_menus()
        log.info("At work as @%s", self.application.bot.username)

    async def _offer_menus(self) -> None:
        """The menu of those who have not pressed start; work begins without it where Telegram refuses."""
        for language, menu in menus.newcomers(self.house.default_language).items():
            try:
                await self.application.bot.set_my_commands(list(menu), language_code=language or None)
            except TelegramError as error:
                log.warning("Command menu not set: %s", type(error).__name__)

    async def _choose_way(self) -> None:
        if self.webhook is None:
            await self.application.bot.delete_webhook(drop_pending_updates=False)
            return
        try:
            await self.application.bot.set_webhook(
                self.webhook.url, secret_token=self.webhook.secret, allowed_updates=ALLOWED, drop_pending_updates=False
            )
        except BadRequest:
            raise BadSetting("WEBHOOK_URL: expected an address Telegram accepts; it refused this one") from None


@dataclass(slots=True)
class Crew:
    """What outlives a term: the application, and the counts of what was done."""

    application: Bot
    house: House
    handling: Handling
    per_second: int = PER_SECOND
    rest: float = REST
    sweeps: Sequence[Sweep | Job] = SWEEPS
    webhook: Webhook | None = None
    acting: Acting | None = None

    async def act(self) -> None:
        pace = Pace(self.per_second, self.rest)
        self.acting = Acting(self.application, self.house, self.handling, self.webhook, pace, self.sweeps)
        try:
            await self.acting.run()
        finally:
            self.acting = None

    def figures(self) -> dict[str, float]:
        """For /metrics."""
        figures: dict[str, float] = {"pouce_leading": int(self.acting is not None)}
        figures["pouce_database_commits_total"] = self.house.database.commits
        for outcome, count in self.handling.counts.items():
            figures[f'pouce_updates_total{{outcome="{outcome}"}}'] = count
        for status, count in self._responses().items():
            figures[f'pouce_telegram_responses_total{{status="{status}"}}'] = count
        if self.acting is not None:
            figures["pouce_updates_in_memory"] = len(self.acting.lanes.known)
            figures["pouce_letters_on_their_way"] = len(self.acting.relay.calls)
            for verdict in Verdict:
                figures[f'pouce_letters_total{{outcome="{verdict.value}"}}'] = self.acting.relay.counts[verdict.value]
            for sweep, count in self.acting.sweeping.failures.items():
                figures[f'pouce_sweep_failures_total{{sweep="{sweep}"}}'] = count
        return figures

    def _responses(self) -> dict[int, int]:
        """What Telegram answered, by status; the two that are watched are there from the start."""
        request = self.application.bot.request
        return {200: 0, 429: 0, **request.counts} if isinstance(request, AiohttpRequest) else {}


async def _until_done(call: Callable[[], Awaitable[object]]) -> None:
    pause = 0.5
    while True:
        try:
            await call()
            return
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram does not answer (%s); trying on", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(15.0, pause * 2)
