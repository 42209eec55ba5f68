"""Every example of the requester's guide becomes a draft with its pre-flight card."""

import csv
import io
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from domain.answers import offered
from domain.moments import Moment
from formats.captions.caption import ProjectForm, read_caption
from formats.tables.reading import read_tasks
from services.projects import drafts
from services.projects.imports import Sent
from storage.database import Database
from tests.acts import act_of
from tests.formats.given import workbook
from tests.formats.hostile import ods_row, open_document
from tests.house import settle_requester

PAGE = (Path(__file__).parents[3] / "docs" / "guide.md").read_text(encoding="utf-8")
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
    return example.written.encode() + b"\n"


def parquet_of(rows: list[list[str]]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    file = io.BytesIO()
    parquet.write_table(pa.table(dict(zip(rows[0], map(list, zip(*rows[1:], strict=True)), strict=True))), file)
    return file.getvalue()


def test_there_is_one_of_each_kind_and_of_each_format_that_is_typed():
    assert {example.form.kind for example in EXAMPLES} == set(offered())
    endings = {example.file.rpartition(".")[2] for example in EXAMPLES}
    assert endings == {"csv", "tsv", "json", "jsonl", "xlsx", "ods", "parquet"}
    assert PAGE.count("```\n/newproject") == len(EXAMPLES) == PAGE.count("\n### ")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.called} {example.file}")
async def test_an_example_becomes_a_draft(example: Example, database: Database, now: Moment):
    form, data = example.form, bytes_of(example)
    read = read_tasks(data, example.file, form.options, form.kind, template=form.template)
    assert len(read.rows) >= 1
    card = await database.transact(
        lambda unit: drafts.create(act_of(unit, settle_requester(unit).id), form, Sent(read, example.file, "1")), now
    )
    assert card.price.tasks + card.price.gold == len(read.rows)
    assert card.price.untold == ""
    assert card.price.passes_floor
