"""The texts: one gettext catalogue a language, Babel for money, numbers, dates. English is the source."""

from locales.languages import LANGUAGES, Language, language_for
from locales.translator import Html, Translator, translator

__all__ = ["LANGUAGES", "Html", "Language", "Translator", "language_for", "translator"]
