"""One press on an option."""

from handlers import answers
from locales.translator import Translator


class ChoiceScreen(answers.AnswerScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("🔘 One of several answers")


SCREEN = ChoiceScreen()
