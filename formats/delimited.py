"""Readers and writers of CSV, TSV and JSON lines; cells of written CSV are safe for spreadsheets."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from operator import itemgetter
from typing import Any, BinaryIO, TextIO, cast

import orjson

from domain.handing_in import AnswerType, ExportType, FormType, ShapesType
from domain.shapes.document import LABELS
from formats.errors import ErrorCollector, RowError, row_problem, shortened, unreadable_file
from formats.json_values import decode_drawings, iter_values, nest_form_answers, parse_json, to_row
from formats.result_columns import Value, as_text
from formats.tables.encoding import Source, detect_encoding, open_text
from formats.tables.table import MAX_COLUMNS, FileTable, FileWarning, Row
from formats.values import iter_chunks

SEPARATORS = ",;\t|"
SAMPLE_ROWS = 100
ROWS_PER_CHUNK = 500
_FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")  # also as wide signs, which spreadsheets take for the narrow ones
_SUSPECT_SIGNS = _FORMULA_SIGNS | frozenset(" \u00a0\u3000\ufeff")  # behind a blank a formula is one all the same
_PLAIN_TYPES = frozenset({int, float, type(None)})
_TEXT_OR_NOTHING = frozenset({str, type(None)})
_PLAIN_NUMBER = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_EXCEL_HINT = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)


def read_delimited(source: Source, extension: str) -> FileTable:
    """Return the table of a CSV or TSV file, read as a stream; encoding and separator are detected. Raise
    FileErrors if the file is not text or has no header."""
    encoding = detect_encoding(source)
    separator, skipped_lines = _detect_separator(source, encoding, "\t" if extension == "tsv" else ",")
    header = next(_iter_records(source, encoding, separator, skipped_lines), None)
    if header is None:
        raise unreadable_file(1, "", "", "file_not_empty")
    if isinstance(header, RowError):
        raise unreadable_file(header.line, header.column, header.value, header.expected, **header.facts)
    warnings = () if encoding.startswith("utf") else (FileWarning("encoding_guessed", {"encoding": encoding}),)
    line, names = header

    def rows() -> Iterator[Row | RowError]:
        for record in islice(_iter_records(source, encoding, separator, skipped_lines), 1, None):
            if isinstance(record, RowError) or len(record[1]) == len(names):
                yield record
            else:
                yield _fit_to_header(*record, names)

    return _without_unnamed_end(FileTable(tuple(names), line, rows, warnings))


def _without_unnamed_end(table: FileTable) -> FileTable:
    """Return the table without trailing columns that are empty from their name on, as spreadsheets save cells that
    were formatted. A table with values under such a column stays as it is: the missing name is the problem."""
    width = _count_filled(table.header)
    if not 0 < width < len(table.header):
        return table
    if any(not isinstance(row, RowError) and _count_filled(row[1]) > width for row in table.rows()):
        return table  # the name is what is missing

    def rows() -> Iterator[Row | RowError]:
        return (row if isinstance(row, RowError) else (row[0], row[1][:width]) for row in table.rows())

    return replace(table, header=table.header[:width], rows=rows)


def _count_filled(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last one that is not blank."""
    return max((position for position, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _fit_to_header(line: int, cells: list[str], names: list[str]) -> Row | RowError:
    """Return a short row filled with empty cells if it is Toloka's, which leaves out trailing hints and known
    answers but no inputs; else return the problem that the row has too few or too many cells."""
    missing_names = [name.strip().casefold() for name in names[len(cells) :]]
    is_toloka = any(name.strip().casefold().startswith("input:") for name in names)
    if missing_names and is_toloka and not any(name.startswith("input:") for name in missing_names):
        return line, cells + [""] * len(missing_names)
    return row_problem(line, "", " · ".join(cells), "cells", wanted=len(names), found=len(cells))


def _iter_records(source: Source, encoding: str, separator: str, skipped_lines: int) -> Iterator[Row | RowError]:
    """Yield every row that is not blank, the header included, or the problem of its quotes."""
    with open_text(source, encoding) as lines:
        for _ in range(skipped_lines):
            next(lines, "")
        reader = csv.reader(lines, delimiter=separator, strict=True)
        while True:
            line = reader.line_num + skipped_lines + 1
            try:
                for cells in reader:
                    if cells and (cells[0].strip() or any(map(str.strip, cells))):
                        yield line, cells
                    line = reader.line_num + skipped_lines + 1
            except csv.Error as error:
                if "limit" not in str(error):
                    yield _to_quote_problem(line, str(error))
                elif reader.line_num + skipped_lines > line:
                    yield _to_quote_problem(line, "unexpected end")
                    return  # the rest of the file would be read as the inside of a cell
                else:
                    yield _read_long_row(source, encoding, separator, line)
            else:
                return


def _to_quote_problem(line: int, error: str) -> RowError:
    return row_problem(line, "", '"', "closing_quote" if "unexpected end" in error else "quote_doubled")


def _read_long_row(source: Source, encoding: str, separator: str, line: int) -> Row | RowError:
    """Return a row of one line with a cell longer than the parser takes, so that later checks name its column and
    length."""
    with open_text(source, encoding) as lines:
        raw_line = next(islice(lines, line - 1, None))
    usual_limit = csv.field_size_limit(len(raw_line))
    try:
        return line, next(csv.reader([raw_line], delimiter=separator, strict=True))
    except csv.Error as error:
        return _to_quote_problem(line, str(error))
    finally:
        csv.field_size_limit(usual_limit)


def _detect_separator(source: Source, encoding: str, usual_separator: str) -> tuple[str, int]:
    """Return the separator and how many lines to skip (Excel's `sep=;`)."""
    with open_text(source, encoding) as lines:
        first_line = lines.readline(1000)
    if hint := _EXCEL_HINT.match(first_line):
        return hint.group(1), 1
    candidates = sorted(SEPARATORS, key=lambda separator: separator != usual_separator)
    scores = [(*_measure_separator(source, encoding, separator), separator) for separator in candidates]
    wide_scores = [(even, width, separator) for even, width, separator in scores if width > 1]
    if wide_scores:
        return max(wide_scores, key=lambda score: score[:2])[2], 0
    best_separator = next((separator for even, _, separator in scores if even >= 0.5), usual_separator)
    return best_separator, 0


def _measure_separator(source: Source, encoding: str, separator: str) -> tuple[float, int]:
    """Return the share of the first rows that are as wide as the header, and the header's width."""
    widths: list[int] = []
    with suppress(csv.Error), open_text(source, encoding) as lines:
        for cells in islice(csv.reader(lines, delimiter=separator, strict=True), SAMPLE_ROWS):
            widths.extend([len(cells)] if any(cells) else [])
    if not widths:
        return 0.0, 0
    width, *row_widths = widths
    return round(row_widths.count(width) / max(len(row_widths), 1), 1), width


def write_delimited(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Write RFC 4180 in UTF-8 with a BOM, as Excel wants it; cells that a spreadsheet would run begin with `'`."""
    file.write(codecs.BOM_UTF8)
    for chunk in iter_chunks(chain([columns], rows), ROWS_PER_CHUNK):
        is_plain = all(map(_is_plain, zip(*chunk, strict=True)))
        file.write(_to_csv(chunk if is_plain else [[safe(as_text(cell)) for cell in row] for row in chunk]))


def write_raw(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Write CSV for programs: every cell unchanged, formulas included; no BOM."""
    for chunk in iter_chunks(chain([columns], rows), ROWS_PER_CHUNK):
        file.write(_to_csv([[as_text(cell) for cell in row] for row in chunk]))


def _is_plain(column: Sequence[Value]) -> bool:
    """Return whether csv can write a column's cells unchanged; looking at types and first characters is four times
    faster than at all."""
    types = set(map(type, column))
    if str not in types:
        return types <= _PLAIN_TYPES
    texts = filter(None, set(column))
    return types <= _TEXT_OR_NOTHING and _SUSPECT_SIGNS.isdisjoint(map(itemgetter(0), cast(Iterable[str], texts)))


def safe(cell: str | int | float) -> str | int | float:
    """Return the cell with an apostrophe before it if a spreadsheet would take it for a formula; numbers stay
    unchanged."""
    if not isinstance(cell, str) or cell[:1] not in _SUSPECT_SIGNS or _PLAIN_NUMBER.fullmatch(cell):
        return cell
    if cell[0] not in _FORMULA_SIGNS and cell.lstrip(" \u00a0\u3000\ufeff")[:1] not in _FORMULA_SIGNS:
        return cell
    return f"'{cell}"


def _to_csv(rows: Iterable[Iterable[Value]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


@contextmanager
def text_writer(file: BinaryIO) -> Iterator[TextIO]:
    """Text writer (UTF-8) on a binary file, which it leaves open."""
    writer = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield writer
    finally:
        writer.detach()


ANSWER_KEYS = ("choices", "rating", "number", "text")  # the controls whose value is an answer of ours
CHOICE_SEPARATOR = "|"
MAX_MODEL_NAME_CHARS = 60  # characters of a model's name


def predicted_cells(predictions: Any) -> dict[str, Any]:
    """Return the cells that Label Studio's predictions stand for: `ai` and `ai_confidence`, or `ai:MODEL` and
    `ai_confidence:MODEL`. Return {} if no prediction holds an answer; the first one of each model counts."""
    cells_by_name: dict[str, Any] = {}
    for prediction in predictions if isinstance(predictions, list) else ():
        answer = _predicted_answer(prediction.get("result")) if isinstance(prediction, dict) else None
        name = _model_suffix(prediction) if answer is not None else ""
        if answer is None or f"ai{name}" in cells_by_name:
            continue
        cells_by_name[f"ai{name}"] = answer
        if _is_share(prediction.get("score")):
            cells_by_name[f"ai_confidence{name}"] = prediction["score"]
    return cells_by_name


def _model_suffix(prediction: dict[str, Any]) -> str:
    """Return `:MODEL` for a prediction that names its model, else ""."""
    name = " ".join(str(prediction.get("model_version") or "").split())[:MAX_MODEL_NAME_CHARS].strip()
    return f":{name}" if name else ""


def _predicted_answer(result: Any) -> str | None:
    """Return the answer of the first region that holds one; else all drawn regions as JSON, or None."""
    for candidate in result if isinstance(result, list) else ():
        value = candidate.get("value") if isinstance(candidate, dict) else None
        if not isinstance(value, dict) or _is_drawn(candidate):
            continue
        for key in ANSWER_KEYS:
            if (answer := _to_text(key, value.get(key))) is not None:
                return answer
    drawn_regions = [region for region in result if _is_drawn(region)] if isinstance(result, list) else []
    return json.dumps(drawn_regions, ensure_ascii=False) if drawn_regions else None


def _is_drawn(region: Any) -> bool:
    """Return whether the region is a shape with a label: `rectanglelabels`, or the `labels` of a text or a sound."""
    value = region.get("value") if isinstance(region, dict) else None
    return isinstance(value, dict) and any(name.endswith(LABELS) for name in value)


def _to_text(key: str, value: Any) -> str | None:
    """Return the value of a control as a cell, or None if it is no text, number or list of texts."""
    if isinstance(value, list) and value and all(isinstance(element, str) for element in value):
        return (CHOICE_SEPARATOR if key == "choices" else " ").join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value)


def _is_share(score: Any) -> bool:
    """Return whether the score is a number in (0, 1]. Label Studio takes any number, and its SDK writes 0 if the
    model gave none."""
    return isinstance(score, int | float) and not isinstance(score, bool) and 0 < score <= 1


SHORTENED_EXAMPLE = '"…"'

Objects = Callable[[], Iterator[tuple[int, dict[str, Any] | RowError]]]


def read_jsonl(source: Source) -> FileTable:
    """Return the table of JSON lines. Its columns are the keys of all lines, in order of first appearance; a
    missing key is an empty cell. Raise FileErrors if there is no object."""
    return _to_table(partial(_iter_lines, source, detect_encoding(source)))


def read_document(source: Source) -> FileTable:
    """Return the table of a JSON array of objects, over any number of lines; its columns are as in `read_jsonl`."""
    return _to_table(partial(_iter_elements, source, detect_encoding(source)))


def _to_table(objects: Objects) -> FileTable:
    """Return the table whose rows are these objects. Raise FileErrors if there are none."""
    header, ignored = _collect_keys(objects)
    if not header:
        raise unreadable_file(1, "", "", "file_not_empty")
    names = tuple(header)

    def rows() -> Iterator[Row | RowError]:
        for line, json_object in objects():
            yield json_object if isinstance(json_object, RowError) else to_row(line, _task_content(json_object), names)

    warnings = (FileWarning("columns_ignored", {"columns": tuple(ignored)}),) if ignored else ()
    return FileTable(names, 1, rows, warnings, named_apart=True)


def _collect_keys(objects: Objects) -> tuple[dict[str, None], dict[str, None]]:
    """Return the columns, and the keys of Label Studio's tasks that are ignored. Raise FileErrors if there is no
    object."""
    keys: dict[str, None] = {}
    ignored: dict[str, None] = {}
    findings = ErrorCollector()
    for _, json_object in objects():
        if isinstance(json_object, RowError):
            findings.add(json_object)
            continue
        task = _task_content(json_object)
        keys.update(dict.fromkeys(task))
        if task is not json_object:
            ignored.update(dict.fromkeys(key for key in json_object if key not in ("id", "data", "predictions")))
        if len(keys) > MAX_COLUMNS or len(ignored) > MAX_COLUMNS:
            break
    if not keys:
        findings.raise_if_any()
    return keys, ignored


def _task_content(json_object: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a Label Studio task: its `data`, with the task's `id` and models' predictions; any
    other object unchanged."""
    data = json_object.get("data")
    if not isinstance(data, dict):
        return json_object
    data = {
        **data,
        **{name: cell for name, cell in predicted_cells(json_object.get("predictions")).items() if name not in data},
    }
    return data if "id" not in json_object or "id" in map(str.casefold, data) else {"id": json_object["id"], **data}


def _iter_lines(source: Source, encoding: str) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    with open_text(source, encoding) as lines:
        for line, line_text in enumerate(lines, start=1):
            if line_text.strip():
                yield line, _read_object(line, line_text)


def _iter_elements(source: Source, encoding: str) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    with open_text(source, encoding) as file:
        for number, (line, element_text) in enumerate(iter_values(file.read()), start=1):
            yield line, _read_object(line, element_text, number)


def _read_object(line: int, raw_text: str, element: int = 0) -> dict[str, Any] | RowError:
    """Return the object, or the problem of text that is none. `element` is its number in a list, 0 if it stands on
    a line of its own."""
    try:
        parsed = parse_json(raw_text)
    except (ValueError, RecursionError):
        return row_problem(line, "", raw_text.strip(), "json_object")
    if isinstance(parsed, dict):
        return parsed
    value = raw_text.strip()
    example = f'{{"text": {value if isinstance(parsed, str) and value == shortened(value) else SHORTENED_EXAMPLE}}}'
    if element:
        return row_problem(line, "", value, "json_element", number=element, example=example)
    return row_problem(line, "", value, "json_columns", example=example)


def write_jsonl(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Write a JSON object for each row; times are in RFC 3339, empty values null. A form's answers and their
    confidences are objects, a drawing is a list of shapes."""
    if isinstance(answer_type, FormType):
        columns, rows = nest_form_answers(columns, rows, answer_type)
    if isinstance(answer_type, ShapesType):
        rows = decode_drawings(columns, rows)
    for row in rows:
        file.write(orjson.dumps(dict(zip(columns, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE))
