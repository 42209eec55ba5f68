"""Words, typed."""

from handlers.screens.answers.choice import right, said
from handlers.screens.answers.number import rows
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Html, Translator

__all__ = ["ask", "right", "rows", "said"]


def ask(buttons: TaskButtons, t: Translator) -> Html | None:
    return t("✍️ Write your answer to me.")
