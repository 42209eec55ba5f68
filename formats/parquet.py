"""Reader of Parquet, batch by batch, and writer with typed columns and a row group for each 20,000 rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import isnan
from typing import Any, BinaryIO, cast

from domain.handing_in import AnswerType, ExportType
from formats.errors import RowError, unreadable_file
from formats.json_values import to_row
from formats.result_columns import Value, as_number, as_text, column_types
from formats.tables.encoding import Source
from formats.tables.table import MAX_ROWS, FileTable, Row
from formats.values import iter_chunks

ROWS_PER_GROUP = 20_000
ROWS_PER_BATCH = 1_000  # rows read at a time


def read_table(source: Source) -> FileTable:
    """Return the table; line numbers are those of the rows, from 1. Nested values other than lists of gold answers
    are bad rows. Raise FileErrors if the file cannot be read or has too many rows."""
    import pyarrow as pa  # here: 60 MB that no other format needs

    try:
        names, count = _read_layout(source)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise unreadable_file(1, "", "", "file_readable", kind="parquet") from error
    if count > MAX_ROWS:
        raise unreadable_file(MAX_ROWS + 1, "", "", "rows_at_most", limit=MAX_ROWS)
    return FileTable(names, 1, lambda: _iter_rows(source, names), named_apart=True)


def _read_layout(source: Source) -> tuple[tuple[str, ...], int]:
    """Return the columns' names and the number of rows."""
    from pyarrow.parquet import ParquetFile

    with source.open() as file, ParquetFile(file) as parquet:
        # What pandas keeps of its index is no column of the requester's.
        names = (name for name in parquet.schema_arrow.names if not name.startswith("__index_level_"))
        return tuple(names), parquet.metadata.num_rows


def _iter_rows(source: Source, names: tuple[str, ...]) -> Iterator[Row | RowError]:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    line = 0
    try:
        with source.open() as file, ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(ROWS_PER_BATCH, use_threads=False):
                for values in zip(*map(_column_values, batch.columns), strict=True):
                    line += 1
                    yield to_row(line, dict(zip(batch.schema.names, map(_as_json, values), strict=True)), names)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise unreadable_file(line + 1, "", "", "file_readable", kind="parquet") from error


def _column_values(column: Any) -> list[Any]:
    """Return the column's values; floats of less than 64 bits have the digits that were meant: .3, not
    .30000001192092896."""
    import pyarrow as pa  # here: as in read

    if pa.types.is_float16(column.type) or pa.types.is_float32(column.type):
        return [value and float(value) for value in column.cast(pa.string()).to_pylist()]
    return cast(list[Any], column.to_pylist())


def _as_json(value: Any) -> Any:
    """Return the value as JSON would hold it; bytes that are no text stay bytes."""
    if isinstance(value, bytes):
        with suppress(UnicodeDecodeError):
            return value.decode()
    if isinstance(value, list):
        return [_as_json(element) for element in value]
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
    """Write text columns, but typed ones for confidences, bounds, submissions, seconds, submitted_at (UTC),
    `ai_agrees`, and answers of numeric kinds."""
    import pyarrow as pa  # here: 60 MB that no other format needs
    from pyarrow.parquet import ParquetWriter

    types = {"float": pa.float64(), "integer": pa.int64(), "time": pa.timestamp("us", "UTC"), "text": pa.string()}
    types["truth"] = pa.bool_()
    types_by_column = column_types(columns, answer_type)
    schema = pa.schema([(name, types[column_type]) for name, column_type in zip(columns, types_by_column, strict=True)])
    with ParquetWriter(file, schema, compression="zstd") as writer:
        for chunk in iter_chunks(rows, ROWS_PER_GROUP):
            cells = [
                list(map(_CONVERTERS[column_type], values))
                for column_type, values in zip(types_by_column, zip(*chunk, strict=True), strict=True)
            ]
            arrays = [pa.array(values, field.type) for values, field in zip(cells, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=ROWS_PER_GROUP)


def _to_integer(value: Value) -> int | None:
    number = as_number(value)
    return None if number is None else int(number)


def _to_truth(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


def _to_text(value: Value) -> str | None:
    return value if value is None or isinstance(value, str) else str(as_text(value))


def _to_time(value: Value) -> datetime | None:
    moment = datetime.fromisoformat(value) if isinstance(value, str) and value else value
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_CONVERTERS: dict[str, Callable[[Value], Any]] = {
    "float": as_number,
    "integer": _to_integer,
    "time": _to_time,
    "text": _to_text,
    "truth": _to_truth,
}
