"""JSON as it is written: whole numbers of any size stay exact, a document is read value by value, objects as rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from domain.handing_in import FormType
from domain.projects.tasks import kind_of_column
from domain.shapes.kind import SURE
from formats.errors import RowError, problem
from formats.result_columns import Value, content_in, set_apart
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


ANSWERS = ("consensus", "answer", "gold", "live", "crowd")  # columns that hold an answer
APART = tuple(f"{name}:" for name in (*ANSWERS, "confidence"))
CONFIDENCES = "confidences"


def nested(
    columns: Sequence[str], rows: Iterable[Sequence[Value]], form: FormType
) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """The columns without those of single questions, `confidences` in their place, and the rows to them."""
    content = content_in(columns)
    ours = {name: at for at, name in enumerate(columns) if at not in content}
    sure = {name: ours[f"confidence:{name}"] for name in form.of if f"confidence:{name}" in ours}
    apart = {at for name, at in ours.items() if name.startswith(APART) and name.partition(":")[2] in form.of}
    kept = [at for at in range(len(columns)) if at not in apart]
    objects = {ours[name] for name in ANSWERS if name in ours}

    def shaped() -> Iterator[Sequence[Any]]:
        for row in rows:
            found = [_object(row[at]) if at in objects else row[at] for at in kept]
            yield [*found, {name: row[at] for name, at in sure.items()}] if sure else found

    if not sure:
        return [columns[at] for at in kept], shaped()
    names = [set_apart(columns[at]) if columns[at].casefold() == CONFIDENCES else columns[at] for at in kept]
    return [*names, CONFIDENCES], shaped()


def drawn(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Any]]:
    """The rows with each drawing as a list of its shapes, and the confidences of these as one of numbers."""
    content = content_in(columns)
    ours = [(at, name) for at, name in enumerate(columns) if at not in content]
    drawings = {at for at, name in ours if name in (*ANSWERS, SURE) or name.partition(":")[0] == "ai"}
    return ([_object(cell) if at in drawings else cell for at, cell in enumerate(row)] for row in rows)


def _object(cell: Value) -> Any:
    return orjson.loads(cell) if isinstance(cell, str) and cell else cell
