"""Parquet in, batch by batch; out: typed columns, a row group for each 20,000 rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import isnan
from typing import Any, BinaryIO

from domain.answers import AnswerType, ExportType
from domain.handing_in import FormType
from formats.chunks import chunks
from formats.errors import RowError, refused
from formats.json_values import row_of
from formats.shapes import AI, VOTES, content_in
from formats.tables.source import Source
from formats.tables.table import MAX_ROWS, Row, Table
from formats.values import Value, as_text

ROW_GROUP = 20_000
BATCH = 1_000  # rows read at a time
NUMERIC = (AnswerType.NUMBER, AnswerType.STEP)
MEANINGS = {
    **dict.fromkeys(("confidence", "live_confidence", "low", "high", "seconds"), "float"),
    "submissions": "integer",
    "cant_tell": "integer",
    "submitted_at": "time",
    "ai_confidence": "float",
    "ai_agrees": "truth",
}


def read(source: Source) -> Table:
    """Lines are the rows, from 1. Nested values other than lists of gold answers are bad rows."""
    import pyarrow as pa  # here: 60 MB that no other format needs

    try:
        names, count = _layout(source)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise refused(1, "", "", "file_readable", kind="parquet") from error
    if count > MAX_ROWS:
        raise refused(MAX_ROWS + 1, "", "", "rows_at_most", limit=MAX_ROWS)
    return Table(names, 1, lambda: _rows(source, names), named_apart=True)


def _layout(source: Source) -> tuple[tuple[str, ...], int]:
    """The columns' names and the number of rows."""
    from pyarrow.parquet import ParquetFile

    with source.open() as file, ParquetFile(file) as parquet:
        # What pandas keeps of its index is no column of the requester's.
        names = (name for name in parquet.schema_arrow.names if not name.startswith("__index_level_"))
        return tuple(names), parquet.metadata.num_rows


def _rows(source: Source, names: tuple[str, ...]) -> Iterator[Row | RowError]:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    line = 0
    try:
        with source.open() as file, ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(BATCH, use_threads=False):
                for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    line += 1
                    yield row_of(line, dict(zip(batch.schema.names, map(_plain, values), strict=True)), names)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise refused(line + 1, "", "", "file_readable", kind="parquet") from error


def _plain(value: Any) -> Any:
    """As JSON would hold it; bytes that are no text stay what they are."""
    if isinstance(value, bytes):
        with suppress(UnicodeDecodeError):
            return value.decode()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return None if isinstance(value, float) and isnan(value) else value


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: ExportType = AnswerType.OPTION
) -> None:
    """Text, but for confidences, bounds, submissions, seconds, submitted_at (UTC), `ai_agrees`, and answers of numeric
    kinds."""
    import pyarrow as pa  # here: 60 MB that no other format needs
    from pyarrow.parquet import ParquetWriter

    types = {"float": pa.float64(), "integer": pa.int64(), "time": pa.timestamp("us", "UTC"), "text": pa.string()}
    types["truth"] = pa.bool_()
    content = content_in(columns)
    meant = ["text" if at in content else _meaning(name, answer_type) for at, name in enumerate(columns)]
    schema = pa.schema([(name, types[meaning]) for name, meaning in zip(columns, meant, strict=True)])
    with ParquetWriter(file, schema, compression="zstd") as writer:
        for chunk in chunks(rows, ROW_GROUP):
            cells = [list(map(_CONVERT[m], values)) for m, values in zip(meant, zip(*chunk, strict=True), strict=True)]
            arrays = [pa.array(values, field.type) for values, field in zip(cells, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=ROW_GROUP)


def _meaning(column: str, answer_type: ExportType) -> str:
    if column in ("consensus", "answer", "live"):
        return "float" if answer_type in NUMERIC else "text"
    first, _, name = column.partition(":")
    if isinstance(answer_type, FormType) and name in answer_type.of and first in ("consensus", "answer", "confidence"):
        return "float" if first == "confidence" or answer_type.of[name] in NUMERIC else "text"
    known = first if first in AI else column
    return "integer" if column.startswith(VOTES) else MEANINGS.get(known, "text")


def _float(value: Value) -> float | None:
    try:
        return None if value is None or isinstance(value, datetime) else float(value)
    except ValueError:
        return None  # an answer that is no number, as "can't tell"


def _integer(value: Value) -> int | None:
    number = _float(value)
    return None if number is None else int(number)


def _truth(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: Value) -> str | None:
    return value if value is None or isinstance(value, str) else str(as_text(value))


def _time(value: Value) -> datetime | None:
    moment = datetime.fromisoformat(value) if isinstance(value, str) and value else value
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_CONVERT: dict[str, Callable[[Value], Any]] = {
    "float": _float,
    "integer": _integer,
    "time": _time,
    "text": _text,
    "truth": _truth,
}
