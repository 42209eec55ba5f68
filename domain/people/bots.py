"""Several bots over one database: which bot an update, a message or a file is of.

Telegram counts updates and messages per bot, and a bot knows no file by the id that another bot got. So each number and
id that is stored says whose it is. Those of the first bot are as Telegram gives them."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from domain.messages import record
from domain.moments import Moment

FIRST_BOT = 1
FIRST_BOT_NAME = "first"
NUMBERS_PER_BOT = 2**40  # Telegram's own numbers are below 2^32
MAX_BOTS = 100  # bots of BOT_TOKENS
_FILE = re.compile(r"(\d{1,4}):(.+)")
_NUMBER, _FILE_ID = "message_id", "file_id"


@record
class Bot:
    """A bot as stored in `bots`: its name in BOT_TOKENS, its username in Telegram ("" until its first start, and where
    BOT_TOKENS names it no longer), and since when Telegram refuses its token (None: it does not)."""

    id: int
    name: str
    username: str
    refused_at: Moment | None

    @property
    def may_push(self) -> bool:
        """Return whether letters of the bot are sent, or will be once Telegram answers at its first start."""
        return self.is_at_work or (self.id == FIRST_BOT and self.refused_at is None)

    @property
    def is_at_work(self) -> bool:
        """Return whether the bot can be written to."""
        return bool(self.username) and self.refused_at is None


def number_at(bot: int, number: int) -> int:
    """Return the stored number of an update or a message that the bot knows by `number`."""
    return number % NUMBERS_PER_BOT + (bot - 1) * NUMBERS_PER_BOT if number > 0 else number


def bot_of_number(number: int) -> int:
    """Return the bot of an update or a message by its stored number."""
    return number // NUMBERS_PER_BOT + 1 if number > 0 else FIRST_BOT


def number_ranges(bots: Iterable[int]) -> list[tuple[int, int]]:
    """Return ranges of stored numbers, (first, last), one for each of the bots: together they hold all numbers. Those
    of a bot that is not named are in the range of a bot before it, or of the first one."""
    begins = [-(2**62), *(number_at(bot, NUMBERS_PER_BOT) for bot in sorted(bots)[1:]), 2**63]
    return [(first, following - 1) for first, following in pairwise(begins)]


def number_in_telegram(number: int) -> int:
    """Return the number by which the bot knows the update or the message."""
    return number % NUMBERS_PER_BOT if number > 0 else number


def split_file_id(reference: str) -> tuple[int, str]:
    """Return the bot of a stored file id, and the id by which that bot knows the file."""
    match = _FILE.fullmatch(reference)
    return (int(match[1]), match[2]) if match else (FIRST_BOT, reference)


def stored_update(bot: int, value: Any) -> Any:
    """Return an update, or a part of it, with the numbers of messages and the file ids as they are stored."""
    if isinstance(value, Mapping):
        return {name: _stored_value(bot, name, part) for name, part in value.items()}
    return [stored_update(bot, part) for part in value] if isinstance(value, list) else value


def _stored_value(bot: int, name: str, value: Any) -> Any:
    if name == _NUMBER and isinstance(value, int):
        return number_at(bot, value)
    if name == _FILE_ID and isinstance(value, str):
        return f"{bot}:{value}"
    return stored_update(bot, value)
