"""Fits text into one message, as Telegram counts: UTF-16 units of the visible text, not of its HTML."""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape

from locales import Html, Translator

MESSAGE, CAPTION = 4096, 1024
_TAG = re.compile(r"<[^>]+>")
_RUNS = re.compile(r"<[^>]+>|[^<]+|<")  # tags, and the text between them
_PIECES = re.compile(r"&#?\w+;|[^<&]+|[<&]")  # of such a text
_OTHER = re.compile(r"&(?!(?:lt|gt|amp);)")
ROWS = 3000  # of a list; what stands around it has the rest


@lru_cache(256)
def visible(html: str) -> int:
    """How long Telegram finds it, once its tags are read."""
    bare = _TAG.sub("", html) if "<" in html else html
    return _units(_read(bare) if "&" in bare else bare)


def _read(text: str) -> str:
    """Text with its references read; those that escaping writes are read ten times faster."""
    if _OTHER.search(text):
        return unescape(text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clipped(text: str, room: int) -> str:
    """Plain text of at most `room` units, ended with … where something is left out."""
    if 2 * len(text) <= room or _units(text) <= room:  # a character has at most two units
        return text
    return _first(text, max(0, room - 1)).rstrip() + "…"


def _first(text: str, units: int) -> str:
    return text.encode("utf-16-le", "replace")[: 2 * units].decode("utf-16-le", "ignore")


def _is_tag(piece: str) -> bool:
    return len(piece) > 1 and piece[0] == "<"


def shortened(html: str, room: int) -> str:
    """The same in at most `room` units as they are read, its tags closed, ended with … where something is left out."""
    if 2 * len(html) <= room or visible(html) <= room:
        return html
    kept, left = list[str](), room - 1
    for found in _RUNS.finditer(html):
        run = found.group()
        size = 0 if _is_tag(run) else _units(_read(run))
        if size > left:
            kept.append(_head(run, left))
            break
        kept.append(run)
        left -= size
    return "".join(kept).rstrip() + "…" + "".join(f"</{name}>" for name in _still_open(kept))


def _head(run: str, left: int) -> str:
    """As much of a text as there is room for; a reference is not cut."""
    kept = list[str]()
    for found in _PIECES.finditer(run):
        piece = found.group()
        size = _units(_read(piece))
        if size > left:
            kept.append("" if piece[0] in "<&" else _first(piece, left))
            break
        kept.append(piece)
        left -= size
    return "".join(kept)


def _still_open(pieces: list[str]) -> list[str]:
    """The names of the tags to be closed, innermost first."""
    names = list[str]()
    for piece in pieces:
        if piece.startswith("</"):
            names.pop()
        elif piece.startswith("<"):
            names.append(re.split(r"[\s>]", piece[1:], maxsplit=1)[0])
    return names[::-1]


def filled(rows: Iterable[Html], room: int) -> tuple[list[Html], bool]:
    """As many rows as there is room for, painted no further than that; whether these are all."""
    kept: list[Html] = []
    for row in rows:
        room -= visible(row) + 1
        if room < 0:
            return kept, False
        kept.append(row)
    return kept, True


def fitted(rows: Iterable[Html], t: Translator, total: int | None = None, room: int = ROWS) -> list[Html]:
    """As many rows as there is room for, and how many more there are."""
    if total is None:
        rows = list(rows)
        total = len(rows)
    kept, _ = filled(rows, room)
    return told(kept, t, total)


def told(kept: list[Html], t: Translator, total: int) -> list[Html]:
    """What was kept, and how many more there are."""
    more = total - len(kept)
    return [*kept, t.n("… and {count} more", "… and {count} more", more)] if more > 0 else kept


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
