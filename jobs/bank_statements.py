"""A bank's statement, or its report on payments, that an admin drops into the chat."""

import asyncio
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from domain.refusals import StatementRefused
from formats.bank.fields import StatementFlaw
from formats.bank.iso20022 import LARGEST, read_bank_message
from jobs.uploads.door import SentFile, UploadDoor
from services.money import bank_statements


def is_for(door: UploadDoor, sent: SentFile) -> bool:
    """An XML file without a caption, from an admin: no file of tasks is XML."""
    return not sent.caption and sent.name.lower().endswith(".xml") and "admin" in door.house.roles(door.person)


async def receive(door: UploadDoor, sent: SentFile) -> None:
    """Lists what it says; nothing is booked yet."""
    await door.ask(bank_statements.check)
    if sent.size > LARGEST:
        raise StatementRefused(why="size")
    with TemporaryFile() as place:
        file = cast(BinaryIO, place)
        await sent.fetch(file)
        try:
            found = await asyncio.to_thread(read_bank_message, file)
        except StatementFlaw as flaw:
            raise StatementRefused(why=flaw.why) from None
    await door.finish(lambda act: bank_statements.read(act, sent.number, found))
