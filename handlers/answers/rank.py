"""Presses in order, best first; the last can be undone; Done when all are placed."""

from collections.abc import Sequence

from handlers import answers, task_buttons
from handlers.screen import Button, Picture, clipped, split_option_pictures
from locales.translator import Html, Translator

JOINT, SHOWN = ">", 120


class RankScreen(answers.AnswerScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("🥇 An order")

    def pictures(self, text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
        return split_option_pictures(text, options)

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        placed = [buttons.options[number] for number in buttons.draft]
        if not placed:
            return t("🔢 Press them in order, the best first, then “Done”.")
        return t("🔢 So far: <b>{placed}</b>", placed=clipped(_in_order(placed, t), SHOWN))

    def rows(self, buttons: task_buttons.TaskButtons, t: Translator) -> answers.Rows:
        return list_placing_rows(buttons, len(buttons.options), t)

    def describe(self, answer: str, t: Translator) -> str:
        return _in_order(answer.split(JOINT), t)


def _in_order(options: Sequence[str], t: Translator) -> str:
    """Each by itself, so that Arabic beside Latin ones does not turn the order round."""
    return " › ".join(map(t.isolated, options))


def list_placing_rows(buttons: task_buttons.TaskButtons, places: int, t: Translator) -> answers.Rows:
    """Return the options, then Undo once an option is placed, and Done once all places are taken."""
    placed = buttons.draft
    undo = Button(t.plain("↩️ Undo"), buttons.undo)
    done_button = Button(t.plain("✅ Done"), buttons.done, style="success")
    after = [*([undo] if placed else []), *([done_button] if len(placed) == places else [])]
    option_rows = task_buttons.laid(buttons.options, buttons.choose, placed)
    return [*option_rows, tuple(after)] if after else option_rows


SCREEN = RankScreen()
