"""Polygons, drawn on the task's picture."""

from handlers import task_buttons
from handlers.answers.boxes import BoxesScreen, labels_of
from locales.translator import Html, Translator


class PolygonsScreen(BoxesScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("🔷 Outlines on a picture")

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("🔷 Draw the outline of each one: <b>{labels}</b>", labels=labels_of(buttons))

    def counted(self, count: int, t: Translator) -> str:
        return t.n("{count} outline", "{count} outlines", count)


SCREEN = PolygonsScreen()
