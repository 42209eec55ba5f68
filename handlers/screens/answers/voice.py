"""A voice message, sent."""

from handlers.screens.answers.number import rows
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Html, Translator

__all__ = ["ask", "right", "rows", "said"]


def ask(buttons: TaskButtons, t: Translator) -> Html | None:
    return t("🎙 Answer with a voice message: record it and send it to me.")


def said(answer: str, t: Translator) -> str:
    return t.plain("🎙 your voice message")


def right(gold: list[str], most: int, t: Translator) -> str:
    return said("", t)
