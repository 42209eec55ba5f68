"""Signs that turn the direction of the text behind them: in a stranger's words they can make “0.05” read “50.0”."""

import re

# Embeddings and overrides, isolates whose direction is said, and the Arabic letter mark: nothing that people write.
TURNING = re.compile("[\u202a-\u202e\u2066\u2067\u061c]")
_ALL = re.compile("[\u202a-\u202e\u2066-\u2069\u061c]")


def without_turns(text: str) -> str:
    """The text without signs that turn it; first strong isolates, which our own screens write, stay."""
    return text if text.isascii() or not TURNING.search(text) else TURNING.sub("", text)


def plainly_directed(text: str) -> str:
    """A stranger's text without any of these signs: its direction follows from its letters."""
    return text if text.isascii() else _ALL.sub("", text)
