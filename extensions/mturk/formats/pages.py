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

MAX_FILE_BYTES = 10_000_000  # bytes of a file
MAX_LAYOUT_BYTES = 128 << 10  # bytes
LAYOUTS, TYPES, WORKERS = "layouts", "qualification-types.json", "workers.csv"
WORKER = ("WorkerId", "Worker ID")
CURRENT = "CURRENT-"  # begins the columns of values in the list of Amazon's site


class Unreadable(ValueError):
    """A file that cannot be read; its text says which, and what was expected."""


@dataclass(frozen=True, slots=True)
class Value:
    """A worker's value of a qualification; `type` is the type's id or name."""

    worker: str
    type: str
    value: int


@dataclass(frozen=True, slots=True)
class Saved:
    """Layouts by their files' names, types as Amazon's API has them, and values of workers."""

    layouts: Mapping[str, str]
    types: tuple[Mapping[str, Any], ...]
    values: tuple[Value, ...]


def read_saved(place: Path) -> Saved:
    """Return what a directory holds that was saved from Amazon's site. Raise Unreadable."""
    if not place.is_dir():
        raise Unreadable(f"{place}: expected a directory with {LAYOUTS}/, {TYPES} or {WORKERS}")
    saved = Saved(
        dict(_read_layouts(place / LAYOUTS)), tuple(_read_types(place / TYPES)), tuple(_read_values(place / WORKERS))
    )
    if not (saved.layouts or saved.types or saved.values):
        raise Unreadable(f"{place}: expected {LAYOUTS}/ID.html, {TYPES} or {WORKERS}")
    return saved


def _read_layouts(place: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(place.glob("*")) if place.is_dir() else ():
        if file.suffix.lower() in (".html", ".htm", ".xml"):
            text = _read_text(file)
            if len(text.encode()) > MAX_LAYOUT_BYTES:
                raise Unreadable(f"{file}: a layout has at most {MAX_LAYOUT_BYTES} bytes")
            yield file.stem, text


def _read_types(file: Path) -> Iterator[Mapping[str, Any]]:
    if not file.is_file():
        return
    try:
        content = json.loads(_read_text(file))
    except ValueError as error:
        raise Unreadable(f"{file}: {error}") from None
    listed = content.get("QualificationTypes") if isinstance(content, dict) else content
    if not isinstance(listed, list) or not all(isinstance(member, dict) and member.get("Name") for member in listed):
        raise Unreadable(f"{file}: expected what `aws mturk list-qualification-types` prints")
    yield from listed


def _read_values(file: Path) -> Iterator[Value]:
    if not file.is_file():
        return
    rows = csv.DictReader(StringIO(_read_text(file), newline=""))
    names = rows.fieldnames or ()
    who = next((name for name in WORKER if name in names), None)
    columns = {name: name.removeprefix(CURRENT) for name in names if name.startswith(CURRENT)}
    if who is None or not (columns or "QualificationTypeId" in names):
        raise Unreadable(f"{file}: expected WorkerId,QualificationTypeId,IntegerValue or Amazon's list of workers")
    for number, row in enumerate(rows, 2):
        type_columns = columns.items() if columns else [("IntegerValue", row["QualificationTypeId"] or "")]
        for column, type_ in type_columns:
            cell = (row.get(column) or ("" if columns else "1")).strip()
            if cell and row[who]:
                yield Value(row[who].strip(), type_, _parse_whole_number(cell, f"{file}, line {number}"))


def _parse_whole_number(text: str, where: str) -> int:
    if not text.removeprefix("-").isdecimal() or len(text) > 10:
        raise Unreadable(f"{where}: expected a whole number, not {text[:40]}")
    return int(text)


def _read_text(file: Path) -> str:
    if file.stat().st_size > MAX_FILE_BYTES:
        raise Unreadable(f"{file}: expected at most {MAX_FILE_BYTES} bytes")
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{file}: expected UTF-8") from None


RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
# A tag from its name to its end; a value in quotes may hold a `>`. Possessive: what has no end is read once.
_TAG = re.compile(r"""(/?[a-zA-Z][^\s/>]*+)(?:[^>"']|"[^"]*+"|'[^']*+')*+>""")
_NAME = re.compile(r"</?[^\s/>]*+")
_MAX_TAG_NAME_CHARS = 40
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")


class Tag(NamedTuple):
    """`name` in lower case, an end tag's with its slash; the tag is `html[start:end]`, what follows it up to the next
    tag or comment, or up to the end tag of a raw element, is `html[end:until]`."""

    name: str
    start: int
    end: int
    until: int


def read_tags(html: str) -> Iterator[Tag]:
    """Yield the tags of a page in time that grows with its length alone. A tag or comment without an end is the last
    one."""
    start = html.find("<")
    while start >= 0:
        if html.startswith("<!--", start):
            closed = html.find("-->", start + 2)
            start = html.find("<", closed + 3) if closed >= 0 else -1
            continue
        match = _TAG.match(html, start + 1)
        if match is None:
            if html[start + 1 : start + 3].lstrip("/")[:1].isalpha():
                return
            start = html.find("<", start + 1)
            continue
        name = match[1][:_MAX_TAG_NAME_CHARS].lower()
        until = _find_raw_end(html, name, match.end()) if name in RAW else html.find("<", match.end())
        yield Tag(name, start, match.end(), until if until >= 0 else len(html))
        start = until


def read_attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag by their names in lower case, the first of a name, as they are written."""
    attributes: dict[str, str] = {}
    behind_name = _NAME.match(tag)
    for name, *values in _ATTRIBUTE.findall(tag, behind_name.end() if behind_name else 0):
        attributes.setdefault(name.lower(), "".join(values))
    return attributes


def _find_raw_end(html: str, name: str, start: int) -> int:
    """Return the position of a raw element's end tag, or -1."""
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, start)
    return match.start() if match else -1


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
class PagePlace:
    """Addresses and texts around a shown page: `submit` is the address of its form, `scripts` the base address of our
    scripts, `storage` the address that takes what the page stores (empty for an admin), `stored` the present document,
    `button` the label of the button of a form that we add."""

    submit: str
    scripts: str
    storage: str = ""
    stored: str = EMPTY
    button: str = "Submit"


