"""Spans, marked in the task's text."""

from handlers import task_buttons
from handlers.answers.boxes import BoxesScreen, labels_of
from locales.translator import Html, Translator


class SpansScreen(BoxesScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("🖍 Words in a text")

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("🖍 Mark each one in the text: <b>{labels}</b>", labels=labels_of(buttons))

    def counted(self, count: int, t: Translator) -> str:
        return t.n("{count} passage", "{count} passages", count)


SCREEN = SpansScreen()
