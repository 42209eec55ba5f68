"""One press on an option."""

from handlers.screens.answers import Rows
from handlers.screens.layout.option_rows import laid
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Html, Translator


def ask(buttons: TaskButtons, t: Translator) -> Html | None:
    return None


def rows(buttons: TaskButtons, t: Translator) -> Rows:
    return laid(buttons.options, buttons.press)


def said(answer: str, t: Translator) -> str:
    return answer


def right(gold: list[str], most: int, t: Translator) -> str:
    return t.one_of(gold[:most])
