"""Normalisation of spellings, for comparison."""

import unicodedata


def folded(text: str) -> str:
    """Lower case, no accents, white space as single blanks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())
