"""One press on an option."""

from handlers.screens.answers import Rows
from handlers.screens.layout.option_rows import laid
from handlers.screens.layout.task_buttons import pad_of
from handlers.screens.screen import Facts
from locales import Html, Translator


def ask(facts: Facts, t: Translator) -> Html | None:
    return None


def rows(facts: Facts, t: Translator) -> Rows:
    return laid(facts["options"], pad_of(facts).press)


def said(answer: str, t: Translator) -> str:
    return answer


def right(gold: list[str], most: int, t: Translator) -> str:
    return t.one_of(gold[:most])
