"""The roles of a process: every process handles updates; relay, scheduler and receiver have one process at a time
each."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, InvalidToken

from bot import profile
from bot.cluster.election import HOUSE, Leadership
from bot.cluster.runtime import Runtime, ServedBot, until_done
from bot.delivery.attachments import FileDownloads
from bot.delivery.attempts import Attempts, FailureServices
from bot.delivery.rate_limit import SendRate
from bot.delivery.relay import Relay
from bot.delivery.telegram_calls import TelegramCalls
from bot.intake.person_queues import PersonQueues
from bot.intake.polling import ALLOWED, Polling
from bot.settings import NotReady
from bot.sweeps import SweepRunner
from bot.transport.requests import BotApi, NotSent, is_unknown_method
from domain.people.bots import FIRST_BOT
from formats.writing import FILES
from handlers.screen import render
from jobs import exports, personal_data
from jobs.fetching import make_fetcher
from jobs.figures import Maker
from jobs.file_makers import MAKERS
from services.work import sweeps, undelivered

FETCH = 20.0  # seconds for a medium that Telegram can't fetch
PATIENCE = 1.0  # seconds for calls in progress after a stop is requested, and for writing down their outcomes

log = logging.getLogger(__name__)


class Role:
    """One role's work; `leadership` is None where every process does it, `bot` where it is for all bots."""

    role = ""

    def __init__(self, runtime: Runtime, leadership: Leadership | None, bot: ServedBot | None = None) -> None:
        self.runtime, self.leadership, self.bot = runtime, leadership, bot
        self.key = bot.key(self.role) if bot else self.role
        self.prepare()

    @property
    def own_bot(self) -> ServedBot:
        """The bot that the role is for, the first unless one was named."""
        return self.bot or self.runtime.bots[0]

    def prepare(self) -> None:
        """Builds the role's objects; nothing starts yet."""

    def api(self) -> BotApi:
        """Telegram, as long as the role is here."""
        api = self.own_bot.api
        return LeaseCheckedApi(api.request, api.base, partial(_leads, self.leadership))

    async def run(self) -> None:
        raise NotImplementedError

    async def stop(self) -> None:
        """End cleanly after `run` was cancelled."""


class HandlerRole(Role):
    """The inbox → the handlers."""

    role = "handler"

    def prepare(self) -> None:
        runtime, membership = self.runtime, self.runtime.membership
        self.queues = PersonQueues(
            runtime.house.database,
            runtime.processing,
            runtime.house.clock,
            membership.holder,
            [bot.number for bot in runtime.bots],
        )
        runtime.queues = self.queues

    async def run(self) -> None:
        await self.runtime.connect_any()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.runtime.membership.run())
            group.create_task(self.queues.run())

    async def stop(self) -> None:
        self.runtime.queues = None
        await self.queues.stop(PATIENCE)
        await self.runtime.membership.leave()


class RelayRole(Role):
    """A bot's letters of the outbox → Telegram."""

    role = "relay"

    def prepare(self) -> None:
        runtime, house, database = self.runtime, self.runtime.house, self.runtime.house.database
        pace = SendRate(runtime.per_second, runtime.rest)
        fetch = replace(make_fetcher(house.private_destinations), seconds=FETCH)
        download = self.runtime.downloads(self.api(), self.own_bot)
        makers = self._makers(download)
        calls = TelegramCalls(
            self.api(),
            database,
            makers,
            house.clock,
            pace.charge_messages,
            fetch=fetch,
            pages=house.pages,
            download=download,
            bot=self.own_bot.number,
            provider_token=house.cards.token if self.own_bot.number == FIRST_BOT else "",
        )
        attempts = Attempts(calls, render, house.clock)
        after = FailureServices(
            sweeps.mark_unreachable,
            partial(undelivered.handle_refused_letter, admins=house.admins),
            partial(undelivered.tell_file_waits, admins=house.admins),
        )
        self.relay = Relay(database, attempts, after, house.clock, pace, busy=self._is_busy, bot=self.own_bot.number)

    def _is_busy(self, chat: int) -> bool:
        """Return whether this process is answering the person of a chat."""
        queues = self.runtime.queues
        return queues is not None and queues.has(chat)

    def _makers(self, fetch: FileDownloads) -> Mapping[str, Maker]:
        """File makers, with those that download from Telegram."""
        opened = partial(personal_data.make_mydata_file, encryption=self.runtime.house.encryption)
        return {**MAKERS, FILES: partial(exports.make_answer_files_zip, fetch), "mydata": opened}

    async def run(self) -> None:
        """Runs the handler; new letters wake the relay of this process, or of another one by notification."""
        await self.runtime.connect(self.own_bot)
        self.runtime.announce_letters(self.key, is_here=True)
        try:
            await self.relay.run()
        finally:
            self.runtime.announce_letters(self.key, is_here=False)

    async def stop(self) -> None:
        await self.relay.stop(PATIENCE)


