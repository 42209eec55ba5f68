"""A place, shared."""

from handlers.screens.answers.choice import right
from handlers.screens.answers.number import rows
from handlers.screens.screen import Facts
from locales import Html, Translator

__all__ = ["ask", "right", "rows", "said"]


def ask(facts: Facts, t: Translator) -> Html | None:
    return t("📍 Answer with a place: press 📎, then Location, and send it to me.")


def said(answer: str, t: Translator) -> str:
    return f"📍 {answer}"
