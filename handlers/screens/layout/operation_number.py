"""The number of an operation, as every message about money ends with it."""

from locales import Html, Translator


def numbered(number: int | None, t: Translator) -> Html | None:
    """With the command that explains it, in one word: a tap sends all of it."""
    return t("Operation #{number} · /why_{number}", number=number) if number else None
