"""Strangers' pages: Mechanical Turk's addresses become this house's, and the words that are read on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

from domain.mturk.page_storage import EMPTY
from formats.mturk.tags import read_tags

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
# A page that sends its answer itself: a form, or a script that makes one.
OWN_FORM = re.compile(r"<(?:crowd-)?form\b|externalSubmit|turkSubmitTo|createElement\(\s{0,9}.form\b", re.IGNORECASE)
FORM = (
    '<form name="mturk_form" method="post" id="mturk_form" action="{submit}">'
    '<input type="hidden" value="" name="assignmentId" id="assignmentId">'
)
SUBMIT_BUTTON = (
    '<p style="text-align:center;clear:both;padding:16px"><input type="submit" id="submitButton" value="{words}"'
    ' style="font-size:18px;padding:10px 28px"></p>'
)
OWN_BUTTON = re.compile(r"""\sid\s{0,9}=\s{0,9}["']?submitButton""", re.IGNORECASE)
ON_A_PHONE = '<meta name="viewport" content="width=device-width, initial-scale=1">'
CROWD_FORM = "crowd-form"
FIELDS = frozenset({"input", "select", "textarea"})
NAME = re.compile(r"""\sname\s{0,9}=\s{0,9}(?:"([^"]{1,200})"|'([^']{1,200})'|([^\s"'>]{1,200}))""", re.IGNORECASE)
NO_ANSWER = re.compile(r"""\stype\s{0,9}=\s{0,9}["']?(?:submit|button|image|reset|file)\b""", re.IGNORECASE)
IDS = frozenset({"assignmentId", "hitId", "workerId", "turkSubmitTo"})  # fields that are no answers
UNREAD = frozenset({"script", "style", "template", "noscript", "title"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is shown: `submit` is where its form goes, `scripts` the address under which ours are, `storage` the
    one that takes what the page stores (none for an admin), `stored` the document that is there, `button` the words on
    the button of a form that we add."""

    submit: str
    scripts: str
    storage: str = ""
    stored: str = EMPTY
    button: str = "Submit"


def put_in_place(html: str, place: Place) -> str:
    """Return the page with our scripts in the place of Amazon's, one of them before all others, its form aimed at
    `place.submit`, and in a form if it has none."""
    found = html if OWN_FORM.search(html) else _put_in_form(html, place)
    found = SUBMIT.sub(lambda _: escape(place.submit), found)
    found = RELATIVE.sub(lambda match: match[1] + escape(place.submit), found)
    found = CROWD.sub(lambda _: f"{place.scripts}/crowd.js", found)
    found = EXTERNAL.sub(lambda _: f"{place.scripts}/external_hit.js", found)
    about = {"submit": place.submit, "storage": place.storage, "stored": place.stored}
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in about.items())
    first = f'<meta charset="utf-8"><script src="{place.scripts}/hit.js" {data}></script>'
    first += "" if VIEWPORT.search(html) else ON_A_PHONE
    at = _after_doctype(found)
    return found[:at] + first + found[at:]


def _put_in_form(html: str, place: Place) -> str:
    """Return the page in a form as Amazon's site put layouts in one, by the names that its templates rely on."""
    tags = list(read_tags(html))
    starts = [tag.end for tag in tags if tag.name in ("/head", "body")]
    ends = [tag.start for tag in tags if tag.name in ("/body", "/html")]
    start = starts[-1] if starts else _after_doctype(html)
    end = next((end for end in ends if end >= start), len(html))
    opened = FORM.format(submit=escape(place.submit))
    button = "" if OWN_BUTTON.search(html) else SUBMIT_BUTTON.format(words=escape(place.button))
    return html[:start] + opened + html[start:end] + button + "</form>" + html[end:]


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
