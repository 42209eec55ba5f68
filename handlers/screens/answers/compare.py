"""One press on the better one."""

from handlers.screens.answers.choice import right, rows, said
from handlers.screens.screen import Facts
from locales import Html, Translator

__all__ = ["ask", "right", "rows", "said"]


def ask(facts: Facts, t: Translator) -> Html | None:
    return t("⚖️ Which one is better?")
