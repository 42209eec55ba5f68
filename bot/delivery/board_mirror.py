"""Makes the Telegram group that mirrors the boards show what they show: one call at a time, at the pace of a group.

A call whose outcome was not recorded is made again: a post may appear twice, and is never left out."""

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
from bot.delivery.telegram_calls import EDIT_IMPOSSIBLE, NOT_MODIFIED, text_values
from bot.transport.requests import BotApi, NotSent, pause_of
from domain.fairness.board import HOUSE
from domain.fairness.board_mirror import BoardTopic, MirrorTrouble
from domain.messages import Message
from domain.moments import later
from handlers.fairness.board import board_title
from handlers.screen import render
from locales import translator
from services.fairness import board_mirror
from services.fairness.board_mirror import Step, StepKind
from storage.database import Database
from storage.drivers.connection import named
from storage.drivers.records import pack, unpack
from storage.unit import UnitOfWork

TURN_CHECK_SECONDS = 0.1  # seconds between two looks whether a call may start
IDLE_SECONDS = 2.0  # seconds between two looks when nothing is to be done, as far as this process knows
MAX_PAUSE_SECONDS = 60.0  # seconds between two tries
MAX_TOPIC_NAME_CHARS = 128  # characters of a topic's name
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
                if not await self._take_step():
                    await self._until_changed()
                failures = 0
            except Exception as error:  # the database or Telegram is away: it waits for them
                failures += 1
                log.warning("The boards’ mirror has to wait", extra={"reason": named(error)})
                await asyncio.sleep(min(MAX_PAUSE_SECONDS, IDLE_SECONDS * 2 ** min(failures, 6)))

    async def _until_changed(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await self.wake.wait()

    async def _take_step(self) -> bool:
        """Take the next step; return False if there is none."""
        step = await self.database.look(board_mirror.next_step, self.clock())
        if step is None:
            return False
        await self._wait_for_turn(step.chat)
        reached_telegram = True
        try:
            mark = await self._call(step)
        except NotSent:
            reached_telegram = False
            raise
        finally:
            self.pace.end_call(step.chat, reached_telegram)
        await self.database.transact(mark, self.clock())
        return True

    async def _wait_for_turn(self, chat: int) -> None:
        """Wait until a call may start: like tidying, the mirror takes what room answers leave."""
        while self.pace.seconds_to_wait() > 0 or not self.pace.is_free(chat) or not self.pace.has_room():  # noqa: ASYNC110 - time
            await asyncio.sleep(TURN_CHECK_SECONDS)  # alone frees it
        self.pace.start_call(chat)

    async def _call(self, step: Step) -> Mark:
        """Make the step's call; return what is to be recorded. Raise if Telegram gives no answer."""
        try:
            return await STEPS[step.kind](self, step)
        except RetryAfter as error:
            return self._hold(step, pause_of(error))
        except Forbidden:
            return self._stop(step, MirrorTrouble.KICKED)
        except BadRequest as error:
            return self._handle_refusal(step, error.message.lower())

    async def _open_group(self, step: Step) -> Mark:
        place = step.place if step.place.startswith("@") else int(step.place)
        chat = await self.api("getChat", chat_id=place)
        if chat.get("type") != "supergroup" or not chat.get("is_forum"):
            return self._stop(step, MirrorTrouble.FORUM)
        number, title = int(chat["id"]), str(chat.get("title", ""))
        known_topic = await self.database.look(lambda unit: unit.board_mirror.find_topic(number, HOUSE), self.clock())
        topic = known_topic or await self._make_topic(step, number)

        def record_group(unit: UnitOfWork) -> None:
            board_mirror.store_topic(unit, step, number, topic)
            board_mirror.begin_mirror(unit, step, number, title, self.admins)

        return record_group

    async def _open_topic(self, step: Step) -> Mark:
        thread = await self._make_topic(step, step.chat)
        return lambda unit: board_mirror.store_topic(unit, step, step.chat, thread)

    async def _make_topic(self, step: Step, chat: int) -> int:
        """Create a forum topic and return its id; its first message says what it is, and that nobody reads what is
        written there."""
        name = board_title(step.title, translator(step.language))[:MAX_TOPIC_NAME_CHARS]
        created = await self.api("createForumTopic", chat_id=chat, name=name)
        thread = int(created["message_thread_id"])
        await asyncio.sleep(self.pace.charge_messages(step.chat, 1))
        try:
            await self.api(
                "sendMessage", chat_id=chat, message_thread_id=thread, **_post_values(step, BoardTopic(step.title))
            )
        except TelegramError as error:
            log.warning("A topic has no first message", extra={"reason": type(error).__name__})
        return thread

    async def _send_post(self, step: Step) -> Mark:
        values: dict[str, Any] = {"chat_id": step.chat, "message_thread_id": step.thread}
        if step.reply_to is not None:
            values["reply_parameters"] = {"message_id": step.reply_to, "allow_sending_without_reply": True}
        message = await self.api("sendMessage", **values, **_post_values(step, step.shows))
        return lambda unit: board_mirror.store_message(unit, step, int(message["message_id"]))

    async def _edit_post(self, step: Step) -> Mark:
        words = _post_values(step, step.shows)
        del words["disable_notification"]
        try:
            await self.api("editMessageText", chat_id=step.chat, message_id=step.message, **words)
        except BadRequest as error:
            if NOT_MODIFIED not in error.message.lower():
                raise
        return lambda unit: board_mirror.store_message(unit, step, step.message or 0)

    def _hold(self, step: Step, seconds: float) -> Mark:
        self.pace.note_refusal(step.chat, seconds)
        log.warning("Telegram asks to wait", extra={"seconds": seconds, "what": "mirror"})
        return lambda unit: board_mirror.pause_until(unit, later(unit.now, int(seconds * 1000)))

    def _stop(self, step: Step, trouble: MirrorTrouble) -> Mark:
        log.warning("The boards’ mirror stops", extra={"reason": trouble.value})
        return lambda unit: board_mirror.handle_refusal(unit, step, trouble, self.admins)

    def _handle_refusal(self, step: Step, words: str) -> Mark:
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
        if not any(sign in words for sign in EDIT_IMPOSSIBLE):
            log.error("Telegram refused a post of the board", extra={"reason": words[:60]})
        return partial(board_mirror.mark_lost, step=step)


STEPS = {
    StepKind.LOOK: BoardMirror._open_group,
    StepKind.TOPIC: BoardMirror._open_topic,
    StepKind.SEND: BoardMirror._send_post,
    StepKind.EDIT: BoardMirror._edit_post,
}


def _post_values(step: Step, message: Message | None) -> dict[str, Any]:
    if message is None:
        raise LookupError("a step without a post")
    screen = render(message.stored_as, unpack(pack(message)), step.language)
    return {**text_values(screen, "text"), "disable_notification": True}
