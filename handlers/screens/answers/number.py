"""A number, typed."""

from handlers.screens.answers import Rows
from handlers.screens.answers.choice import right, said
from handlers.screens.screen import Facts
from locales import Html, Translator

__all__ = ["ask", "right", "rows", "said"]


def ask(facts: Facts, t: Translator) -> Html | None:
    return t("✍️ Answer with a number: write it to me, for example <i>12.5</i>")


def rows(facts: Facts, t: Translator) -> Rows:
    return []
