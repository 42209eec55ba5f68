"""Boxes and polygons, drawn on the task's picture."""

import json
from collections import Counter

from handlers import answers, task_buttons
from handlers.screen import clipped
from locales.translator import Html, Translator

LABELS = 200  # characters of a list of them


class BoxesScreen(answers.OnPageScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("🔲 Boxes on a picture")

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("🔲 Draw a box around each one: <b>{labels}</b>", labels=labels_of(buttons))

    def counted(self, count: int, t: Translator) -> str:
        return t.n("{count} box", "{count} boxes", count)

    def describe(self, answer: str, t: Translator) -> str:
        """“3 boxes: car × 2, person”, of an answer or of gold."""
        labels = Counter(_list_labels(json.loads(answer)))
        if not labels:
            return t.plain("nothing is marked")
        counts = [f"{label} × {t.number(many)}" if many > 1 else label for label, many in sorted(labels.items())]
        return t.plain("{number}: {labels}", number=self.counted(labels.total(), t), labels=", ".join(counts))

    def gold_hint(self, t: Translator) -> Html | None:
        return t("Or write it as JSON, in fractions of the picture; the manual shows how.")


def labels_of(buttons: task_buttons.TaskButtons) -> str:
    return clipped(", ".join(buttons.options), LABELS)


def _list_labels(document: object) -> list[str]:
    """The labels of a canonical drawing; gold may have its threshold beside it."""
    if isinstance(document, dict) and "known" in document:
        return _list_labels(json.loads(document["known"]))
    shapes = document["shapes"] if isinstance(document, dict) else document
    return [str(shape["label"]) for shape in shapes] if isinstance(shapes, list) else []


SCREEN = BoxesScreen()
