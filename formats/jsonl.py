"""JSON in: one flat object a line, or an array of them, or of Label Studio's tasks; one object a row out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO

import orjson

from domain.answers import AnswerType, ExportType
from domain.handing_in import FormType, ShapesType
from formats.errors import Findings, RowError, problem, refused, shortened
from formats.json_values import parse, row_of, values
from formats.nested import drawn, nested
from formats.predictions import cells
from formats.tables.encoding import encoding_of, text
from formats.tables.source import Source
from formats.tables.table import MAX_COLUMNS, FileWarning, Row, Table
from formats.values import Value

ELLIPSIS = '"…"'

Objects = Callable[[], Iterator[tuple[int, dict[str, Any] | RowError]]]


def read(source: Source) -> Table:
    """The columns are the keys of all lines, in order of first appearance; a missing key is an empty cell."""
    return _table(partial(_lines, source, encoding_of(source)))


def read_document(source: Source) -> Table:
    """The same of an array of objects, over as many lines as it likes."""
    return _table(partial(_document, source, encoding_of(source)))


def _table(objects: Objects) -> Table:
    header, ignored = _keys(objects)
    if not header:
        raise refused(1, "", "", "file_not_empty")
    names = tuple(header)

    def rows() -> Iterator[Row | RowError]:
        for line, found in objects():
            yield found if isinstance(found, RowError) else row_of(line, _task(found), names)

    warnings = (FileWarning("columns_ignored", {"columns": tuple(ignored)}),) if ignored else ()
    return Table(names, 1, rows, warnings, named_apart=True)


def _keys(objects: Objects) -> tuple[dict[str, None], dict[str, None]]:
    """The columns, and Label Studio's keys beside them. Raises FileErrors without any object."""
    keys: dict[str, None] = {}
    ignored: dict[str, None] = {}
    findings = Findings()
    for _, found in objects():
        if isinstance(found, RowError):
            findings.add(found)
            continue
        task = _task(found)
        keys.update(dict.fromkeys(task))
        if task is not found:
            ignored.update(dict.fromkeys(key for key in found if key not in ("id", "data", "predictions")))
        if len(keys) > MAX_COLUMNS or len(ignored) > MAX_COLUMNS:
            break
    if not keys:
        findings.raise_if_any()
    return keys, ignored


def _task(found: dict[str, Any]) -> dict[str, Any]:
    """The content of a Label Studio task: its `data`, with the task's `id` and what models predict."""
    data = found.get("data")
    if not isinstance(data, dict):
        return found
    data = {**data, **{name: cell for name, cell in cells(found.get("predictions")).items() if name not in data}}
    return data if "id" not in found or "id" in map(str.casefold, data) else {"id": found["id"], **data}


def _lines(source: Source, encoding: str) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    with text(source, encoding) as lines:
        for line, written in enumerate(lines, start=1):
            if written.strip():
                yield line, _object(line, written)


def _document(source: Source, encoding: str) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    with text(source, encoding) as file:
        for number, (line, written) in enumerate(values(file.read()), start=1):
            yield line, _object(line, written, number)


def _object(line: int, written: str, element: int = 0) -> dict[str, Any] | RowError:
    """`element`: its number in a list, 0 where it stands on a line of its own."""
    try:
        found = parse(written)
    except (ValueError, RecursionError):
        return problem(line, "", written.strip(), "json_object")
    if isinstance(found, dict):
        return found
    value = written.strip()
    example = f'{{"text": {value if isinstance(found, str) and value == shortened(value) else ELLIPSIS}}}'
    if element:
        return problem(line, "", value, "json_element", number=element, example=example)
    return problem(line, "", value, "json_columns", example=example)


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Times in RFC 3339, nothing is null. Answers of a form are objects, and so are their
    confidences; what is drawn is a list of shapes."""
    if isinstance(answer_type, FormType):
        columns, rows = nested(columns, rows, answer_type)
    if isinstance(answer_type, ShapesType):
        rows = drawn(columns, rows)
    for row in rows:
        file.write(orjson.dumps(dict(zip(columns, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE))
