"""Every example of the requester's guide becomes a draft with its pre-flight card."""

import csv
import io
import re
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

import pytest

from domain.answers import kind_of, list_offered_kinds
from domain.moments import Moment
from formats.captions.caption import ProjectForm, read_caption
from formats.result_columns import results_columns
from formats.tables import sandbox
from formats.tables.reading import TaskFile, read_tasks
from formats.tables.sandbox import MediaFiles, ReadRequest
from formats.writing import WRITERS
from services.projects import drafts
from services.projects.drafts import Sent
from storage.database import Database
from tests.acts import act_of
from tests.formats.campaign import FILES
from tests.formats.given import workbook
from tests.formats.hostile import ods_row, open_document
from tests.formats.test_drawings import row, unzipped
from tests.formats.test_media import CAT, DOG, packed
from tests.house import settle_requester

PAGE = (Path(__file__).parents[3] / "docs/reference/examples.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^### ([^\n]+)\n\n```\n(.*?)\n```\n\n`([\w.]+)`\n\n```\n(.*?)\n```$", re.DOTALL | re.MULTILINE)


class Example(NamedTuple):
    called: str
    caption: str
    file: str
    written: str

    @property
    def form(self) -> ProjectForm:
        return read_caption(self.caption, "EUR")


EXAMPLES = [Example(*found) for found in EXAMPLE.findall(PAGE)]


def bytes_of(example: Example) -> bytes:
    """A sheet is shown as the table that is typed into it."""
    rows = list(csv.reader(io.StringIO(example.written)))
    match example.file.rpartition(".")[2]:
        case "xlsx":
            return workbook(*rows)
        case "ods":
            return open_document("".join(ods_row(*row) for row in rows))
        case "parquet":
            return parquet_of(rows)
        case "xls":
            return (FILES / example.file).read_bytes()
        case "zip":
            pictures = {row[0]: CAT if "cat" in row[0] else DOG for row in rows[1:]}
            return packed({"table.csv": example.written.encode(), **pictures})
    return example.written.encode() + b"\n"


def parquet_of(rows: list[list[str]]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    file = io.BytesIO()
    parquet.write_table(pa.table(dict(zip(rows[0], map(list, zip(*rows[1:], strict=True)), strict=True))), file)
    return file.getvalue()


def test_there_is_one_of_each_kind_and_of_each_format_that_is_typed():
    assert {example.form.kind for example in EXAMPLES} == set(list_offered_kinds())
    endings = {example.file.rpartition(".")[2] for example in EXAMPLES}
    assert endings == {"csv", "tsv", "json", "jsonl", "xlsx", "xls", "ods", "parquet", "zip"}
    assert PAGE.count("```\n/newproject") == len(EXAMPLES) == PAGE.count("\n### ")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.called} {example.file}")
async def test_an_example_becomes_a_draft(example: Example, database: Database, now: Moment):
    form, data = example.form, bytes_of(example)
    asked = (form.options, form.kind, form.template)
    if not example.file.endswith("zip"):
        return await becomes_a_draft(example, read_tasks(data, example.file, *asked), database, now)
    with TemporaryFile() as place, TemporaryFile() as rows, TemporaryFile() as media:
        place.write(data)
        place.flush()
        read = await sandbox.read_in_sandbox(
            place, rows, ReadRequest(example.file, *asked), media_files=MediaFiles(media)
        )
        await becomes_a_draft(example, read, database, now)


async def becomes_a_draft(example: Example, read: TaskFile, database: Database, now: Moment) -> None:
    assert len(read.rows) >= 1
    card = await database.transact(
        lambda unit: drafts.create_draft(
            act_of(unit, settle_requester(unit).id), example.form, Sent(read, example.file, "1")
        ),
        now,
    )
    assert card.price.tasks + card.price.gold == len(read.rows)
    assert card.price.untold == ""
    assert card.price.passes_floor


def test_the_old_sheet_is_the_one_that_is_shown():
    (example,) = (each for each in EXAMPLES if each.file.endswith(".xls"))
    asked = (example.form.options, example.form.kind, example.form.template)
    files = (bytes_of(example), example.file), (example.written.encode(), "shown.csv")
    sheet, shown = ([(row.key, row.content, row.gold) for row in read_tasks(*file, *asked).rows] for file in files)
    assert sheet == shown


def test_results_for_training_are_written_as_they_are_shown():
    labels, box = ("car", "person"), {"label": "car", "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.25}
    columns, kind = results_columns(["image"], kind_of("boxes").score_columns(labels)), kind_of("boxes")
    done = row("t1", "https://example.org/1.jpg", [box], "640x480", [0.93])
    coco, yolo = io.BytesIO(), io.BytesIO()
    for form, file in (("coco", coco), ("yolo", yolo)):
        WRITERS[form].write(file, columns, iter([done]), kind.answer_type(labels))
    blocks = re.findall(r"^```\n(.*?\n)```$", PAGE[PAGE.index("# Results for training") :], re.DOTALL | re.MULTILINE)
    assert blocks == [coco.getvalue().decode(), unzipped(yolo.getvalue())["labels/1.txt"]]
