"""A bank's statement, or its report on payments, that an admin drops into the chat."""

import asyncio
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from domain.refusals import StatementRefused
from formats.bank.csv_statement import mapping_of, read_csv_statement
from formats.bank.fields import StatementFlaw
from formats.bank.iso20022 import LARGEST, BankMessage, read_bank_message
from formats.bank.wise import read_wise
from jobs.uploads.door import SentFile, UploadDoor
from services.act import House
from services.money import bank_statements

TABLE = "/deposit"  # the first line of a table's caption; its columns are named below it
WISE = "/payouts"  # the caption of Wise's list of transfers


def is_for(door: UploadDoor, sent: SentFile) -> bool:
    """An XML file without a caption from an admin, or a table with its columns named, whose sender is not known yet."""
    is_message = not sent.caption and sent.name.lower().endswith(".xml")
    return _is_table(sent) or (is_message and "admin" in door.house.roles(door.person))


def _is_table(sent: SentFile) -> bool:
    return sent.command in (TABLE, WISE)


async def receive(door: UploadDoor, sent: SentFile) -> None:
    """Lists what it says; nothing is booked yet."""
    await door.ask(bank_statements.check)
    if sent.size > LARGEST:
        raise StatementRefused(why="size")
    with TemporaryFile() as place:
        file = cast(BinaryIO, place)
        await sent.fetch(file)
        try:
            found = await asyncio.to_thread(_read, file, sent, door.house)
        except StatementFlaw as flaw:
            is_wise = sent.command == WISE and flaw.why == "column"
            raise StatementRefused(why="wise" if is_wise else flaw.why, what=flaw.what) from None
    await door.finish(lambda act: bank_statements.read(act, sent.number, found))


def _read(file: BinaryIO, sent: SentFile, house: House) -> BankMessage:
    if not _is_table(sent):
        return read_bank_message(file)
    if sent.command == WISE:
        return BankMessage([], read_wise(file), wise=True)
    mapping = mapping_of(sent.caption)
    return BankMessage(read_csv_statement(file, mapping, house.payer.iban, house.terms.currency), [])
