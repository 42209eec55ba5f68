"""The words of one problem of a file: its column, and what was expected."""

from typing import Any

from formats.english import EXPECTED
from handlers.screens.layout.fitting import clipped
from locales import Translator

NAMED = 300  # characters of a typed text, or of a list of accepted values


def column_of(error: dict[str, Any], t: Translator) -> str:
    """A column without a usable name is known by its place."""
    named: str = error["column"] or ""
    return t.plain("column {number}", number=named) if named.isdecimal() else named


def wording(error: dict[str, Any], t: Translator, width: int = NAMED) -> str:
    """What was expected; lists in it are cut to `width`."""
    facts = {k: clipped(", ".join(v), width) if isinstance(v, list) else v for k, v in error["facts"].items()}
    text = EXPECTED[error["expected"]]
    return t.plain(text, **facts)
