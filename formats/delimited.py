"""CSV and TSV in: separator found out, quotes as in RFC 4180, read as a stream. CSV out: safe for spreadsheets."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Sequence,
)
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from operator import itemgetter
from typing import (
    Any,
    BinaryIO,
    TextIO,
    cast,
)

import orjson

from domain.handing_in import (
    AnswerType,
    ExportType,
    FormType,
    ShapesType,
)
from domain.shapes.document import LABELS
from formats.errors import (
    Findings,
    RowError,
    problem,
    refused,
    shortened,
)
from formats.json_values import (
    drawn,
    nested,
    parse,
    row_of,
    values,
)
from formats.result_columns import Value, as_text
from formats.tables.encoding import Source, encoding_of, text
from formats.tables.table import (
    MAX_COLUMNS,
    FileWarning,
    Row,
    Table,
)
from formats.values import chunks

SEPARATORS = ",;\t|"
SAMPLE_ROWS = 100
WRITTEN_AT_ONCE = 500
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # also as wide signs, which spreadsheets take for the narrow ones
_LOOKED_AT = _FORMULA | frozenset(" \u00a0\u3000\ufeff")  # behind a blank a formula is one all the same
_PLAIN_TYPES = frozenset({int, float, type(None)})
_TEXT_OR_NOTHING = frozenset({str, type(None)})
_PLAIN_NUMBER = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_EXCEL_HINT = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)


def read_delimited(source: Source, extension: str) -> Table:
    """Raises FileErrors when the file is not text or has no header."""
    encoding = encoding_of(source)
    separator, skipped = _separator(source, encoding, "\t" if extension == "tsv" else ",")
    header = next(_records(source, encoding, separator, skipped), None)
    if header is None:
        raise refused(1, "", "", "file_not_empty")
    if isinstance(header, RowError):
        raise refused(header.line, header.column, header.value, header.expected, **header.facts)
    guessed = () if encoding.startswith("utf") else (FileWarning("encoding_guessed", {"encoding": encoding}),)
    line, names = header

    def rows() -> Iterator[Row | RowError]:
        for record in islice(_records(source, encoding, separator, skipped), 1, None):
            if isinstance(record, RowError) or len(record[1]) == len(names):
                yield record
            else:
                yield _fitted(*record, names)

    return _named(Table(tuple(names), line, rows, guessed))


def _named(table: Table) -> Table:
    """Without the last columns that are empty from their name on, as spreadsheets save cells that were formatted."""
    width = _width(table.header)
    if not 0 < width < len(table.header):
        return table
    if any(not isinstance(row, RowError) and _width(row[1]) > width for row in table.rows()):
        return table  # the name is what is missing

    def rows() -> Iterator[Row | RowError]:
        return (row if isinstance(row, RowError) else (row[0], row[1][:width]) for row in table.rows())

    return replace(table, header=table.header[:width], rows=rows)


def _width(cells: Sequence[str]) -> int:
    return max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _fitted(line: int, cells: list[str], names: list[str]) -> Row | RowError:
    """Toloka leaves out the empty cells at a row's end: of hints and known answers, not of inputs."""
    left = [name.strip().casefold() for name in names[len(cells) :]]
    toloka = any(name.strip().casefold().startswith("input:") for name in names)
    if left and toloka and not any(name.startswith("input:") for name in left):
        return line, cells + [""] * len(left)
    return problem(line, "", " · ".join(cells), "cells", wanted=len(names), found=len(cells))


def _records(source: Source, encoding: str, separator: str, skipped: int) -> Iterator[Row | RowError]:
    """Every row that is not blank, or the problem of its quotes."""
    with text(source, encoding) as lines:
        for _ in range(skipped):
            next(lines, "")
        reader = csv.reader(lines, delimiter=separator, strict=True)
        while True:
            line = reader.line_num + skipped + 1
            try:
                for cells in reader:
                    if cells and (cells[0].strip() or any(map(str.strip, cells))):
                        yield line, cells
                    line = reader.line_num + skipped + 1
            except csv.Error as error:
                if "limit" not in str(error):
                    yield _quote_problem(line, str(error))
                elif reader.line_num + skipped > line:
                    yield _quote_problem(line, "unexpected end")
                    return  # the rest of the file would be read as the inside of a cell
                else:
                    yield _long_row(source, encoding, separator, line)
            else:
                return


def _quote_problem(line: int, error: str) -> RowError:
    return problem(line, "", '"', "closing_quote" if "unexpected end" in error else "quote_doubled")


def _long_row(source: Source, encoding: str, separator: str, line: int) -> Row | RowError:
    """A row of one line with a cell longer than the parser takes, for the checks that name its column and length."""
    with text(source, encoding) as lines:
        written = next(islice(lines, line - 1, None))
    usual = csv.field_size_limit(len(written))
    try:
        return line, next(csv.reader([written], delimiter=separator, strict=True))
    except csv.Error as error:
        return _quote_problem(line, str(error))
    finally:
        csv.field_size_limit(usual)


