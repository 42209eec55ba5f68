"""How each kind of answer is asked for and read back: one file each, named like its rules in domain/answers."""

from functools import cache
from importlib import import_module
from typing import Protocol, cast

from handlers.screens.layout.task_buttons import TaskButtons
from handlers.screens.screen import Button
from locales import Html, Translator

Rows = list[tuple[Button, ...]]


class AnswerScreen(Protocol):
    """A module of this package."""

    def ask(self, buttons: TaskButtons, t: Translator) -> Html | None:
        """What to do, where buttons alone don't say it; what was pressed so far."""
        ...

    def rows(self, buttons: TaskButtons, t: Translator) -> Rows:
        """The options first, each with its own words; then what else this kind needs."""
        ...

    def said(self, answer: str, t: Translator) -> str:
        """An answer, as people read it."""
        ...

    def right(self, gold: list[str], most: int, t: Translator) -> str:
        """What would have been right; of many accepted answers the first ones."""
        ...


@cache
def screen_of(kind: str) -> AnswerScreen:
    return cast(AnswerScreen, import_module(f"{__name__}.{kind}"))
