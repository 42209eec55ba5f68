"""Points, set on the task's picture."""

from handlers import task_buttons
from handlers.answers.boxes import BoxesScreen, labels_of
from locales.translator import Html, Translator


class PointsScreen(BoxesScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("📌 Points on a picture")

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("📌 Set a point on each one: <b>{labels}</b>", labels=labels_of(buttons))

    def counted(self, count: int, t: Translator) -> str:
        return t.n("{count} point", "{count} points", count)


SCREEN = PointsScreen()
