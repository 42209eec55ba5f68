"""The kinds of answer: one file each, found here by name. A kind reads what was handed in and knows gold.

Stored is a kind's canonical text: an option's words; several joined by `|` (choices) or `>` (rank); a number with a
point; `latitude,longitude`; `file_id file_unique_id`.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast


class Wants(StrEnum):
    """How an answer is handed in. What takes several presses is kept as a draft until it is done."""

    PRESS = "press"
    PRESSES = "presses"
    TEXT = "text"
    PHOTO = "photo"
    VOICE = "voice"
    LOCATION = "location"


class AnswerKind(Protocol):
    """A module of this package."""

    WANTS: Wants
    OPTIONS: tuple[str, ...]
    """What can be chosen where the requester says nothing; () where nothing can be assumed."""

    def read(self, handed_in: str, options: Sequence[str]) -> str:
        """The canonical answer; raises AnswerUnknown or AnswerUnfit for what can't be one."""
        ...

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        """Whether the answer is among the accepted ones; “can't tell” never is."""
        ...

    def gold(self, written: str, options: Sequence[str]) -> str | None:
        """One accepted answer as a file gives it, in canonical words; None for what can't be one."""
        ...

    def known(self, gold: Sequence[str]) -> str:
        """The canonical answer of a gold task."""
        ...

    def accepted(self, answer: str) -> tuple[str, ...]:
        """The gold that accepts this canonical answer and what does not differ from it."""
        ...


class Drafted(AnswerKind, Protocol):
    """A kind whose answer takes several presses; handed in as the numbers of its options, `2,0,1`."""

    def pressed(self, draft: tuple[int, ...], option: int, options: Sequence[str]) -> tuple[int, ...]:
        """The draft after one more press."""
        ...


SEVERAL = "|"


def are_files(kind: str) -> bool:
    """Whether answers of this kind are files that Telegram keeps."""
    return kind_of(kind).WANTS in (Wants.PHOTO, Wants.VOICE)


def gold_of(kind: str, written: str, options: Sequence[str]) -> tuple[str, ...] | None:
    """Accepted answers as people write them, several separated by `|`; None where one of them can't be."""
    found = [kind_of(kind).gold(each, options) for each in written.split(SEVERAL) if each.strip()]
    return tuple(dict.fromkeys(each for each in found if each)) if found and all(found) else None


@cache
def kinds() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@cache
def kind_of(name: str) -> AnswerKind:
    if name not in kinds():
        raise LookupError(name)
    return cast(AnswerKind, import_module(f"{__name__}.{name}"))
