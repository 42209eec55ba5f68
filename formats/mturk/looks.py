"""What a HIT's question holds, for somebody who has to judge it before workers see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from domain.mturk.questions import PageQuestion, Question, QuestionForm
from formats.mturk.pages import IDS, visible
from formats.mturk.tags import read_attributes, read_tags

FIELDS = frozenset({"input", "select", "textarea", "crowd-input", "crowd-text-area", "crowd-checkbox"})
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
MAX_FIELDS, MAX_HOSTS, LONGEST_NAME = 40, 20, 60
_ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9.-]{1,253}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QuestionLook:
    """`address` is that of a page on its requester's server, `text` what is read, `fields` what can be filled in and of
    which sort, `hosts` whose files and addresses it names. `hidden` is what only a program reads: scripts, values and
    addresses, where words can stand as well."""

    address: str
    text: str
    fields: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    hidden: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All in which words worth a second look may stand, what people read first."""
        return self.address, self.text, "\n".join(self.fields), self.hidden


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
        if tag.name in FIELDS and attributes.get("type", "").lower() not in NO_FIELDS:
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
