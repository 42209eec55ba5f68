"""The questions of a HIT, asked as a form's are."""

from handlers.screens.answers.form import FormScreen
from locales import Translator


class QuestionnaireScreen(FormScreen):
    def called(self, t: Translator) -> str:
        return t.plain("📝 Questions of a program")


SCREEN = QuestionnaireScreen()