class SchedulerRole(Role):
    """The sweeps; their transactions fail once another process has the role."""

    role = "scheduler"

    def prepare(self) -> None:
        house, leadership = self.runtime.house, self.leadership
        database = house.database.fenced(leadership.fence) if leadership else house.database
        self.sweeping = SweepRunner(database, self.runtime.sweeps, house.clock, house.admins)

    async def run(self) -> None:
        await self.runtime.connect_any()
        await self.sweeping.run()


class ReceiverRole(Role):
    """Sets a bot's webhook, or polls."""

    role = "receiver"

    def prepare(self) -> None:
        receiving = self.runtime.receiving(self.runtime.membership.share, self.own_bot.number)
        self.polling = Polling(self.api(), receiving)

    async def run(self) -> None:
        await self.runtime.connect(self.own_bot)
        await until_done(self._choose_way)
        house = self.runtime.house
        async with asyncio.TaskGroup() as group:  # people are not kept waiting by menus and descriptions
            group.create_task(profile.publish_profile(self.api(), house.default_language, house.commands))
            group.create_task(self.polling.run() if self.runtime.webhook is None else _for_ever())

    async def _choose_way(self) -> None:
        bot, webhook = self.own_bot.bot, self.runtime.webhook
        if webhook is None:
            await _without_webhook(bot)
            return
        try:
            await bot.set_webhook(
                webhook.url_of(self.own_bot),
                secret_token=webhook.secret,
                allowed_updates=ALLOWED,
                drop_pending_updates=False,
            )
        except BadRequest:
            raise NotReady("WEBHOOK_URL: expected an address Telegram accepts; it refused this one") from None


async def _without_webhook(bot: Bot) -> None:
    try:
        await bot.delete_webhook(drop_pending_updates=False)
    except InvalidToken as error:
        if not is_unknown_method(error):
            raise


async def _for_ever() -> None:
    await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class LeaseCheckedApi(BotApi):
    """Telegram cannot tell a deposed leader from its successor: each call first checks that its own lease still
    holds."""

    may_call: Callable[[], bool] = bool

    async def __call__(
        self, method: str, files: Mapping[str, tuple[str, Any, str]] | None = None, wait: float = 0, **values: Any
    ) -> Any:
        if not self.may_call():
            raise NotSent("the lease is lost")
        return await BotApi.__call__(self, method, files, wait, **values)


def _leads(leadership: Leadership | None) -> bool:
    return leadership is None or leadership.leads


Part = Callable[[Runtime, Leadership | None], Role]


def roles_by_lease(one_process: bool, bots: Sequence[ServedBot]) -> dict[str, tuple[Part, ...]]:
    """Role → the work done while it is held; "" is done by every process. On SQLite one process is active at a time.
    Each bot has a relay and a receiver of its own."""
    by_bot: dict[str, Part] = {
        bot.key(part.role): partial(part, bot=bot) for part in (RelayRole, ReceiverRole) for bot in bots
    }
    if one_process:
        return {HOUSE: (HandlerRole, SchedulerRole, *by_bot.values())}
    return {"": (HandlerRole,), SchedulerRole.role: (SchedulerRole,), **{key: (part,) for key, part in by_bot.items()}}
