"""Regions, marked in the task's sound."""

from handlers import task_buttons
from handlers.answers.boxes import BoxesScreen, labels_of
from locales.translator import Html, Translator


class RegionsScreen(BoxesScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("🎧 Parts of a sound")

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("🎧 Mark each one in the sound: <b>{labels}</b>", labels=labels_of(buttons))

    def counted(self, count: int, t: Translator) -> str:
        return t.n("{count} part", "{count} parts", count)


SCREEN = RegionsScreen()
