"""JSON as it is written: whole numbers of any size stay exact, and a document is read value by value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

_LONG = re.compile(r"\d{19}")  # a whole number that may not fit into 64 bits
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


def parse(written: str) -> Any:
    """Raises ValueError for invalid JSON."""
    found = orjson.loads(written)
    return json.loads(written) if _LONG.search(written) else found


def values(text: str) -> Iterator[tuple[int, str]]:
    """The line and the text of each value of an array, or of values one after the other; a truncated or invalid rest
    comes last, unchanged."""
    at = _skipped(text, 0)
    within = text[at : at + 1] == "["
    at, line, before = _skipped(text, at + within), 1, 0
    while at < len(text) and text[at] != "]":
        line, before = line + text.count("\n", before, at), at
        try:
            end = _DECODER.raw_decode(text, at)[1]
        except (ValueError, RecursionError):
            yield line, text[at:]
            return
        yield line, text[at:end]
        at = _skipped(text, end)
    if within and at == len(text):
        yield line + text.count("\n", before), ""


def _skipped(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return between.end() if between else at
