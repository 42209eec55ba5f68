"""One press on the better one."""

from handlers.screens.answers.choice import right, rows, said
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Html, Translator

__all__ = ["ask", "right", "rows", "said"]


def ask(buttons: TaskButtons, t: Translator) -> Html | None:
    return t("⚖️ Which one is better?")
