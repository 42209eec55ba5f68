"""Regions, marked in the task's sound."""

from handlers.screens.answers.boxes import BoxesScreen, labels_of
from handlers.screens.layout.task_buttons import TaskButtons
from locales import Html, Translator


class RegionsScreen(BoxesScreen):
    def called(self, t: Translator) -> str:
        return t.plain("🎧 Parts of a sound")

    def ask(self, buttons: TaskButtons, t: Translator) -> Html | None:
        return t("🎧 Mark each one in the sound: <b>{labels}</b>", labels=labels_of(buttons))

    def counted(self, count: int, t: Translator) -> str:
        return t.n("{count} part", "{count} parts", count)


SCREEN = RegionsScreen()
