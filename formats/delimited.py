"""CSV and TSV in: separator found out, quotes as in RFC 4180, read as a stream. CSV out: safe for spreadsheets."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain, islice
from operator import itemgetter
from typing import BinaryIO, TextIO, cast

from domain.answers import AnswerType, ExportType
from formats.chunks import chunks
from formats.errors import RowError, problem, refused
from formats.tables.encoding import encoding_of, text
from formats.tables.source import Source
from formats.tables.table import FileWarning, Row, Table
from formats.values import Value, as_text

SEPARATORS = ",;\t|"
SAMPLE_ROWS = 100
WRITTEN_AT_ONCE = 500
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # also as wide signs, which spreadsheets take for the narrow ones
_LOOKED_AT = _FORMULA | frozenset(" \u00a0\u3000\ufeff")  # behind a blank a formula is one all the same
_PLAIN_TYPES = frozenset({int, float, type(None)})
_TEXT_OR_NOTHING = frozenset({str, type(None)})
_PLAIN_NUMBER = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_EXCEL_HINT = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)


def read(source: Source, extension: str) -> Table:
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


def write(
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
