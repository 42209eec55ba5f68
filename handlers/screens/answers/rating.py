"""One press on a step of the scale, lowest first; a short scale stands in one row."""

from handlers.screens.answers import AnswerScreen, Rows
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Translator

NARROW, MOST = 3, 8  # characters, and steps, of a row


class RatingScreen(AnswerScreen):
    def called(self, t: Translator) -> str:
        return t.plain("⭐ From 1 to 5")

    def rows(self, buttons: TaskButtons, t: Translator) -> Rows:
        options, found = buttons.options, super().rows(buttons, t)
        if len(options) > MOST or max(map(len, options)) > NARROW:
            return found
        return [tuple(button for row in found for button in row)]


SCREEN = RatingScreen()
