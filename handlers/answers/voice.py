"""A voice message, sent."""

from handlers import task_buttons
from handlers.answers.photo import PhotoScreen
from locales.translator import Html, Translator


class VoiceScreen(PhotoScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("🎙 A voice message")

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("🎙 Answer with a voice message: record it and send it to me.")

    def describe(self, answer: str, t: Translator) -> str:
        return t.plain("🎙 your voice message")

    def shown_beside(self, t: Translator) -> Html | None:
        return t("Answer: <b>this voice message</b>")


SCREEN = VoiceScreen()
