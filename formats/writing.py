"""The door for results: tables → files, streamed, whatever the size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from formats import crowdkit, delimited, jsonl, labelstudio, parquet, toloka, xlsx
from formats.shapes import results_columns, submissions_columns
from formats.values import Value

__all__ = ["DEFAULT", "WRITERS", "Value", "Writer", "results_columns", "submissions_columns"]

DEFAULT = "csv"


class Write(Protocol):
    def __call__(
        self, file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], kind: str = "choice"
    ) -> None:
        """Writes all rows; `kind` is the project's answer kind; the file stays open."""


@dataclass(frozen=True, slots=True)
class Writer:
    """toloka, labelstudio and crowdkit want the columns of results_columns or submissions_columns."""

    extension: str
    mime: str
    write: Write


WRITERS: Mapping[str, Writer] = {
    "csv": Writer("csv", "text/csv", delimited.write),
    "jsonl": Writer("jsonl", "application/jsonl", jsonl.write),
    "xlsx": Writer("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write),
    "parquet": Writer("parquet", "application/vnd.apache.parquet", parquet.write),
    "toloka": Writer("tsv", "text/tab-separated-values", toloka.write),
    "labelstudio": Writer("json", "application/json", labelstudio.write),
    "crowdkit": Writer("csv", "text/csv", crowdkit.write),
}