def _separator(source: Source, encoding: str, usual: str) -> tuple[str, int]:
    """The separator, and how many lines to skip (Excel's `sep=;`)."""
    with text(source, encoding) as lines:
        first = lines.readline(1000)
    if hint := _EXCEL_HINT.match(first):
        return hint.group(1), 1
    candidates = sorted(SEPARATORS, key=lambda separator: separator != usual)
    scored = [(*_evenness(source, encoding, separator), separator) for separator in candidates]
    several = [(even, width, separator) for even, width, separator in scored if width > 1]
    if several:
        return max(several, key=lambda score: score[:2])[2], 0
    likely = next((separator for even, _, separator in scored if even >= 0.5), usual)
    return likely, 0


def _evenness(source: Source, encoding: str, separator: str) -> tuple[float, int]:
    """The share of the first rows that are as wide as the header, and the header's width."""
    widths: list[int] = []
    with suppress(csv.Error), text(source, encoding) as lines:
        for cells in islice(csv.reader(lines, delimiter=separator, strict=True), SAMPLE_ROWS):
            widths.extend([len(cells)] if any(cells) else [])
    if not widths:
        return 0.0, 0
    width, *others = widths
    return round(others.count(width) / max(len(others), 1), 1), width


def write_delimited(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """RFC 4180 in UTF-8 with a BOM, as Excel wants it; cells that a spreadsheet would run begin with `'`."""
    file.write(codecs.BOM_UTF8)
    for chunk in chunks(chain([columns], rows), WRITTEN_AT_ONCE):
        plain = all(map(_is_plain, zip(*chunk, strict=True)))
        file.write(_rendered(chunk if plain else [[safe(as_text(cell)) for cell in row] for row in chunk]))


def write_raw(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """The same for programs: every cell unchanged, formulas included; no BOM."""
    for chunk in chunks(chain([columns], rows), WRITTEN_AT_ONCE):
        file.write(_rendered([[as_text(cell) for cell in row] for row in chunk]))


def _is_plain(column: Sequence[Value]) -> bool:
    """Whether csv may write these cells as they are: a look at types and first characters, four times faster."""
    types = set(map(type, column))
    if str not in types:
        return types <= _PLAIN_TYPES
    texts = filter(None, set(column))
    return types <= _TEXT_OR_NOTHING and _LOOKED_AT.isdisjoint(map(itemgetter(0), cast(Iterable[str], texts)))


def safe(cell: str | int | float) -> str | int | float:
    """The cell with an apostrophe before it if a spreadsheet would take it for a formula; numbers stay."""
    if not isinstance(cell, str) or cell[:1] not in _LOOKED_AT or _PLAIN_NUMBER.fullmatch(cell):
        return cell
    if cell[0] not in _FORMULA and cell.lstrip(" \u00a0\u3000\ufeff")[:1] not in _FORMULA:
        return cell
    return f"'{cell}"


def _rendered(rows: Iterable[Iterable[Value]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


@contextmanager
def text_of(file: BinaryIO) -> Iterator[TextIO]:
    """A binary file to write UTF-8 text into, left open."""
    written = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield written
    finally:
        written.detach()


ANSWERS = ("choices", "rating", "number", "text")  # the controls whose value is an answer of ours
SEVERAL = "|"
LONGEST = 60  # characters of a model's name


def cells(predictions: Any) -> dict[str, Any]:
    """The cells they stand for; nothing where they hold no answer."""
    found: dict[str, Any] = {}
    for each in predictions if isinstance(predictions, list) else ():
        answer = _answer(each.get("result")) if isinstance(each, dict) else None
        name = _column(each) if answer is not None else ""
        if answer is None or f"ai{name}" in found:
            continue
        found[f"ai{name}"] = answer
        if _is_share(each.get("score")):
            found[f"ai_confidence{name}"] = each["score"]
    return found


def _column(prediction: dict[str, Any]) -> str:
    name = " ".join(str(prediction.get("model_version") or "").split())[:LONGEST].strip()
    return f":{name}" if name else ""


def _answer(result: Any) -> str | None:
    """Of the first region that holds one; else all regions that are drawn."""
    for region in result if isinstance(result, list) else ():
        value = region.get("value") if isinstance(region, dict) else None
        if not isinstance(value, dict) or _is_drawn(region):
            continue
        for key in ANSWERS:
            if (written := _written(key, value.get(key))) is not None:
                return written
    drawn = [each for each in result if _is_drawn(each)] if isinstance(result, list) else []
    return json.dumps(drawn, ensure_ascii=False) if drawn else None


def _is_drawn(region: Any) -> bool:
    """Whether it is a shape with a label: `rectanglelabels`, or the `labels` of a text or a sound."""
    value = region.get("value") if isinstance(region, dict) else None
    return isinstance(value, dict) and any(name.endswith(LABELS) for name in value)


def _written(key: str, value: Any) -> str | None:
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return (SEVERAL if key == "choices" else " ").join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value)


def _is_share(score: Any) -> bool:
    """Label Studio takes any number, and its SDK writes 0 where the model gave none."""
    return isinstance(score, int | float) and not isinstance(score, bool) and 0 < score <= 1


ELLIPSIS = '"…"'

Objects = Callable[[], Iterator[tuple[int, dict[str, Any] | RowError]]]


def read_jsonl(source: Source) -> Table:
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


def write_jsonl(
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
