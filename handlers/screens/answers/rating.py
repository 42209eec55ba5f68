"""One press on a step of the scale, lowest first; a short scale stands in one row."""

from handlers.screens.answers import Rows
from handlers.screens.answers.choice import ask, right, said
from handlers.screens.layout.option_rows import laid
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Translator

__all__ = ["ask", "right", "rows", "said"]

NARROW, MOST = 3, 8  # characters, and steps, of a row


def rows(buttons: TaskButtons, t: Translator) -> Rows:
    options = buttons.options
    found = laid(options, buttons.press)
    if len(options) > MOST or max(map(len, options)) > NARROW:
        return found
    return [tuple(button for row in found for button in row)]
