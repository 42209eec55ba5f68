"""Strangers' pages: Mechanical Turk's addresses become this house's, and the words that are read on a page."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from domain.fairness.first_look import MAX_FIELDS, MAX_HOSTS, QuestionLook
from domain.people.question_forms import Question, QuestionForm
from extensions.mturk.domain.hits import EMPTY
from extensions.mturk.domain.questions import PageQuestion

LARGEST = 10_000_000  # bytes of a file
LONGEST_LAYOUT = 128 << 10  # bytes
LAYOUTS, TYPES, WORKERS = "layouts", "qualification-types.json", "workers.csv"
WORKER = ("WorkerId", "Worker ID")
CURRENT = "CURRENT-"  # begins the columns of values in the list of Amazon's site


class Unreadable(ValueError):
    """Which file, and what was expected."""


@dataclass(frozen=True, slots=True)
class Value:
    """`type` is the id or the name of a qualification type."""

    worker: str
    type: str
    value: int


@dataclass(frozen=True, slots=True)
class Saved:
    """Layouts by their files' names, types as Amazon's API has them, and values of workers."""

    layouts: Mapping[str, str]
    types: tuple[Mapping[str, Any], ...]
    values: tuple[Value, ...]


def read(place: Path) -> Saved:
    """Raises Unreadable."""
    if not place.is_dir():
        raise Unreadable(f"{place}: expected a directory with {LAYOUTS}/, {TYPES} or {WORKERS}")
    found = Saved(dict(_layouts(place / LAYOUTS)), tuple(_types(place / TYPES)), tuple(_values(place / WORKERS)))
    if not (found.layouts or found.types or found.values):
        raise Unreadable(f"{place}: expected {LAYOUTS}/ID.html, {TYPES} or {WORKERS}")
    return found


def _layouts(place: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(place.glob("*")) if place.is_dir() else ():
        if file.suffix.lower() in (".html", ".htm", ".xml"):
            text = _text(file)
            if len(text.encode()) > LONGEST_LAYOUT:
                raise Unreadable(f"{file}: a layout has at most {LONGEST_LAYOUT} bytes")
            yield file.stem, text


def _types(file: Path) -> Iterator[Mapping[str, Any]]:
    if not file.is_file():
        return
    try:
        said = json.loads(_text(file))
    except ValueError as error:
        raise Unreadable(f"{file}: {error}") from None
    listed = said.get("QualificationTypes") if isinstance(said, dict) else said
    if not isinstance(listed, list) or not all(isinstance(each, dict) and each.get("Name") for each in listed):
        raise Unreadable(f"{file}: expected what `aws mturk list-qualification-types` prints")
    yield from listed


def _values(file: Path) -> Iterator[Value]:
    if not file.is_file():
        return
    rows = csv.DictReader(StringIO(_text(file), newline=""))
    names = rows.fieldnames or ()
    who = next((name for name in WORKER if name in names), None)
    columns = {name: name.removeprefix(CURRENT) for name in names if name.startswith(CURRENT)}
    if who is None or not (columns or "QualificationTypeId" in names):
        raise Unreadable(f"{file}: expected WorkerId,QualificationTypeId,IntegerValue or Amazon's list of workers")
    for number, row in enumerate(rows, 2):
        of = columns.items() if columns else [("IntegerValue", row["QualificationTypeId"] or "")]
        for column, type_ in of:
            said = (row.get(column) or ("" if columns else "1")).strip()
            if said and row[who]:
                yield Value(row[who].strip(), type_, _whole(said, f"{file}, line {number}"))


def _whole(said: str, where: str) -> int:
    if not said.removeprefix("-").isdecimal() or len(said) > 10:
        raise Unreadable(f"{where}: expected a whole number, not {said[:40]}")
    return int(said)


def _text(file: Path) -> str:
    if file.stat().st_size > LARGEST:
        raise Unreadable(f"{file}: expected at most {LARGEST} bytes")
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{file}: expected UTF-8") from None


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


FORM_FIELD_TAGS = frozenset({"input", "select", "textarea", "crowd-input", "crowd-text-area", "crowd-checkbox"})
NO_FIELDS = frozenset({"hidden", "submit", "button", "reset", "image"})
SHOWN = ("placeholder", "value", "title", "alt", "aria-label", "label", "header", "content", "legend", "summary")
ADDRESSES = ("src", "href", "action", "formaction", "data", "srcset", "poster")
# What a field asks for whose words do not say it, in words that the list of red flags knows.
ASKS_FOR = {
    "password": "password",
    "tel": "phone number",
    "email": "your email",
    "file": "upload",
    "one-time-code": "one-time code",
    "cc-number": "card number",
    "cc-csc": "cvv",
    "current-password": "password",
    "street-address": "your address",
}
LONGEST_NAME = 60  # characters of a field's name
_ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9.-]{1,253}", re.IGNORECASE)


def look_at(question: QuestionForm | PageQuestion) -> QuestionLook:
    if isinstance(question, QuestionForm):
        media = (address for _, address in question.media)
        return QuestionLook("", "\n\n".join((question.text, *map(_asked, question.questions))), hidden="\n".join(media))
    if question.url:
        return QuestionLook(question.url, "")
    return _look_at_page(question.html)


def _asked(question: Question) -> str:
    """A question with its options, a line each."""
    return "\n".join((question.text, *(f"• {option}" for option in question.options)))


def _look_at_page(html: str) -> QuestionLook:
    fields: dict[str, None] = {}
    written: list[str] = []
    for tag in read_tags(html):
        attributes = {name: unescape(value) for name, value in read_attributes(html[tag.start : tag.end]).items()}
        if tag.name in FORM_FIELD_TAGS and attributes.get("type", "").lower() not in NO_FIELDS:
            fields[_field(tag.name, attributes)] = None
        written += [attributes[name] for name in (*SHOWN, *ADDRESSES) if name in attributes]
        written += [value for name, value in attributes.items() if name.startswith("on")]
        if tag.name in ("script", "style", "iframe"):
            written.append(html[tag.end : tag.until])
        if "srcdoc" in attributes:
            written.append(attributes["srcdoc"])
    fields.pop("", None)
    hosts = dict.fromkeys(_host(found) for found in _ADDRESS.findall(html))
    shown = tuple(fields)[:MAX_FIELDS], tuple(filter(None, hosts))[:MAX_HOSTS]
    return QuestionLook("", visible(html), *shown, "\n".join(written))


def _field(name: str, attributes: dict[str, str]) -> str:
    """Its name, its sort, and what it asks for; "" for one that the page fills in itself."""
    called = attributes.get("name") or attributes.get("id", "")
    if called in IDS:
        return ""
    sort = attributes.get("type", "").lower() or {"select": "select", "textarea": "textarea"}.get(name, "text")
    known = (ASKS_FOR.get(value) for value in (sort, attributes.get("autocomplete", "").lower()))
    return f"{called[:LONGEST_NAME] or '?'} ({', '.join(dict.fromkeys((sort[:LONGEST_NAME], *filter(None, known))))})"


def _host(address: str) -> str:
    try:
        return urlsplit(address if ":" in address else f"https:{address}").hostname or ""
    except ValueError:
        return ""
