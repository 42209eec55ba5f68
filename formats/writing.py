"""Writers of result files: tables → files, streamed, of any size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from domain.handing_in import AnswerType, ExportType, ShapesType, Surface
from formats import crowdkit, delimited, drawings, labelstudio, parquet, preference_pairs, toloka, xlsx
from formats.result_columns import Value, results_columns, submissions_columns

__all__ = [
    "DATASHEET",
    "DEFAULT",
    "FIGURES",
    "FILES",
    "HUB",
    "PAGED",
    "PIXELS",
    "WRITERS",
    "FormatWriter",
    "Value",
    "results_columns",
    "submissions_columns",
]

DEFAULT = "csv"
DATASHEET = "datasheet"  # the format of one page for those who use the results: no table, a PDF
FIGURES = "figures"  # the format of what papers report of results: no table, one JSON object
PIXELS = "coco"  # the format that needs the size of pictures
FILES = "zip"  # the format of answers that are files themselves: no table, a zip of them
HUB = "huggingface"  # the format of a data set as the hub has it: no table, a zip of a folder


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Write(Protocol):
    """Writer of a table: it writes all rows and leaves the file open. `answer_type` is the type of an answer."""

    def __call__(
        self,
        file: BinaryIO,
        columns: Sequence[str],
        rows: Iterable[Sequence[Value]],
        answer_type: ExportType = AnswerType.OPTION,
    ) -> None:
        """Writes all rows; `answer_type` is the type of an answer; the file stays open."""


@dataclass(frozen=True, slots=True)
class FormatWriter:
    """A format of result files. toloka, labelstudio and crowdkit need the columns of results_columns or
    submissions_columns. `write_beside` also takes the rows of a second table, if the format has room for one.
    `is_paged`: it takes any table, whole or a page at a time."""

    extension: str
    mime: str
    write: Write
    write_beside: Callable[..., None] | None = None
    is_paged: bool = False


WRITERS: Mapping[str, FormatWriter] = {
    "csv": FormatWriter("csv", "text/csv", delimited.write_delimited, is_paged=True),
    "csv raw": FormatWriter("csv", "text/csv", delimited.write_raw, is_paged=True),
    "jsonl": FormatWriter("jsonl", "application/jsonl", delimited.write_jsonl, is_paged=True),
    "xlsx": FormatWriter("xlsx", XLSX, xlsx.write, xlsx.write),
    "parquet": FormatWriter("parquet", "application/vnd.apache.parquet", parquet.write, is_paged=True),
    "toloka": FormatWriter("tsv", "text/tab-separated-values", toloka.write),
    "labelstudio": FormatWriter("json", "application/json", labelstudio.write),
    "crowdkit": FormatWriter("csv", "text/csv", crowdkit.write),
    PIXELS: FormatWriter("json", "application/json", drawings.write_coco),
    "yolo": FormatWriter("zip", "application/zip", drawings.write_yolo),
    "dpo": FormatWriter("jsonl", "application/jsonl", preference_pairs.write_dpo),
    "dpo chat": FormatWriter("jsonl", "application/jsonl", preference_pairs.write_dpo_chat),
    "reward": FormatWriter("jsonl", "application/jsonl", preference_pairs.write_reward),
}
PAGED = tuple(name for name, writer in WRITERS.items() if writer.is_paged)
FOR_TRAINING = ("dpo", "dpo chat", "reward")  # formats of results in which one text is preferred to another
ON_PICTURES, WITH_AREAS = (PIXELS, "yolo"), ("yolo",)  # formats of results that hold nothing but drawings


def formats_of(answer_type: ExportType, of_results: bool, is_compared: bool = False) -> list[str]:
    """Return the names of the formats that answers of this type come in; `is_compared`: they say which of a row's
    columns is better."""
    is_drawn = of_results and isinstance(answer_type, ShapesType) and answer_type.on is Surface.PICTURE
    has_areas = is_drawn and isinstance(answer_type, ShapesType) and answer_type.has_areas
    unfit = [
        *(() if is_drawn else ON_PICTURES),
        *(() if has_areas else WITH_AREAS),
        *(() if is_compared and of_results else FOR_TRAINING),
    ]
    return [name for name in WRITERS if name not in unfit]
