"""Files of tasks as Telegram hands them over: fetched, checked, told by their bytes."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from telegram import Document

from domain.refusals import BadInput, FileRefused
from formats.captions.caption import ProjectForm
from formats.tables.reading import FileErrors, TaskFile, read_tasks
from handlers.context import Context
from jobs import uploads
from jobs.uploads import Told
from services.projects.imports import Sent

LARGEST = 20 * 1024 * 1024  # bytes a bot may download


@asynccontextmanager
async def fetched(sent: Document) -> AsyncIterator[BinaryIO]:
    """The file, on disk for as long as its rows are read."""
    if (sent.file_size or 0) > LARGEST:
        raise BadInput(what="file_size", value=str(sent.file_size), expected=[str(LARGEST)])
    file = await sent.get_file()
    with TemporaryFile() as place:
        await file.download_to_memory(cast(BinaryIO, place))
        yield cast(BinaryIO, place)


def telling(context: Context, sent: Document) -> AbstractAsyncContextManager[Told]:
    house = context.house
    name = sent.file_name or "file"
    return uploads.telling(house.database, house.clock, context.person.id, context.arrived.update_id, name)


async def delivered(place: BinaryIO, sent: Document, form: ProjectForm, asked: str, told: Told) -> Sent:
    """Every row checked, away from the event loop."""
    name = sent.file_name or "file"
    return await asyncio.to_thread(_delivered, place, name, form, asked, told)


def with_message(sent: Sent, message: int) -> Sent:
    """Whoever edits its caption means the draft that it became."""
    return replace(sent, message=message)


def _delivered(place: BinaryIO, name: str, form: ProjectForm, asked: str, told: Told) -> Sent:
    try:
        file: TaskFile = read_tasks(place, name, form.options, form.kind, form.template, told.heard)
    except FileErrors as problem:
        raise FileRefused(name=name, errors=[as_facts(e) for e in problem.errors], total=problem.total) from None
    return Sent(file, name, fingerprint(place, asked))


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
