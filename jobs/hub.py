"""Data sets for the Hugging Face hub: as a file, or pushed there."""

import asyncio
import logging
import os
import sys
import zipfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from domain.moments import Moment
from domain.projects.projects import Project
from domain.projects.results import HubPush
from formats.writing import HUB, WRITERS
from jobs.data_sheets import get_data_sheet
from jobs.exports import (
    MAX_FILE_BYTES,
    ExportTable,
    FilePart,
    RowStream,
    get_export_type,
    get_file_title,
    get_project,
    get_results_table,
    get_submissions_table,
    write_file,
)
from jobs.figures import MadeFile, Maker, temporary_file
from reports.data_sheet import dataset_card
from services.act import Encryption, Undecipherable
from services.projects import results
from storage.database import Database

CARD_FILE, FORM = "README.md", "parquet"


async def write_data_set(
    folder: Path, database: Database, project: Project, secret: bytes, language: str, now: Moment
) -> None:
    """Write the data set into an empty folder, with its card in this language."""
    tables = (
        await get_results_table(database, project, now, FORM),
        get_submissions_table(database, project, secret, FORM),
    )
    (folder / "data").mkdir()
    counts = {table.what: await _write_table(folder, project, table) for table in tables}
    sheet = await get_data_sheet(database, project, language, now)
    files = [(table.what, _path(table)) for table in tables if counts[table.what]]
    card = dataset_card(sheet, project.languages, counts["results"], files)
    (folder / CARD_FILE).write_text(card, encoding="utf-8")


async def _write_table(folder: Path, project: Project, table: ExportTable) -> int:
    """Write a table into the folder; return the number of its rows. A table without rows is left out: the hub's library
    opens none."""
    rows = RowStream(table, asyncio.get_running_loop(), FilePart())
    path, kind = folder / _path(table), get_export_type(project, FORM)
    await asyncio.to_thread(write_file, path, WRITERS[FORM], table, rows=rows, answer_type=kind)
    if not rows.count:
        path.unlink()
    return rows.count


def _path(table: ExportTable) -> str:
    return f"data/{table.what}.{FORM}"


async def make_data_set_zip(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make a ZIP of the data set. Files that would make it too large for Telegram are left out, submissions first; a
    push to the hub has all of them."""
    project, secret = await get_project(database, facts, now)
    with temporary_file(".zip") as path, TemporaryDirectory(prefix="pouce-") as folder:
        await write_data_set(Path(folder), database, project, secret, language=facts["language"], now=now)
        await asyncio.to_thread(_zip_folder, Path(folder), path)
    await database.transact(lambda unit: unit.consents.note_delivery(project.id, "results", HUB), now)
    await database.transact(lambda unit: unit.consents.note_delivery(project.id, "submissions", HUB), now)
    return MadeFile(path, f"dataset-{project.id}-{get_file_title(project)}.zip", "application/zip")


def _zip_folder(folder: Path, into: Path) -> None:
    room = MAX_FILE_BYTES
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (folder / CARD_FILE, *sorted((folder / "data").iterdir())):  # results come before submissions
            size = path.stat().st_size
            if size < room:
                archive.write(path, path.relative_to(folder).as_posix())
                room -= size


MAKERS: Mapping[str, Maker] = {HUB: make_data_set_zip}


PUSH_SECONDS = 900.0  # for one push
ROOT = str(Path(__file__).parents[1])
# How this machine reaches the outside; nothing else of ours is the child's business.
PASSED_VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "PATH")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HubPushing:
    """Pushes of data sets to the hub; `endpoint` is the hub's address."""

    encryption: Encryption
    endpoint: str

    async def push_due(self, database: Database, clock: Callable[[], Moment]) -> None:
        """Push every data set that is due, and note the outcomes."""
        if not await database.look(lambda unit: bool(unit.hub_pushes.due(1)), clock()):
            return
        due = await database.transact(results.take_due_pushes, clock())
        await asyncio.gather(*(self._push_and_note(database, clock, hub_push) for hub_push in due))

    async def _push_and_note(self, database: Database, clock: Callable[[], Moment], push: HubPush) -> None:
        """Push one data set; store its address, or the reason of its failure."""
        with TemporaryDirectory(prefix="pouce-") as place:
            outcome = await self._push_data_set(database, clock, push, Path(place))
        if "url" in outcome:
            await database.transact(results.finish_push, clock(), push, outcome["url"], outcome["public"])
        else:
            log.warning("A push to the hub failed", extra={"reason": outcome["why"]})
            await database.transact(results.fail_push, clock(), push, outcome["why"])

    async def _push_data_set(
        self, database: Database, clock: Callable[[], Moment], push: HubPush, place: Path
    ) -> dict[str, Any]:
        """Return the outcome of a push: `url` and `public`, or `why` it failed."""
        try:
            token = self.encryption.decrypt(push.token)
        except (Undecipherable, ValueError):
            return {"why": "token"}
        folder, now = place / "set", clock()
        folder.mkdir()
        person = await database.look(lambda unit: unit.people.get(push.requester), now)
        project, secret = await get_project(database, {"number": push.project}, now)
        await write_data_set(folder, database, project, secret, person.language, now=now)
        request = {"endpoint": self.endpoint, "token": token, "name": push.name, "public": push.public}
        return await push_in_child({**request, "folder": str(folder)}, place)


async def push_in_child(request: dict[str, Any], home: Path) -> dict[str, Any]:
    """Push the folder in a child process and return its outcome. The token goes through a pipe: it is in no argument,
    no environment and no file."""
    names = [name for variable in PASSED_VARIABLES for name in (variable, variable.lower())]
    passed = {name: os.environ[name] for name in names if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "jobs.hub_child"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=home,
        start_new_session=True,
        env={**passed, "PYTHONPATH": ROOT, "HOME": str(home), "HF_HOME": str(home / "hf")},
    )
    try:
        async with asyncio.timeout(PUSH_SECONDS):
            output, _ = await process.communicate(orjson.dumps(request))
    except TimeoutError:
        return {"why": "network"}
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    answer: dict[str, Any] = orjson.loads(output) if output else {"why": "hub"}
    return answer
