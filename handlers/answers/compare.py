"""One press on the better one."""

from collections.abc import Sequence

from handlers import answers, task_buttons
from handlers.screen import Picture, split_option_pictures
from locales.translator import Html, Translator


class CompareScreen(answers.AnswerScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("⚖️ The better one")

    def pictures(self, text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
        return split_option_pictures(text, options)

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("⚖️ Which one do you choose?")


SCREEN = CompareScreen()
