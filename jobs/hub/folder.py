"""A project as a data set of the hub: both tables as Parquet, and a card; in a folder, or zipped."""

import asyncio
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from domain.moments import Moment
from domain.projects.projects import Project
from formats.writing import HUB, WRITERS
from jobs.data_sheets import Words, sheet_of
from jobs.exported_types import exported_type
from jobs.exports import ExportTable, RowStream, project_of, results_table, submissions_table, titled, write_file
from jobs.file_parts import LARGEST, FilePart
from jobs.made_files import MadeFile, Maker, making
from reports.dataset_card import dataset_card
from storage.database import Database

CARD, FORM = "README.md", "parquet"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the card: its words, and their language."""

    words: Words
    language: str


async def filled(
    folder: Path, database: Database, project: Project, secret: bytes, reader: Reader, now: Moment
) -> None:
    """Writes the data set into an empty folder."""
    tables = (
        await results_table(database, project, now, FORM),
        submissions_table(database, project, secret, FORM),
    )
    (folder / "data").mkdir()
    counts = {each.what: await _written(folder, project, each) for each in tables}
    sheet = await sheet_of(database, project, reader.words, reader.language, now)
    there = [(each.what, _path(each)) for each in tables if counts[each.what]]
    card = dataset_card(sheet, project.languages, counts["results"], there)
    (folder / CARD).write_text(card, encoding="utf-8")


async def _written(folder: Path, project: Project, table: ExportTable) -> int:
    """The number of its rows. A table without any is left out: the hub's library opens none."""
    rows = RowStream(table, asyncio.get_running_loop(), FilePart())
    path, kind = folder / _path(table), exported_type(project, FORM)
    await asyncio.to_thread(write_file, path, WRITERS[FORM], table, rows, kind)
    if not rows.count:
        path.unlink()
    return rows.count


def _path(table: ExportTable) -> str:
    return f"data/{table.what}.{FORM}"


async def zipped(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """What Telegram does not take is left out, the submissions first; pushed it is whole."""
    project, secret = await project_of(database, facts, now)
    with making(".zip") as path, TemporaryDirectory(prefix="pouce-") as folder:
        await filled(Path(folder), database, project, secret, Reader(facts["words"], facts["language"]), now)
        await asyncio.to_thread(_packed, Path(folder), path)
    await database.transact(lambda unit: unit.consents.note_delivery(project.id, "results", HUB), now)
    await database.transact(lambda unit: unit.consents.note_delivery(project.id, "submissions", HUB), now)
    return MadeFile(path, f"dataset-{project.id}-{titled(project)}.zip", "application/zip")


def _packed(folder: Path, into: Path) -> None:
    room = LARGEST
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (folder / CARD, *sorted((folder / "data").iterdir())):  # results come before submissions
            size = path.stat().st_size
            if size < room:
                archive.write(path, path.relative_to(folder).as_posix())
                room -= size


MAKERS: Mapping[str, Maker] = {HUB: zipped}
