"""Files of tasks as Telegram hands them over: fetched, checked, told by their bytes."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from telegram import Document, Update

from domain.people.people import PersonId
from domain.refusals import BadInput, FileRefused
from formats.captions.caption import ProjectForm
from formats.tables.reading import FileErrors
from formats.tables.sandbox import Question
from handlers.context import Context
from jobs.uploads.progress import Told, droppable, telling
from jobs.uploads.reading import checked
from services.projects.imports import Sent
from storage.boxes.inbox import Received
from storage.unit import UnitOfWork

LARGEST = 20 * 1024 * 1024  # bytes a bot may download
LOOKED = 20  # updates behind a file that are looked through for /cancel


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, on disk, and one for its checked rows: both for as long as they are read."""

    place: BinaryIO
    rows: BinaryIO
    name: str


@asynccontextmanager
async def fetched(context: Context, sent: Document) -> AsyncIterator[tuple[Upload, Told]]:
    """The file, and how far it is. `/cancel` drops it. Raises FileDropped."""
    if (sent.file_size or 0) > LARGEST:
        raise BadInput(what="file_size", value=str(sent.file_size), expected=[str(LARGEST)])
    house, update, name = context.house, context.arrived.update_id, sent.file_name or "file"
    with TemporaryFile() as place, TemporaryFile() as rows:
        upload = Upload(cast(BinaryIO, place), cast(BinaryIO, rows), name)
        dropped = partial(_is_dropped, context.arrived)
        async with (
            telling(house.database, house.clock, context.person.id, update, name) as told,
            droppable(house.database, house.clock, told, dropped),
        ):
            await _download(sent, upload.place)
            yield upload, told


async def _download(sent: Document, place: BinaryIO) -> None:
    file = await sent.get_file()
    await file.download_to_memory(place)


def _is_dropped(arrived: Update, unit: UnitOfWork) -> bool:
    """Whether its sender has said `/cancel` since."""
    sender = arrived.effective_user.id if arrived.effective_user else 0
    return any(map(_cancels, unit.inbox.after(sender, arrived.update_id, LOOKED)))


def _cancels(received: Received) -> bool:
    message = received.payload.get("message")
    text = message.get("text") if isinstance(message, dict) else None
    return isinstance(text, str) and text.split("@")[0].strip().lower() == "/cancel"


async def delivered(upload: Upload, person: PersonId, form: ProjectForm, asked: str, told: Told) -> Sent:
    """Every row checked, in a process that can be ended."""
    question = Question(upload.name, form.options, form.kind, form.template)
    try:
        file = await checked(person, upload.place, upload.rows, question, told)
    except FileErrors as problem:
        raise FileRefused(name=upload.name, errors=[as_facts(e) for e in problem.errors], total=problem.total) from None
    return Sent(file, upload.name, await asyncio.to_thread(fingerprint, upload.place, asked))


def with_message(sent: Sent, message: int) -> Sent:
    """Whoever edits its caption means the draft that it became."""
    return replace(sent, message=message)


def fingerprint(place: BinaryIO, asked: str) -> str:
    """Of the bytes and of what was asked with them: the same for the very same sending."""
    place.seek(0)
    digest = hashlib.sha256()
    while block := place.read(1 << 20):
        digest.update(block)
    digest.update(b"\0" + asked.encode())
    return digest.hexdigest()


def as_facts(error: Any) -> dict[str, Any]:
    """A problem as JSON values."""
    where = {"line": error.line, "column": error.column} if hasattr(error, "line") else {"key": error.key}
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()}
    return {**where, "value": error.value, "expected": error.expected, "facts": facts}
