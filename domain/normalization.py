"""Normalisation of spellings, for comparison."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from hmac import new

MAX_AWAITED_NAMES = 5_000  # of one qualification
AWAITED_NAME_PATTERN = re.compile(r"(@[a-z][a-z0-9_]{3,31}|[1-9][0-9]{3,14})", re.IGNORECASE)


def hash_awaited_name(secret: bytes, name: str) -> str:
    """Return the keyed hash of `@name`, in any case, or of a Telegram id in digits."""
    return new(secret, f"awaited:{name.lower()}".encode(), "sha256").hexdigest()


def list_awaited_hashes(secret: bytes, username: str | None, telegram_id: int | None) -> list[str]:
    """Return the hashes under which a person may be awaited; that of the id comes first."""
    names = [*([str(telegram_id)] if telegram_id is not None else []), *([f"@{username}"] if username else [])]
    return [hash_awaited_name(secret, name) for name in names]


# Embeddings and overrides, isolates whose direction is said, and the Arabic letter mark: nothing that people write.
TURNING_SIGNS = re.compile("[\u202a-\u202e\u2066\u2067\u061c]")
_DIRECTION_SIGNS = re.compile("[\u202a-\u202e\u2066-\u2069\u061c]")


def remove_turning_signs(text: str) -> str:
    """Return the text without signs that turn its direction; first strong isolates, which our screens write, stay."""
    return text if text.isascii() or not TURNING_SIGNS.search(text) else TURNING_SIGNS.sub("", text)


def remove_direction_signs(text: str) -> str:
    """Return a stranger's text without any direction signs: its direction follows from its letters."""
    return text if text.isascii() else _DIRECTION_SIGNS.sub("", text)


def fold_case_and_accents(text: str) -> str:
    """Return the text in lower case, without accents, with white space as single blanks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())


def fold_case(text: str) -> str:
    """Return the text in lower case with white space as single blanks; accents stay."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def find_option(text: str, options: Sequence[str]) -> str | None:
    """Return the option with this name, ignoring case and white space, and accents if only one option matches then;
    None without a match."""
    if text in options:
        return text
    for spelling in (fold_case, fold_case_and_accents):
        matches = _list_with_spelling(text, options, spelling)
        if len(matches) == 1:
            return matches[0]
    return None


def _list_with_spelling(text: str, options: Sequence[str], spelling: Callable[[str], str]) -> list[str]:
    sought = spelling(text)
    return [option for option in options if spelling(option) == sought]
