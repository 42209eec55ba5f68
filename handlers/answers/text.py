"""Words, typed: there is nothing to press."""

from collections.abc import Sequence

from handlers import answers, task_buttons
from locales.translator import Html, Translator


class TextScreen(answers.AnswerScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("✍️ Words they write")

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t("✍️ Write your answer to me.")

    def request(self, options: Sequence[str], t: Translator) -> Html | None:
        return t(
            "🙏 In your own words, please, without a chatbot: the requester needs what a person thinks. "
            "If you used one, press ⋯ and “I used a tool” afterwards: you are paid all the same."
        )

    def rows(self, buttons: task_buttons.TaskButtons, t: Translator) -> answers.Rows:
        return []


SCREEN = TextScreen()
