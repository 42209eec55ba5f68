"""Two presses, the best and then the worst; the last can be undone; Done when both are placed."""

from collections.abc import Sequence

from handlers import answers, task_buttons
from handlers.answers.rank import list_placing_rows
from handlers.screen import Picture, clipped, split_option_pictures
from locales.translator import Html, Translator

JOINT, PLACES, SHOWN = ">", 2, 60


class BestWorstScreen(answers.AnswerScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("🏆 Best and worst")

    def pictures(self, text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
        return split_option_pictures(text, options)

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        placed = [clipped(buttons.options[number], SHOWN) for number in buttons.draft]
        if not placed:
            return t("🏆 Press the best one first, then the worst, then “Done”.")
        if len(placed) < PLACES:
            return t("🏆 Best: <b>{best}</b>. Now press the worst.", best=placed[0])
        return t("🏆 Best: <b>{best}</b>. Worst: <b>{worst}</b>.", best=placed[0], worst=placed[1])

    def rows(self, buttons: task_buttons.TaskButtons, t: Translator) -> answers.Rows:
        return list_placing_rows(buttons, PLACES, t)

    def describe(self, answer: str, t: Translator) -> str:
        best, joint, worst = answer.partition(JOINT)
        return answer if not joint else t.plain("best {best}, worst {worst}", best=best, worst=worst)


SCREEN = BestWorstScreen()
