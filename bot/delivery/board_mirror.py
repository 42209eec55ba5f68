"""Makes the group that mirrors the boards show what they show: one call at a time, at the pace of a group.

A call whose outcome was not written down is made again: a post may stand there twice, and is never left out.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from telegram.error import (
    BadRequest,
    Forbidden,
    RetryAfter,
    TelegramError,
)

from bot.clock import Clock
from bot.delivery.rate_limit import SendRate
from bot.delivery.telegram_calls import GONE, SAME, worded
from bot.transport.requests import BotApi, NotSent, pause_of
from domain.fairness.board import HOUSE
from domain.fairness.board_mirror import BoardTopic, MirrorTrouble
from domain.messages import Message
from domain.moments import later
from handlers.fairness.board import title_of
from handlers.screen import render
from locales import translator
from services.fairness import board_mirror
from services.fairness.board_mirror import Step, StepKind
from storage.database import Database
from storage.drivers.connection import named
from storage.drivers.records import pack, unpack
from storage.unit import UnitOfWork

GLANCE = 0.1  # seconds between two looks whether a call may start
IDLE = 2.0  # seconds between two looks when nothing is to be done, as far as this process knows
LONGEST = 60.0  # seconds between two tries
NAME = 128  # characters of a topic's name
# Telegram's words for a topic that is gone, for missing rights, for a group without topics, and for none at all.
NO_TOPIC = ("message thread not found", "topic_deleted", "topic_id_invalid")
NO_RIGHTS = ("not enough rights", "no rights", "topic_closed", "write_forbidden", "admin_required")
NO_FORUM = ("not a forum", "channel_forum_missing")
NO_CHAT = ("chat not found", "upgraded to a supergroup")

Mark = Callable[[UnitOfWork], object]

log = logging.getLogger(__name__)


class BoardMirror:
    def __init__(self, api: BotApi, database: Database, clock: Clock, pace: SendRate, admins: frozenset[int]) -> None:
        self.api, self.database, self.clock, self.pace, self.admins = api, database, clock, pace, admins
        self.wake = asyncio.Event()
        database.on("board mirror", self.wake.set)

    async def run(self) -> None:
        failures = 0
        while True:
            self.wake.clear()
            try:
                if not await self._once():
                    await self._until_changed()
                failures = 0
            except Exception as error:  # the database or Telegram is away: it waits for them
                failures += 1
                log.warning("The boards’ mirror has to wait", extra={"reason": named(error)})
                await asyncio.sleep(min(LONGEST, IDLE * 2 ** min(failures, 6)))

    async def _until_changed(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE):
                await self.wake.wait()

    async def _once(self) -> bool:
        """Whether there was something to do."""
        step = await self.database.look(board_mirror.next_step, self.clock())
        if step is None:
            return False
        await self._turn(step.chat)
        seen = True
        try:
            mark = await self._carry(step)
        except NotSent:
            seen = False
            raise
        finally:
            self.pace.end(step.chat, seen)
        await self.database.transact(mark, self.clock())
        return True

    async def _turn(self, chat: int) -> None:
        """Like tidying, it takes what room answers leave."""
        while self.pace.wait() > 0 or not self.pace.is_free(chat) or not self.pace.has_room():  # noqa: ASYNC110 - time
            await asyncio.sleep(GLANCE)  # alone frees it
        self.pace.start(chat)

    async def _carry(self, step: Step) -> Mark:
        """What is to be written down; raises where Telegram gives no answer."""
        try:
            return await DO[step.kind](self, step)
        except RetryAfter as error:
            return self._hold(step, pause_of(error))
        except Forbidden:
            return self._stop(step, MirrorTrouble.KICKED)
        except BadRequest as error:
            return self._refused(step, error.message.lower())

    async def _look(self, step: Step) -> Mark:
        place = step.place if step.place.startswith("@") else int(step.place)
        chat = await self.api("getChat", chat_id=place)
        if chat.get("type") != "supergroup" or not chat.get("is_forum"):
            return self._stop(step, MirrorTrouble.FORUM)
        number, title = int(chat["id"]), str(chat.get("title", ""))
        known = await self.database.look(lambda unit: unit.board_mirror.thread(number, HOUSE), self.clock())
        topic = known or await self._make_topic(step, number)

        def found(unit: UnitOfWork) -> None:
            board_mirror.store_topic(unit, step, number, topic)
            board_mirror.begin_mirror(unit, step, number, title, self.admins)

        return found

    async def _topic(self, step: Step) -> Mark:
        thread = await self._make_topic(step, step.chat)
        return lambda unit: board_mirror.store_topic(unit, step, step.chat, thread)

    async def _make_topic(self, step: Step, chat: int) -> int:
        """With what it is, and that nobody reads what is written there."""
        name = title_of(step.title, translator(step.language))[:NAME]
        made = await self.api("createForumTopic", chat_id=chat, name=name)
        thread = int(made["message_thread_id"])
        await asyncio.sleep(self.pace.charge(step.chat, 1))
        try:
            await self.api(
                "sendMessage", chat_id=chat, message_thread_id=thread, **_worded(step, BoardTopic(step.title))
            )
        except TelegramError as error:
            log.warning("A topic has no first message", extra={"reason": type(error).__name__})
        return thread

    async def _send(self, step: Step) -> Mark:
        values: dict[str, Any] = {"chat_id": step.chat, "message_thread_id": step.thread}
        if step.reply_to is not None:
            values["reply_parameters"] = {"message_id": step.reply_to, "allow_sending_without_reply": True}
        sent = await self.api("sendMessage", **values, **_worded(step, step.shows))
        return lambda unit: board_mirror.store_message(unit, step, int(sent["message_id"]))

    async def _edit(self, step: Step) -> Mark:
        words = _worded(step, step.shows)
        del words["disable_notification"]
        try:
            await self.api("editMessageText", chat_id=step.chat, message_id=step.message, **words)
        except BadRequest as error:
            if SAME not in error.message.lower():
                raise
        return lambda unit: board_mirror.store_message(unit, step, step.message or 0)

    def _hold(self, step: Step, seconds: float) -> Mark:
        self.pace.refuse(step.chat, seconds)
        log.warning("Telegram asks to wait", extra={"seconds": seconds, "what": "mirror"})
        return lambda unit: board_mirror.pause_until(unit, later(unit.now, int(seconds * 1000)))

    def _stop(self, step: Step, trouble: MirrorTrouble) -> Mark:
        log.warning("The boards’ mirror stops", extra={"reason": trouble.value})
        return lambda unit: board_mirror.handle_refusal(unit, step, trouble, self.admins)

    def _refused(self, step: Step, words: str) -> Mark:
        if any(sign in words for sign in NO_TOPIC):
            return partial(board_mirror.forget_topic, step=step)
        for signs, trouble in (
            (NO_RIGHTS, MirrorTrouble.RIGHTS),
            (NO_FORUM, MirrorTrouble.FORUM),
            (NO_CHAT, MirrorTrouble.MISSING),
        ):
            if any(sign in words for sign in signs):
                return self._stop(step, trouble)
        if step.kind not in (StepKind.SEND, StepKind.EDIT):
            return self._stop(step, MirrorTrouble.MISSING)
        if not any(sign in words for sign in GONE):
            log.error("Telegram refused a post of the board", extra={"reason": words[:60]})
        return partial(board_mirror.mark_lost, step=step)


DO = {
    StepKind.LOOK: BoardMirror._look,
    StepKind.TOPIC: BoardMirror._topic,
    StepKind.SEND: BoardMirror._send,
    StepKind.EDIT: BoardMirror._edit,
}


def _worded(step: Step, message: Message | None) -> dict[str, Any]:
    if message is None:
        raise LookupError("a step without a post")
    screen = render(message.stored_as, unpack(pack(message)), step.language)
    return {**worded(screen, "text"), "disable_notification": True}
