"""Strangers' pages: Mechanical Turk's addresses become this house's, and the words that are read on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape, unescape

SUBMIT = re.compile(r"(?:https?:)?//(?:www|workersandbox)\.mturk\.com/mturk/externalSubmit", re.IGNORECASE)
RELATIVE = re.compile(r"""(action\s{0,9}=\s{0,9}["']?)/mturk/externalSubmit""", re.IGNORECASE)
CROWD = re.compile(r"(?:https?:)?//assets\.crowd\.aws/[\w./-]{0,80}crowd-html-elements[\w.-]{0,40}\.js", re.IGNORECASE)
EXTERNAL = re.compile(
    r"(?:https?:)?//(?:s3\.amazonaws\.com/mturk-public|mturk-public\.s3\.amazonaws\.com)/externalHIT_v1\.js",
    re.IGNORECASE,
)
SPACE = re.compile(r"[\s\ufeff]*")
DOCTYPE = re.compile(r"<!doctype[^>]{0,500}>", re.IGNORECASE)
VIEWPORT = re.compile(r"""name\s{0,9}=\s{0,9}["']?viewport""", re.IGNORECASE)
ON_A_PHONE = '<meta name="viewport" content="width=device-width, initial-scale=1">'
CROWD_FORM = "crowd-form"
FIELDS = frozenset({"input", "select", "textarea"})
NAME = re.compile(r"""\sname\s{0,9}=\s{0,9}(?:"([^"]{1,200})"|'([^']{1,200})'|([^\s"'>]{1,200}))""", re.IGNORECASE)
NO_ANSWER = re.compile(r"""\stype\s{0,9}=\s{0,9}["']?(?:submit|button|image|reset|file)\b""", re.IGNORECASE)
IDS = frozenset({"assignmentId", "hitId", "workerId", "turkSubmitTo"})  # fields that are no answers
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
    at = _after_doctype(found)
    return found[:at] + first + found[at:]


def _after_doctype(html: str) -> int:
    """Where what is put there comes before all that runs or is shown, and the page stays of its type. A head that is
    written there may stand in a comment, or behind a script."""
    at = _end_of(SPACE, html, 0)
    while html.startswith("<!--", at):
        closed = html.find("-->", at + 2)
        if closed < 0:
            return 0
        at = _end_of(SPACE, html, closed + 3)
    found = DOCTYPE.match(html, at)
    return found.end() if found else 0


def _end_of(pattern: re.Pattern[str], html: str, at: int) -> int:
    found = pattern.match(html, at)
    return found.end() if found else at


def visible(html: str) -> str:
    """What is read on it."""
    parts = [html.partition("<")[0], *(text for _, _, text in _elements(html, UNREAD))]
    return " ".join(unescape(" ".join(parts)).split())


@lru_cache(maxsize=64)
def unanswered(html: str) -> Mapping[str, str]:
    """Its fields without an answer, as far as they stand in it: of Amazon's form there is one."""
    found: dict[str, str] = {}
    for name, tag, _ in _elements(html, frozenset({"script", "style"})):
        if name == CROWD_FORM:
            return {"taskAnswers": "[{}]"}
        given = NAME.search(tag) if name in FIELDS and not NO_ANSWER.search(tag) else None
        if given:
            found[unescape(given[1] or given[2] or given[3])] = ""
    return {name: value for name, value in found.items() if name not in IDS}


def _elements(html: str, unread: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Name, tag and what stands behind it, without what is in `unread`, in time that grows with its length alone."""
    _, *pieces = html.split("<")
    skipped = ""
    for piece in pieces:
        tag, _, text = piece.partition(">")
        name = "".join(tag[:20].split()[:1]).lower()
        if skipped and name != f"/{skipped}":
            continue
        skipped = name if name in unread else ""
        if not skipped:
            yield name, tag, text
