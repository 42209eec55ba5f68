"""A screen that asks for a reason: what it is about, the question, and who will read the answer."""

from handlers.screens.screen import Screen, lines
from locales import Html, Translator


def reason_asked(about: Html, readers: Html, t: Translator) -> Screen:
    return Screen(lines(about, t("✏️ <b>Why? Write it to me in one message.</b>"), readers))
