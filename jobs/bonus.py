"""A table of bonuses that a requester sends with the caption /bonus."""

import asyncio
from typing import Any

from domain.refusals import FileRefused
from formats.bonus import MAX_BYTES, read_bonuses
from formats.errors import FileErrors, RowError, unreadable_file
from jobs.uploads.progress import SentFile, UploadDoor
from services.money import bonus

CAPTION = "/bonus"


async def receive(door: UploadDoor, sent: SentFile) -> None:
    """Lists what it says; nothing is booked yet."""
    await door.ask(bonus.require_requester)
    try:
        content = await _content(sent)
        extension = sent.name.rpartition(".")[2].lower()
        rows = await asyncio.to_thread(read_bonuses, content, extension, door.house.terms.currency)
    except FileErrors as found:
        raise FileRefused(name=sent.name, errors=[_facts(each) for each in found.errors], total=found.total) from None
    await door.finish(lambda act: bonus.preview_file(act, sent.number, sent.name, rows))


async def _content(sent: SentFile) -> bytes:
    """Raises FileErrors for one that is too large."""
    if sent.size > MAX_BYTES:
        raise unreadable_file(1, "", "", "text_size", limit=MAX_BYTES >> 20)
    return await sent.content(MAX_BYTES)


def _facts(error: RowError) -> dict[str, Any]:
    about = {"line": error.line, "column": error.column, "value": error.value, "expected": error.expected}
    return {**about, "facts": dict(error.facts)}
