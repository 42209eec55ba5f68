"""A place, shared."""

from handlers.screens.answers.choice import right
from handlers.screens.answers.number import rows
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Html, Translator

__all__ = ["ask", "right", "rows", "said"]


def ask(buttons: TaskButtons, t: Translator) -> Html | None:
    return t("📍 Answer with a place: press 📎, then Location, and send it to me.")


def said(answer: str, t: Translator) -> str:
    return f"📍 {answer}"
