"""Normalisation of spellings, for comparison."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from hmac import new

MOST = 5_000  # of one qualification
NAMED = re.compile(r"(@[a-z][a-z0-9_]{3,31}|[1-9][0-9]{3,14})", re.IGNORECASE)


def mark_of(secret: bytes, name: str) -> str:
    """Of `@name`, in any case, or of a number."""
    return new(secret, f"awaited:{name.lower()}".encode(), "sha256").hexdigest()


def marks_of(secret: bytes, username: str | None, telegram_id: int | None) -> list[str]:
    """Those under which a person may be awaited; the number comes first."""
    names = [*([str(telegram_id)] if telegram_id is not None else []), *([f"@{username}"] if username else [])]
    return [mark_of(secret, name) for name in names]


# Embeddings and overrides, isolates whose direction is said, and the Arabic letter mark: nothing that people write.
TURNING = re.compile("[\u202a-\u202e\u2066\u2067\u061c]")
_ALL = re.compile("[\u202a-\u202e\u2066-\u2069\u061c]")


def without_turns(text: str) -> str:
    """The text without signs that turn it; first strong isolates, which our own screens write, stay."""
    return text if text.isascii() or not TURNING.search(text) else TURNING.sub("", text)


def plainly_directed(text: str) -> str:
    """A stranger's text without any of these signs: its direction follows from its letters."""
    return text if text.isascii() else _ALL.sub("", text)


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
