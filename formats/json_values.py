"""JSON: integers of any size stay exact, documents are read value by value, objects become rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from domain.handing_in import FormType
from domain.projects.tasks import kind_of_column
from domain.shapes.kind import SURE
from formats.errors import RowError, row_problem
from formats.result_columns import Value, content_positions, with_content_prefix
from formats.tables.table import Row

MAX_SHOWN_BYTES = 16
DRAWING_COLUMNS = ("gold", "ai")  # columns that may hold what was drawn
_LONG_INTEGER = re.compile(r"\d{19}")  # a whole number that may not fit into 64 bits
_GAP = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


def parse_json(text: str) -> Any:
    """Return the decoded value; integers stay exact. Raise ValueError for invalid JSON."""
    value = orjson.loads(text)
    return json.loads(text) if _LONG_INTEGER.search(text) else value


def iter_values(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each value of an array, or of values one after the other. A truncated or invalid rest,
    and text behind the array, comes last, unchanged."""
    position = _skip_gap(text, 0)
    is_array = text[position : position + 1] == "["
    position, line, line_position = _skip_gap(text, position + is_array), 1, 0
    while position < len(text) and text[position] != "]":
        line, line_position = line + text.count("\n", line_position, position), position
        try:
            end = _DECODER.raw_decode(text, position)[1]
        except (ValueError, RecursionError):
            yield line, text[position:]
            return
        yield line, text[position:end]
        position = _skip_gap(text, end)
    line += text.count("\n", line_position, position)
    if is_array and position == len(text):
        yield line, ""
    elif position < len(text) and (remainder := text[position + 1 :].strip()):
        yield line, remainder


def _skip_gap(text: str, position: int) -> int:
    """Return the position of the next character that is neither a blank nor a comma."""
    match = _GAP.match(text, position)
    return match.end() if match else position


def to_row(line: int, json_object: dict[str, Any], header: tuple[str, ...]) -> Row | RowError:
    """Return the object as a row of text cells in the header's order; a missing key is an empty cell. Return the
    problem of the first value that no cell can hold."""
    cells = []
    for key in header:
        cell = _to_cell(key, json_object.get(key))
        if cell is None:
            return _cell_problem(line, key, json_object[key])
        cells.append(cell)
    return line, cells


def _cell_problem(line: int, key: str, value: Any) -> RowError:
    if isinstance(value, bytes):  # of a Parquet file
        return row_problem(line, key, value[:MAX_SHOWN_BYTES].hex(" "), "utf8_bytes")
    return row_problem(
        line, key, json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str), "flat_value"
    )


def _to_cell(key: str, value: Any) -> str | None:
    """Return the value as text, or None if no cell can hold it: nested values other than drawings, files and lists
    of gold answers."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if key.casefold().partition(":")[0] in DRAWING_COLUMNS and _is_drawing(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, list) and (key.casefold() == "gold" or kind_of_column(key)):
        parts = [_to_cell("", part) for part in value]
        return None if None in parts else "|".join(part for part in parts if part)
    return None


def _is_drawing(value: Any) -> bool:
    """Return whether the value is an object, or a list with one: a drawing, not words."""
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, dict) for part in value))


ANSWER_COLUMNS = ("consensus", "answer", "gold", "live", "crowd")  # columns that hold an answer
QUESTION_PREFIXES = tuple(f"{name}:" for name in (*ANSWER_COLUMNS, "confidence"))
CONFIDENCES = "confidences"


def nest_form_answers(
    columns: Sequence[str], rows: Iterable[Sequence[Value]], form: FormType
) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """Return the columns and rows with a form's answers as objects; `confidences`, one object, replaces the columns
    of single questions."""
    content = content_positions(columns)
    position_by_name = {name: position for position, name in enumerate(columns) if position not in content}
    confidence_positions = {
        name: position_by_name[f"confidence:{name}"] for name in form.types if f"confidence:{name}" in position_by_name
    }
    question_positions = _question_positions(position_by_name, form)
    kept_positions = [position for position in range(len(columns)) if position not in question_positions]
    answer_positions = {position_by_name[name] for name in ANSWER_COLUMNS if name in position_by_name}

    def nested_rows() -> Iterator[Sequence[Any]]:
        for row in rows:
            cells = [_decode(row[index]) if index in answer_positions else row[index] for index in kept_positions]
            confidences = {name: row[index] for name, index in confidence_positions.items()}
            yield [*cells, confidences] if confidence_positions else cells

    if not confidence_positions:
        return [columns[position] for position in kept_positions], nested_rows()
    names = [
        with_content_prefix(columns[position]) if columns[position].casefold() == CONFIDENCES else columns[position]
        for position in kept_positions
    ]
    return [*names, CONFIDENCES], nested_rows()


def _question_positions(position_by_name: Mapping[str, int], form: FormType) -> set[int]:
    """Return the positions of the columns of single questions."""
    return {
        position
        for name, position in position_by_name.items()
        if name.startswith(QUESTION_PREFIXES) and name.partition(":")[2] in form.types
    }


def decode_drawings(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Any]]:
    """Yield the rows with each drawing as a list of its shapes and their confidences as a list of numbers."""
    content = content_positions(columns)
    named_positions = [(position, name) for position, name in enumerate(columns) if position not in content]
    drawing_positions = {
        position
        for position, name in named_positions
        if name in (*ANSWER_COLUMNS, SURE) or name.partition(":")[0] == "ai"
    }
    return (
        [_decode(cell) if position in drawing_positions else cell for position, cell in enumerate(row)] for row in rows
    )


def _decode(cell: Value) -> Any:
    return orjson.loads(cell) if isinstance(cell, str) and cell else cell
