"""One press on a step of the scale, lowest first; a short scale stands in one row."""

from handlers import answers, task_buttons
from locales.translator import Translator

NARROW, MOST = 3, 8  # characters, and steps, of a row


class RatingScreen(answers.AnswerScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("⭐ From 1 to 5")

    def rows(self, buttons: task_buttons.TaskButtons, t: Translator) -> answers.Rows:
        options, option_rows = buttons.options, super().rows(buttons, t)
        if len(options) > MOST or max(map(len, options)) > NARROW:
            return option_rows
        return [tuple(button for row in option_rows for button in row)]


SCREEN = RatingScreen()
