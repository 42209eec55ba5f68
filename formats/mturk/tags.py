"""Tags of an HTML page as a browser sees them: not those in comments, scripts and other text that is no markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
# A tag from its name to its end; a value in quotes may hold a `>`. Possessive: what has no end is read once.
_TAG = re.compile(r"""(/?[a-zA-Z][^\s/>]*+)(?:[^>"']|"[^"]*+"|'[^']*+')*+>""")
_NAME = re.compile(r"</?[^\s/>]*+")
_LONGEST_NAME = 40
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")


class Tag(NamedTuple):
    """`name` in lower case, an end tag's with its slash; the tag is `html[start:end]`, what follows it up to the next
    tag or comment, or up to the end tag of a raw element, is `html[end:until]`."""

    name: str
    start: int
    end: int
    until: int


def read_tags(html: str) -> Iterator[Tag]:
    """In time that grows with the length alone. A tag or comment without an end is the last that is looked at."""
    at = html.find("<")
    while at >= 0:
        if html.startswith("<!--", at):
            closed = html.find("-->", at + 2)
            at = html.find("<", closed + 3) if closed >= 0 else -1
            continue
        found = _TAG.match(html, at + 1)
        if found is None:
            if html[at + 1 : at + 3].lstrip("/")[:1].isalpha():
                return
            at = html.find("<", at + 1)
            continue
        name = found[1][:_LONGEST_NAME].lower()
        until = _end_of_raw(html, name, found.end()) if name in RAW else html.find("<", found.end())
        yield Tag(name, at, found.end(), until if until >= 0 else len(html))
        at = until


def read_attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag by their names in lower case, the first of a name, as they are written."""
    attributes: dict[str, str] = {}
    behind_name = _NAME.match(tag)
    for name, *values in _ATTRIBUTE.findall(tag, behind_name.end() if behind_name else 0):
        attributes.setdefault(name.lower(), "".join(values))
    return attributes


def _end_of_raw(html: str, name: str, at: int) -> int:
    """The place of the end tag, or -1."""
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, at)
    return found.start() if found else -1