def put_in_place(html: str, place: PagePlace) -> str:
    """Return the page with our scripts in the place of Amazon's, one of them before all others, its form aimed at
    `place.submit`, and in a form if it has none."""
    page = html if OWN_FORM.search(html) else _put_in_form(html, place)
    page = SUBMIT.sub(lambda _: escape(place.submit), page)
    page = RELATIVE.sub(lambda match: match[1] + escape(place.submit), page)
    page = CROWD.sub(lambda _: f"{place.scripts}/crowd.js", page)
    page = EXTERNAL.sub(lambda _: f"{place.scripts}/external_hit.js", page)
    facts = {"submit": place.submit, "storage": place.storage, "stored": place.stored}
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in facts.items())
    head = f'<meta charset="utf-8"><script src="{place.scripts}/hit.js" {data}></script>'
    head += "" if VIEWPORT.search(html) else ON_A_PHONE
    start = _find_start(page)
    return page[:start] + head + page[start:]


def _put_in_form(html: str, place: PagePlace) -> str:
    """Return the page in a form as Amazon's site put layouts in one, by the names that its templates rely on."""
    tags = list(read_tags(html))
    starts = [tag.end for tag in tags if tag.name in ("/head", "body")]
    ends = [tag.start for tag in tags if tag.name in ("/body", "/html")]
    start = starts[-1] if starts else _find_start(html)
    end = next((end for end in ends if end >= start), len(html))
    opened = FORM.format(submit=escape(place.submit))
    button = "" if OWN_BUTTON.search(html) else SUBMIT_BUTTON.format(words=escape(place.button))
    return html[:start] + opened + html[start:end] + button + "</form>" + html[end:]


def _find_start(html: str) -> int:
    """Return the position before all that runs or is shown, behind the doctype, so that the page stays of its type. A
    written head may stand in a comment, or behind a script, and is therefore not used."""
    position = _find_end_of(SPACE, html, 0)
    while html.startswith("<!--", position):
        closed = html.find("-->", position + 2)
        if closed < 0:
            return 0
        position = _find_end_of(SPACE, html, closed + 3)
    match = DOCTYPE.match(html, position)
    return match.end() if match else 0


