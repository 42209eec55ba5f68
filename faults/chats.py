"""Acts in a chat of a bot that may die at any moment: each waits for the one thing that tells that it is done."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.clock import Clock
from faults.waiting import until
from simulator.crowd.client import Phone, buttons_of, text_of
from simulator.values import Json
from storage.database import one_transaction

LONGEST = 240  # seconds until a step is done; a machine may have other work


@dataclass(slots=True)
class Chats:
    """The database is looked at past the bot; `log` is what its processes write."""

    database_url: str
    log: Path
    clock: Clock
    rosa: Phone
    till: Phone
    ann: Phone
    read: int = field(default=0, init=False)  # files that were dropped into the chat

    async def drop(self, letter: bytes) -> None:
        """An admin drops a file of the bank, and books what is offered."""
        marks = marks_of(self.till)
        self.read += 1
        await self.till.upload(letter, f"letter-{self.read}.xml")
        shown = await self.new(self.till, "bank|Bank|known", marks)
        book = [each for each in buttons_of(shown) if "Book" in each["text"]]
        if book:
            marks = marks_of(self.till)
            for _ in range(2):
                await self.till.press_data(book[0]["callback_data"], shown["message_id"])
            await self.new(self.till, "ooked", marks)

    async def said(self, phone: Phone, words: str, pattern: str) -> Json:
        marks = marks_of(phone)
        await phone.say(words)
        return await self.new(phone, pattern, marks)

    async def pressed(self, phone: Phone, data: str, pattern: str) -> None:
        await phone.press_data(data, last(phone))
        await self.shows(phone, pattern)

    async def offered(self, phone: Phone, message: Json, button: str, pattern: str) -> Json:
        """Presses it; the new message that it leads to."""
        marks = marks_of(phone)
        await phone.press_data(button_of(message, button)["callback_data"], message["message_id"])
        return await self.new(phone, pattern, marks)

    async def press_offered(self, phone: Phone, button: str, text: str) -> None:
        """In the message with this text, new or edited: a bot may do either after it was killed."""

        def found() -> list[tuple[Json, Json]]:
            shown = [each for each in phone.messages if text in text_of(each)]
            return [(key, each) for each in shown for key in buttons_of(each) if button in key["text"]]

        await self.until(lambda: bool(found()), f"{phone.id} waits for {button}")
        key, message = found()[-1]
        await phone.press_data(key["callback_data"], message["message_id"])

    async def new(self, phone: Phone, pattern: str, known: frozenset[int]) -> Json:
        """A message with an id that was not there before."""

        def found() -> list[Json]:
            return [
                each
                for each in phone.messages
                if each["message_id"] not in known
                and each.get("from", {}).get("is_bot")
                and re.search(pattern, text_of(each))
            ]

        await self.until(lambda: bool(found()), f"{phone.id} waits for {pattern}")
        return found()[-1]

    async def shows(self, phone: Phone, pattern: str) -> None:
        """Some message says it, or has been edited to."""
        await self.until(
            lambda: any(re.search(pattern, text_of(each)) for each in phone.messages), f"{phone.id}: {pattern}"
        )

    async def until(self, condition: Callable[[], bool], what: str = "") -> None:
        try:
            await until(condition, LONGEST)
        except TimeoutError:
            raise TimeoutError(f"{what}\n{self.log.read_text(errors='replace')[-1500:]}") from None

    def rows(self, sql: str) -> list[Any]:
        with one_transaction(self.database_url, self.clock(), read_only=True) as unit:
            return unit.connection.all(sql)

    def count(self, table: str, where: str = "1 = 1") -> int:
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])


def button_of(message: Json, words: str) -> Json:
    [found] = [each for each in buttons_of(message) if words in each["text"]]
    return found


def marks_of(phone: Phone) -> frozenset[int]:
    return frozenset(each["message_id"] for each in phone.messages)


def last(phone: Phone) -> int:
    return max(each["message_id"] for each in phone.messages)
