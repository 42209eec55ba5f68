"""One press on an option."""

from handlers.screens.answers import AnswerScreen
from locales import Translator


class ChoiceScreen(AnswerScreen):
    def called(self, t: Translator) -> str:
        return t.plain("🔘 One of several answers")


SCREEN = ChoiceScreen()
