"""A place, shared."""

from collections.abc import Sequence

from handlers import task_buttons
from handlers.answers.text import TextScreen
from locales.translator import Html, Translator


class LocationScreen(TextScreen):
    def kind_label(self, t: Translator) -> str:
        return t.plain("📍 A place")

    def ask(self, buttons: task_buttons.TaskButtons, t: Translator) -> Html | None:
        return t(
            "📍 Answer with a place: the button below sends where you are. For another place press 📎, then Location."
        )

    def place_button(self, t: Translator) -> str:
        return t.plain("📍 Send where I am")

    def request(self, options: Sequence[str], t: Translator) -> Html | None:
        return None  # no words that a chatbot could write

    def describe(self, answer: str, t: Translator) -> str:
        return f"📍 {answer}"

    def right(self, gold: list[str], most: int, t: Translator) -> str:
        """Return the accepted places with the distance that is allowed, as they were written."""
        return t.one_of(gold[:most])

    def gold_hint(self, t: Translator) -> Html | None:
        return t("Or write it: <code>48.8584,2.2945 ±200</code> allows 200 metres.")


SCREEN = LocationScreen()
