"""Telegram's ids of files: which errors are about one, and how many are remembered."""

from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")

REMEMBERED = 10_000  # ids in memory
# Telegram's words for an id it does not take, or no longer.
REFUSED = ("wrong file", "wrong remote file", "file_id", "file reference", "file identifier", "use file of type")


def is_refused(words: str) -> bool:
    """Whether an error of Telegram's says that it does not take the id."""
    return any(sign in words.lower() for sign in REFUSED)


def remember(known: dict[K, T], key: K, value: T) -> None:
    """The oldest goes where there are too many."""
    known[key] = value
    while len(known) > REMEMBERED:
        del known[next(iter(known))]
