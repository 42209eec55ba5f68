"""JSON Lines: one flat object a line in; one object a row out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import orjson

from formats.errors import Findings, RowError, problem, refused
from formats.tables.encoding import encoding_of, text
from formats.tables.source import Source
from formats.tables.table import MAX_COLUMNS, Row, Table
from formats.values import Value


def read(source: Source) -> Table:
    """The columns are the keys of all lines, in order of first appearance; a missing key is an empty cell."""
    encoding = encoding_of(source)
    header = tuple(_keys(source, encoding))
    if not header:
        raise refused(1, "", "", "file_not_empty")

    def rows() -> Iterator[Row | RowError]:
        for line, found in _objects(source, encoding):
            if isinstance(found, RowError):
                yield found
            else:
                yield _row(line, found, header)

    return Table(header, 1, rows)


def _keys(source: Source, encoding: str) -> dict[str, None]:
    """Raises FileErrors when no line is an object."""
    keys: dict[str, None] = {}
    findings = Findings()
    for _, found in _objects(source, encoding):
        if isinstance(found, RowError):
            findings.add(found)
        else:
            keys.update(dict.fromkeys(found))
        if len(keys) > MAX_COLUMNS:
            break
    if not keys:
        findings.raise_if_any()
    return keys


def _objects(source: Source, encoding: str) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    with text(source, encoding) as lines:
        for line, written in enumerate(lines, start=1):
            if not written.strip():
                continue
            try:
                found = orjson.loads(written)
            except (orjson.JSONDecodeError, UnicodeEncodeError):
                found = None
            yield (
                line,
                found if isinstance(found, dict) else problem(line, "", written.strip(), "json_object"),
            )


def _row(line: int, found: dict[str, Any], header: tuple[str, ...]) -> Row | RowError:
    cells = []
    for key in header:
        cell = _cell(key, found.get(key))
        if cell is None:
            return problem(line, key, orjson.dumps(found[key]).decode(), "flat_value")
        cells.append(cell)
    return line, cells


def _cell(key: str, value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if key.casefold() == "gold" and isinstance(value, list):
        parts = [_cell("", part) for part in value]
        return None if None in parts else "|".join(part for part in parts if part)
    return None


def write(file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], kind: str = "choice") -> None:
    """Times in RFC 3339, nothing is null."""
    for row in rows:
        file.write(orjson.dumps(dict(zip(columns, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE))
