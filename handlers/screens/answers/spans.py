"""Spans, marked in the task's text."""

from handlers.screens.answers.boxes import BoxesScreen, labels_of
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Html, Translator


class SpansScreen(BoxesScreen):
    def called(self, t: Translator) -> str:
        return t.plain("🖍 Words in a text")

    def ask(self, buttons: TaskButtons, t: Translator) -> Html | None:
        return t("🖍 Mark each one in the text: <b>{labels}</b>", labels=labels_of(buttons))

    def counted(self, count: int, t: Translator) -> str:
        return t.n("{count} passage", "{count} passages", count)


SCREEN = SpansScreen()
