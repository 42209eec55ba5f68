"""Screens of the answer kinds: how each is asked for and read back; one file each, named like its rules in
domain/answers."""

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import cast

from handlers import task_buttons
from handlers.screen import Button, Picture, clipped
from locales.translator import Html, Translator

Rows = list[tuple[Button, ...]]


class AnswerScreen:
    """The base of all: options that are pressed."""

    beside = 500  # characters that a picture's caption keeps for what stands around the task's text

    def kind_label(self, t: Translator) -> str:
        """Return the label of the button by which a requester chooses the kind."""
        raise NotImplementedError

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        """The instruction, where buttons alone are not enough; the presses so far."""
        return None

    def place_button(self, t: Translator) -> str:
        """Return the button that answers with the place where the worker is, empty for other kinds."""
        return ""

    def request(self, options: Sequence[str], t: Translator) -> Html | None:
        """Return the request that a project makes of its workers before their first answer of this kind, or None."""
        return None

    def rows(self, buttons: task_buttons.TaskButtons, t: Translator) -> Rows:
        """The options first, each as its own text; then the kind's other buttons."""
        return task_buttons.laid(buttons.options, buttons.press)

    def describe_options(self, options: Sequence[str], room: int, t: Translator) -> Html:
        """Return all that can be answered, as text, before there is anything to press."""
        return t("[ {options} ]", options=clipped(" ] [ ".join(options), room))

    def pictures(self, text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
        """The task's text and what stands above it as an album."""
        return text, ()

    def describe(self, answer: str, t: Translator) -> str:
        """Return an answer as people read it."""
        return answer

    def describe_fully(self, answer: str, t: Translator) -> str:
        """Return an answer as people read it, with nothing left out."""
        return self.describe(answer, t)

    def right(self, gold: list[str], most: int, t: Translator) -> str:
        """The accepted answers; of many the first ones."""
        return t.one_of([self.describe(answer, t) for answer in gold[:most]])

    def describe_miss(self, answer: str, gold: list[str], most: int, length: int, t: Translator) -> tuple[str, str]:
        """Return a line about the right answer to a check question, and one about the worker's answer."""
        return clipped(self.right(gold, most, t), most * length), clipped(self.describe(answer, t), length)

    def shown_beside(self, t: Translator) -> Html | None:
        """Return the mention of an answer that is shown beside the words, such as a file; None for others."""
        return None

    def gold_hint(self, t: Translator) -> Html | None:
        """Return how gold that accepts more than one answer is written, or None."""
        return None


class OnPageScreen(AnswerScreen):
    """Shapes that are drawn on a page of the Mini App, which a button opens."""

    def opens(self, t: Translator) -> str:
        """The button."""
        return t.plain("✏️ Open the task")

    def rows(self, buttons: task_buttons.TaskButtons, t: Translator) -> Rows:
        return [(Button(self.opens(t), page=buttons.page, style="primary"),)] if buttons.page else []

    def describe(self, answer: str, t: Translator) -> str:
        """Return how many shapes of each label the answer has."""
        counted = Counter(str(shape["label"]) for shape in json.loads(answer))
        if not counted:
            return t.plain("nothing is marked")
        return t.all_of([f"{label} × {many}" if many > 1 else label for label, many in sorted(counted.items())])


@cache
def screen_of(kind: str) -> AnswerScreen:
    return cast(AnswerScreen, import_module(f"{__name__}.{kind}").SCREEN)
