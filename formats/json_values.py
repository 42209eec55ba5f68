"""JSON as it is written: whole numbers of any size stay exact, a document is read value by value, objects as rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from domain.projects.media import kind_of_column
from formats.errors import RowError, problem
from formats.tables.table import Row

BYTES_SHOWN = 16
DRAWN = ("gold", "ai")  # columns that may hold what was drawn
_LONG = re.compile(r"\d{19}")  # a whole number that may not fit into 64 bits
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


def parse(written: str) -> Any:
    """Raises ValueError for invalid JSON."""
    found = orjson.loads(written)
    return json.loads(written) if _LONG.search(written) else found


def values(text: str) -> Iterator[tuple[int, str]]:
    """The line and the text of each value of an array, or of values one after the other; a truncated or invalid rest,
    and what stands behind the array, comes last, unchanged."""
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
    line += text.count("\n", before, at)
    if within and at == len(text):
        yield line, ""
    elif at < len(text) and (rest := text[at + 1 :].strip()):
        yield line, rest


def _skipped(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return between.end() if between else at


def row_of(line: int, found: dict[str, Any], header: tuple[str, ...]) -> Row | RowError:
    """An object as cells of text; a missing key is an empty cell."""
    cells = []
    for key in header:
        cell = _cell(key, found.get(key))
        if cell is None:
            return _no_cell(line, key, found[key])
        cells.append(cell)
    return line, cells


def _no_cell(line: int, key: str, value: Any) -> RowError:
    if isinstance(value, bytes):  # of a Parquet file
        return problem(line, key, value[:BYTES_SHOWN].hex(" "), "utf8_bytes")
    return problem(line, key, json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str), "flat_value")


def _cell(key: str, value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if key.casefold().partition(":")[0] in DRAWN and _is_drawing(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, list) and (key.casefold() == "gold" or kind_of_column(key)):
        parts = [_cell("", part) for part in value]
        return None if None in parts else "|".join(part for part in parts if part)
    return None


def _is_drawing(value: Any) -> bool:
    """Whether it is an object, or a list of them: what is drawn, and not in words."""
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, dict) for part in value))
