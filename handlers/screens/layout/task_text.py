"""A requester's text as a quotation: a row, its picture, instructions."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from handlers.screens.layout.fitting import clipped, visible
from locales import Html, Translator
from locales.translator import ISOLATE, POP

_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LABELLED = re.compile(r"(?m)^([^:\n]{1,40}: )(\S.*)$")
FEW = 20  # characters under which a sentence is not worth beginning


def link(address: str, t: Translator) -> Html:
    """A picture whose caption would be too long for Telegram."""
    return t('🖼 <a href="{address}">The picture</a>', address=Html(escape(address)))


def quoted(text: str) -> Html:
    """The row as a quotation. What stands behind a label has its own direction: in `A: السعر 50 USD` the Latin A
    would else make the whole line run from the left."""
    if not text.isascii() and _RIGHT.search(text):
        text = _LABELLED.sub(rf"\1{ISOLATE}\2{POP}", text)
    return Html(f"<blockquote>{escape(text, quote=False)}</blockquote>")


def instructions(listed: Sequence[str], room: int, t: Translator, expanded: bool) -> Html:
    """Numbered, as a rejection would cite them; folded after the first task; cut where there is no room."""
    body, size = _numbered(tuple(listed), t)
    if size > room:
        body = _cut(listed, room, t)
    if not body:
        return body
    return Html(f"<blockquote>{body}</blockquote>" if expanded else f"<blockquote expandable>{body}</blockquote>")


@lru_cache(256)
def _numbered(listed: tuple[str, ...], t: Translator) -> tuple[Html, int]:
    """All lines, and how long they are: the same above every task of a project."""
    body = Html("\n".join(_line(at, line, t) for at, line in enumerate(listed, 1)))
    return body, visible(body)


def _cut(listed: Sequence[str], room: int, t: Translator) -> Html:
    numbered: list[Html] = []
    for at, line in enumerate(listed, 1):
        free = room - visible("\n".join(numbered)) - len(f"\n{at}. ")
        if free < FEW:
            break
        numbered.append(_line(at, clipped(line, free), t))
    return Html("\n".join(numbered))


def _line(number: int, line: str, t: Translator) -> Html:
    return t("{number}. {line}", number=number, line=line)
