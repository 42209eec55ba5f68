"""A number, typed."""

from collections.abc import Sequence

from domain.answers.number import bounds, plain
from handlers import task_buttons
from handlers.answers.text import TextScreen
from locales.translator import Html, Translator


class NumberScreen(TextScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("🔢 A number")

    def request(self, options: Sequence[str], t: Translator) -> Html | None:
        return None

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("✍️ Answer with a number: write it to me, for example <i>12.5</i>")

    def describe(self, answer: str, t: Translator) -> str:
        """Return the number with the reader's decimal mark, since stored answers have a point; of gold with a range,
        the range."""
        accepted_range = bounds(answer)
        if accepted_range is None or accepted_range[0] == accepted_range[1]:
            return t.decimals(answer)
        low, high = (t.decimals(plain(bound)) for bound in accepted_range)
        return t.plain("from {low} to {high}", low=low, high=high)

    def gold_hint(self, t: Translator) -> Html | None:
        return t("<code>12±0.5</code> allows a difference, <code>10..14</code> a range.")


SCREEN = NumberScreen()
