"""A photo, sent."""

from collections.abc import Sequence

from handlers import task_buttons
from handlers.answers.text import TextScreen
from locales.translator import Html, Translator


class PhotoScreen(TextScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("📷 A photo")

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("📷 Answer with a photo: send it to me. One only, and not one that was handed in before.")

    def request(self, options: Sequence[str], t: Translator) -> Html | None:
        return None  # no words that a chatbot could write

    def describe(self, answer: str, t: Translator) -> str:
        return t.plain("📷 your photo")

    def right(self, gold: list[str], most: int, t: Translator) -> str:
        return self.describe("", t)

    def shown_beside(self, t: Translator) -> Html | None:
        return t("Answer: <b>this photo</b>")


SCREEN = PhotoScreen()