def _find_end_of(pattern: re.Pattern[str], html: str, start: int) -> int:
    match = pattern.match(html, start)
    return match.end() if match else start


def get_visible_text(html: str) -> str:
    """Return the words that are read on a page."""
    parts = [html.partition("<")[0], *(text for _, _, text in _iterate_elements(html, UNREAD))]
    return " ".join(unescape(" ".join(parts)).split())


@lru_cache(maxsize=64)
def list_unanswered_fields(html: str) -> Mapping[str, str]:
    """Return the fields that stand in a page, without answers; a form of Amazon's own elements has one."""
    fields: dict[str, str] = {}
    for name, tag, _ in _iterate_elements(html, frozenset({"script", "style"})):
        if name == CROWD_FORM:
            return {"taskAnswers": "[{}]"}
        name_match = NAME.search(tag) if name in FIELDS and not NO_ANSWER.search(tag) else None
        if name_match:
            fields[unescape(name_match[1] or name_match[2] or name_match[3])] = ""
    return {name: value for name, value in fields.items() if name not in IDS}


def _iterate_elements(html: str, unread: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Yield name, tag and the text behind it, without elements in `unread`, in time that grows with the page's length
    alone."""
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
MAX_FIELD_NAME_CHARS = 60  # characters of a field's name
_ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9.-]{1,253}", re.IGNORECASE)


def describe_question(question: QuestionForm | PageQuestion) -> QuestionLook:
    if isinstance(question, QuestionForm):
        media = (address for _, address in question.media)
        return QuestionLook(
            "", "\n\n".join((question.text, *map(_to_question_lines, question.questions))), hidden="\n".join(media)
        )
    if question.url:
        return QuestionLook(question.url, "")
    return _describe_page(question.html)


def _to_question_lines(question: Question) -> str:
    """Return a question with its options, a line each."""
    return "\n".join((question.text, *(f"• {option}" for option in question.options)))


def _describe_page(html: str) -> QuestionLook:
    fields: dict[str, None] = {}
    hidden_text: list[str] = []
    for tag in read_tags(html):
        attributes = {name: unescape(value) for name, value in read_attributes(html[tag.start : tag.end]).items()}
        if tag.name in FORM_FIELD_TAGS and attributes.get("type", "").lower() not in NO_FIELDS:
            fields[_describe_field(tag.name, attributes)] = None
        hidden_text += [attributes[name] for name in (*SHOWN, *ADDRESSES) if name in attributes]
        hidden_text += [value for name, value in attributes.items() if name.startswith("on")]
        if tag.name in ("script", "style", "iframe"):
            hidden_text.append(html[tag.end : tag.until])
        if "srcdoc" in attributes:
            hidden_text.append(attributes["srcdoc"])
    fields.pop("", None)
    hosts = dict.fromkeys(_get_host(address) for address in _ADDRESS.findall(html))
    listed = tuple(fields)[:MAX_FIELDS], tuple(filter(None, hosts))[:MAX_HOSTS]
    return QuestionLook("", get_visible_text(html), *listed, "\n".join(hidden_text))


def _describe_field(name: str, attributes: dict[str, str]) -> str:
    """Return a field's name, its type and what it asks for; "" for one that the page fills in itself."""
    field_name = attributes.get("name") or attributes.get("id", "")
    if field_name in IDS:
        return ""
    sort = attributes.get("type", "").lower() or {"select": "select", "textarea": "textarea"}.get(name, "text")
    wishes = (ASKS_FOR.get(value) for value in (sort, attributes.get("autocomplete", "").lower()))
    words = dict.fromkeys((sort[:MAX_FIELD_NAME_CHARS], *filter(None, wishes)))
    return f"{field_name[:MAX_FIELD_NAME_CHARS] or '?'} ({', '.join(words)})"


def _get_host(address: str) -> str:
    try:
        return urlsplit(address if ":" in address else f"https:{address}").hostname or ""
    except ValueError:
        return ""
