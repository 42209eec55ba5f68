"""Media of a ZIP, from the file that the reading process left into the database, a piece a transaction."""

import asyncio
from typing import BinaryIO

from formats.media.archive import Brought
from jobs.uploads.progress import Clock
from storage.database import Database
from storage.projects.media import PIECE
from storage.unit import UnitOfWork


async def store(database: Database, clock: Clock, media: tuple[Brought, ...], file: BinaryIO) -> None:
    """Those that are not there yet. The first piece of each comes last, so that what begins is whole."""
    for each in media:
        known = await database.transact(lambda unit: unit.media_files.is_known(each.content), clock())  # noqa: B023
        if not known:
            await _store(database, clock, each, file)


async def _store(database: Database, clock: Clock, brought: Brought, file: BinaryIO) -> None:
    for part in reversed(range(-(-brought.size // PIECE))):
        piece = await asyncio.to_thread(_piece, file, brought, part)

        def put(unit: UnitOfWork) -> None:
            unit.media_files.put(brought.content, part, piece)  # noqa: B023

        await database.transact(put, clock())


def _piece(file: BinaryIO, brought: Brought, part: int) -> bytes:
    file.seek(brought.start + part * PIECE)
    return file.read(min(PIECE, brought.size - part * PIECE))
