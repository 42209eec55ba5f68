"""A table of bonuses that a requester sends with the caption /bonus."""

import asyncio
from typing import Any

from domain.refusals import FileRefused
from formats.bonus import MAX_BYTES, read_bonuses
from formats.errors import FileErrors, RowError, unreadable_file
from jobs.uploads.progress import SentFile, UploadDoor
from services.money import bonus

BONUS_CAPTION = "/bonus"


async def receive_bonuses(door: UploadDoor, sent: SentFile) -> None:
    """Show the requester the bonuses of a table; nothing is paid yet. Raise FileRefused with the flawed lines."""
    await door.ask(bonus.require_requester)
    try:
        content = await _content(sent)
        extension = sent.name.rpartition(".")[2].lower()
        rows = await asyncio.to_thread(read_bonuses, content, extension, door.house.terms.currency)
    except FileErrors as problem:
        raise FileRefused(
            name=sent.name, errors=[_as_facts(error) for error in problem.errors], total=problem.total
        ) from None
    await door.finish(lambda act: bonus.preview_file(act, sent.number, sent.name, rows))


async def _content(sent: SentFile) -> bytes:
    """Return the file's bytes. Raise FileErrors if it is too large."""
    if sent.size > MAX_BYTES:
        raise unreadable_file(1, "", "", "text_size", limit=MAX_BYTES >> 20)
    return await sent.content(MAX_BYTES)


def _as_facts(error: RowError) -> dict[str, Any]:
    position = {"line": error.line, "column": error.column, "value": error.value, "expected": error.expected}
    return {**position, "facts": dict(error.facts)}
