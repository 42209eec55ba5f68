"""The texts: one gettext catalogue a language, Babel for money, numbers, dates. English is the source."""

from locales.translator import LANGUAGES, Html, Translator, language_for, translator

__all__ = ["LANGUAGES", "Html", "Translator", "language_for", "translator"]
