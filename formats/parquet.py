"""Parquet out: typed columns, a row group for each 20,000 rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

from domain.answers import AnswerType
from formats.chunks import chunks
from formats.shapes import AI, VOTES
from formats.values import Value, as_text

ROW_GROUP = 20_000
NUMERIC = (AnswerType.NUMBER, AnswerType.STEP)
MEANINGS = {
    **dict.fromkeys(("confidence", "live_confidence", "low", "high", "seconds"), "float"),
    "submissions": "integer",
    "cant_tell": "integer",
    "submitted_at": "time",
    "ai_confidence": "float",
    "ai_agrees": "truth",
}


def write(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], answer_type: AnswerType = AnswerType.OPTION
) -> None:
    """Text, but for confidences, bounds, submissions, seconds, submitted_at (UTC), `ai_agrees`, and answers of numeric
    kinds."""
    import pyarrow as pa  # here: 60 MB that no other format needs
    from pyarrow.parquet import ParquetWriter

    types = {"float": pa.float64(), "integer": pa.int64(), "time": pa.timestamp("us", "UTC"), "text": pa.string()}
    types["truth"] = pa.bool_()
    meant = [_meaning(name, answer_type) for name in columns]
    schema = pa.schema([(name, types[meaning]) for name, meaning in zip(columns, meant, strict=True)])
    with ParquetWriter(file, schema, compression="zstd") as writer:
        for chunk in chunks(rows, ROW_GROUP):
            cells = [list(map(_CONVERT[m], values)) for m, values in zip(meant, zip(*chunk, strict=True), strict=True)]
            arrays = [pa.array(values, field.type) for values, field in zip(cells, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=ROW_GROUP)


def _meaning(column: str, answer_type: AnswerType) -> str:
    if column in ("consensus", "answer", "live"):
        return "float" if answer_type in NUMERIC else "text"
    first = column.partition(":")[0]
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
