"""Normalisation of spellings, for comparison."""

import unicodedata
from collections.abc import Callable, Sequence


def folded(text: str) -> str:
    """Lower case, no accents, white space as single blanks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())


def same(text: str) -> str:
    """Lower case, white space as single blanks; accents count."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def named(written: str, options: Sequence[str]) -> str | None:
    """The option with this name, ignoring case and white space; and accents, where only one is meant by it then."""
    if written in options:
        return written
    for spelling in (same, folded):
        found = _spelled(written, options, spelling)
        if len(found) == 1:
            return found[0]
    return None


def _spelled(written: str, options: Sequence[str], spelling: Callable[[str], str]) -> list[str]:
    sought = spelling(written)
    return [option for option in options if spelling(option) == sought]
