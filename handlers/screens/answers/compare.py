"""One press on the better one."""

from collections.abc import Sequence

from handlers.screens.answers import AnswerScreen
from handlers.screens.layout.candidates import pictured
from handlers.screens.layout.task_buttons import TaskButtons
from handlers.screens.screen import Picture
from locales import Html, Translator


class CompareScreen(AnswerScreen):
    def called(self, t: Translator) -> str:
        return t.plain("⚖️ The better one")

    def pictures(self, text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
        return pictured(text, options)

    def ask(self, buttons: TaskButtons, t: Translator) -> Html | None:
        return t("⚖️ Which one do you choose?")


SCREEN = CompareScreen()
