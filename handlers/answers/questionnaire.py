"""The questions of a HIT, asked as a form's are, or on a page of its requester's."""

from collections.abc import Sequence

from domain.projects.form_questions import is_on_page
from handlers import answers, task_buttons
from handlers.answers.form import FormScreen
from locales.translator import Html, Translator

ON_PAGE = answers.OnPageScreen()


class QuestionnaireScreen(FormScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("📝 Questions of a program")

    def request(self, options: Sequence[str], t: Translator) -> Html | None:
        return None if is_on_page(options) else super().request(options, t)

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        if is_on_page(buttons.options):
            return t("🌐 The requester's own page asks: press the button.")
        return super().ask(buttons, t)

    def rows(self, buttons: task_buttons.TaskButtons, t: Translator) -> answers.Rows:
        return ON_PAGE.rows(buttons, t) if is_on_page(buttons.options) else super().rows(buttons, t)

    def describe_options(self, options: Sequence[str], room: int, t: Translator) -> Html:
        return Html("") if is_on_page(options) else super().describe_options(options, room, t)


SCREEN = QuestionnaireScreen()
