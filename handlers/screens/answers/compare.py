"""One press on the better one."""

from handlers.screens.answers import AnswerScreen
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Html, Translator


class CompareScreen(AnswerScreen):
    def called(self, t: Translator) -> str:
        return t.plain("⚖️ The better one")

    def ask(self, buttons: TaskButtons, t: Translator) -> Html | None:
        return t("⚖️ Which one is better?")


SCREEN = CompareScreen()
