"""A number, typed."""

from handlers.screens.answers import Rows
from handlers.screens.answers.choice import right, said
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Html, Translator

__all__ = ["ask", "right", "rows", "said"]


def ask(buttons: TaskButtons, t: Translator) -> Html | None:
    return t("✍️ Answer with a number: write it to me, for example <i>12.5</i>")


def rows(buttons: TaskButtons, t: Translator) -> Rows:
    return []
