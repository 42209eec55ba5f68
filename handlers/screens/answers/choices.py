"""Presses that choose and unchoose, then Done."""

from handlers.screens.answers import AnswerScreen, Rows
from handlers.screens.layout.fitting import clipped
from handlers.screens.layout.task_buttons import TaskButtons, laid
from handlers.screens.screen import Button
from locales import Html, Translator

JOINT, SHOWN = "|", 120


class ChoicesScreen(AnswerScreen):
    def called(self, t: Translator) -> str:
        return t.plain("☑️ All that apply")

    def ask(self, buttons: TaskButtons, t: Translator) -> Html | None:
        chosen = [buttons.options[at] for at in buttons.draft]
        if not chosen:
            return t("☑️ Press all that apply, then “Done”.")
        return t("☑️ Chosen: <b>{chosen}</b>. Press again to take one back.", chosen=clipped(t.all_of(chosen), SHOWN))

    def rows(self, buttons: TaskButtons, t: Translator) -> Rows:
        done = Button(t.plain("✅ Done"), buttons.done, style="success")
        found = laid(buttons.options, buttons.choose, buttons.draft)
        return [*found, (done,)]

    def said(self, answer: str, t: Translator) -> str:
        return t.all_of(answer.split(JOINT))

    def right(self, gold: list[str], most: int, t: Translator) -> str:
        """All of them are the one answer."""
        return t.all_of(gold)


SCREEN = ChoicesScreen()
