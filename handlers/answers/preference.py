"""One press on the better one: much better, slightly better, or neither."""

from collections.abc import Sequence

from domain.answers.preference import KIND, MUCH, NEITHER, parts_of
from handlers import answers, task_buttons
from handlers.screen import Button, Picture, clipped, split_option_pictures
from locales.translator import Html, Translator

NAME = 40  # characters of what is compared, on a button


class PreferenceScreen(answers.AnswerScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("⚖️ Better, and by how much")

    def pictures(self, text: str, options: Sequence[str]) -> tuple[str, tuple[Picture, ...]]:
        return split_option_pictures(text, KIND.get_compared_labels(options))

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("⚖️ Which one is better?")

    def rows(self, buttons: task_buttons.TaskButtons, t: Translator) -> answers.Rows:
        """Return a column of grades for each name where that has room, the surest first, and one row for neither; else
        a row for each grade, from one name to the other."""
        has_margins = any(MUCH in option for option in buttons.options)
        words = [_describe_grade(option, has_margins, t) for option in buttons.options]
        keys = [Button(word, buttons.press(number)) for number, word in enumerate(words)]
        if max(map(len, words)) > t.half_row:
            return [(key,) for key in keys]
        pairs = len(keys) // 2
        middle = [(key,) for key in keys[pairs : len(keys) - pairs]]
        return [*((keys[at], keys[-1 - at]) for at in range(pairs)), *middle]

    def describe_options(self, options: Sequence[str], room: int, t: Translator) -> Html:
        has_margins = any(MUCH in option for option in options)
        words = " ] [ ".join(_describe_grade(option, has_margins, t) for option in options)
        return t("[ {options} ]", options=clipped(words, room))

    def describe(self, answer: str, t: Translator) -> str:
        return _describe_grade(answer, False, t)


def _describe_grade(grade: str, has_margins: bool, t: Translator) -> str:
    """Return the grade in words; without margins it does not say by how much."""
    better, sign, _ = parts_of(grade)
    name = clipped(better, NAME)
    if sign == NEITHER:
        return t.plain("About the same")
    if sign == MUCH:
        return t.plain("{name}: much better", name=name)
    return t.plain("{name}: slightly better", name=name) if has_margins else t.plain("{name} is better", name=name)


SCREEN = PreferenceScreen()
