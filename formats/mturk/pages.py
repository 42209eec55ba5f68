"""Strangers' pages: Mechanical Turk's addresses become this house's, and the words that are read on a page."""

from __future__ import annotations

import re
from html import escape, unescape

SUBMIT = re.compile(r"(?:https?:)?//(?:www|workersandbox)\.mturk\.com/mturk/externalSubmit", re.IGNORECASE)
RELATIVE = re.compile(r"""(action\s{0,9}=\s{0,9}["']?)/mturk/externalSubmit""", re.IGNORECASE)
CROWD = re.compile(r"(?:https?:)?//assets\.crowd\.aws/[\w./-]{0,80}crowd-html-elements[\w.-]{0,40}\.js", re.IGNORECASE)
EXTERNAL = re.compile(
    r"(?:https?:)?//(?:s3\.amazonaws\.com/mturk-public|mturk-public\.s3\.amazonaws\.com)/externalHIT_v1\.js",
    re.IGNORECASE,
)
HEAD = re.compile(r"<head(?:\s[^>]{0,500})?>", re.IGNORECASE)
HTML = re.compile(r"<html(?:\s[^>]{0,500})?>", re.IGNORECASE)
DOCTYPE = re.compile(r"\s*<!doctype[^>]{0,500}>", re.IGNORECASE)
VIEWPORT = re.compile(r"""name\s{0,9}=\s{0,9}["']?viewport""", re.IGNORECASE)
ON_A_PHONE = '<meta name="viewport" content="width=device-width, initial-scale=1">'
UNREAD = frozenset({"script", "style", "template", "noscript", "title"})


def housed(html: str, submit: str, scripts: str) -> str:
    """`submit` is where its form goes, `scripts` the address under which ours are: they take the place of Amazon's, and
    one comes first."""
    found = SUBMIT.sub(lambda _: escape(submit), html)
    found = RELATIVE.sub(lambda match: match[1] + escape(submit), found)
    found = CROWD.sub(lambda _: f"{scripts}/crowd.js", found)
    found = EXTERNAL.sub(lambda _: f"{scripts}/external_hit.js", found)
    first = f'<meta charset="utf-8"><script src="{scripts}/hit.js" data-submit="{escape(submit)}"></script>'
    first += "" if VIEWPORT.search(html) else ON_A_PHONE
    at = _after_head(found)
    return found[:at] + first + found[at:]


def _after_head(html: str) -> int:
    found = HEAD.search(html) or HTML.search(html) or DOCTYPE.match(html)
    return found.end() if found else 0


def visible(html: str) -> str:
    """What is read on it, in time that grows with its length alone."""
    before, *pieces = html.split("<")
    parts, unread = [before], ""
    for piece in pieces:
        tag, _, text = piece.partition(">")
        name = "".join(tag[:20].split()[:1]).lower()
        if unread and name != f"/{unread}":
            continue
        unread = name if name in UNREAD else ""
        parts += [] if unread else [text]
    return " ".join(unescape(" ".join(parts)).split())
