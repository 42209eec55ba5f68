"""Long polling: updates are committed to the inbox before the offset moves and Telegram forgets them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter

from bot.transport.requests import BotApi, pause_of
from storage.drivers.connection import error_name

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query")
HELD = 25  # seconds Telegram may hold an empty answer back
QUIET = 24 * 3600.0  # after so long a silence Telegram may count from anywhere again
SHORTEST, LONGEST = 0.5, 15.0
RIVAL = 2.0  # seconds at most while another program polls: a process that is frozen does so until it is thawed
IDLE = 0.1  # seconds between two polls of a server that does not hold empty answers back

log = logging.getLogger(__name__)


class TokenRefused(Exception):
    """Telegram does not know this token; the text is the line to show."""

    def __init__(self) -> None:
        super().__init__("BOT_TOKEN: expected a token Telegram accepts; it refused this one")


class Polling:
    """The only poller; `receive(updates)` makes them durable."""

    def __init__(self, api: BotApi, receive: Callable[[list[Any]], Awaitable[object]]) -> None:
        self.api, self.receive = api, receive
        self.offset: int | None = None
        self.moved = 0.0
        self.trouble = ""

    async def run(self) -> None:
        """Polls until cancelled; raises TokenRefused."""
        pause = SHORTEST
        while True:
            try:
                await self._once()
                self._well()
                pause = SHORTEST
                continue
            except InvalidToken:
                raise TokenRefused from None
            except RetryAfter as error:
                pause = pause_of(error)
                self._ill("Telegram asks for a pause")
            except Conflict:
                self._ill("Another program polls with this token; waiting for it to stop")
                pause = min(pause, RIVAL)
            except Exception as error:
                self._ill(f"Updates cannot be received ({error_name(error)}); trying again")
            await asyncio.sleep(pause)
            pause = min(LONGEST, pause * 2)

    async def _once(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self.moved > QUIET:
            self.offset = None
        updates = await self.api(
            "getUpdates", wait=HELD, timeout=HELD, limit=100, offset=self.offset, allowed_updates=ALLOWED
        )
        if updates:
            await self.receive(updates)
            self.offset = max(update["update_id"] for update in updates) + 1
            self.moved = now
        elif asyncio.get_running_loop().time() - now < IDLE:
            await asyncio.sleep(IDLE)

    def _ill(self, trouble: str) -> None:
        """One line an episode, not one a try."""
        if trouble != self.trouble:
            log.warning(trouble)
        self.trouble = trouble

    def _well(self) -> None:
        if self.trouble:
            log.info("Updates are received again")
        self.trouble = ""
