"""Presses that choose and unchoose, then Done."""

from handlers import answers, task_buttons
from handlers.screen import Button, clipped
from locales.translator import Html, Translator

JOINT, SHOWN = "|", 120


class ChoicesScreen(answers.AnswerScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("☑️ All that apply")

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        chosen = [buttons.options[number] for number in buttons.draft]
        if not chosen:
            return t("☑️ Press all that apply.")
        return t("☑️ Chosen: <b>{chosen}</b>. Press again to take one back.", chosen=clipped(t.all_of(chosen), SHOWN))

    def rows(self, buttons: task_buttons.TaskButtons, t: Translator) -> answers.Rows:
        done_button = Button(t.plain("✅ Done"), buttons.done, style="success")
        return task_buttons.laid(buttons.options, buttons.choose, buttons.draft, done_button)

    def describe(self, answer: str, t: Translator) -> str:
        return t.all_of(answer.split(JOINT))

    def right(self, gold: list[str], most: int, t: Translator) -> str:
        """Return all gold options, which together are the one answer."""
        return t.all_of(gold)


SCREEN = ChoicesScreen()
