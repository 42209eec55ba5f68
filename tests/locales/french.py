"""French typography: the flaws of a text, in words."""

import re
from collections.abc import Iterator
from html import unescape

SPACES = "\u00a0\u202f"
# Times (16:53), addresses, smileys of none: only a colon after a word or a bracket is punctuation.
UNSPACED = re.compile(rf"[^\s{SPACES}][;!?%€»]|[\w)}}>»]:(?!//)(?=\s|$)")
LINK = re.compile(r"[€}]/[a-z]")  # Telegram makes a command of what follows: 13,13 €/h
BREAKABLE = re.compile(r" [:;!?%€»]|« |«(?![\u00a0\u202f])")


def flaws(text: str) -> Iterator[str]:
    """Of a message or a screen; tags, code and placeholders are not French."""
    plain = unescape(re.sub(r"<(code|pre)>.*?</\1>|<[^>]+>", "", text, flags=re.DOTALL))
    if "'" in plain:
        yield "a straight apostrophe"
    if found := BREAKABLE.search(plain):
        yield f"a space that may break, or none, at {found.group()!r}"
    if found := UNSPACED.search(plain):
        yield f"no space at {found.group()!r}"
    if found := LINK.search(plain):
        yield f"a command by accident at {found.group()!r}"
