"""The kinds of answer: one file each, found here by name. A kind reads what was handed in and knows gold."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast


class AnswerKind(Protocol):
    """A module of this package."""

    def read(self, handed_in: str, options: Sequence[str]) -> str:
        """The canonical answer; raises AnswerUnknown for what can't be one."""
        ...

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        """Whether the answer is among the accepted ones; “can't tell” never is."""
        ...


@cache
def kinds() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def kind_of(name: str) -> AnswerKind:
    if name not in kinds():
        raise LookupError(name)
    return cast(AnswerKind, import_module(f"{__name__}.{name}"))
