"""A bank's statement, or its report on payments, that an admin drops into the chat."""

import asyncio
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from domain.refusals import StatementRefused
from formats.bank.csv_statement import mapping_of, read_csv_statement
from formats.bank.fields import StatementFlaw
from formats.bank.iso20022 import LARGEST, BankMessage, read_bank_message
from formats.bank.mt940 import read_mt940
from formats.bank.mt940_head import HEAD, NAMES, UNCLEAR, is_mt940
from formats.bank.wise import read_wise
from jobs.uploads.door import SentFile, UploadDoor
from services.act import House
from services.money.bank import statements

TABLE = "/deposit"  # the first line of a table's caption; its columns are named below it
WISE = "/payouts"  # the caption of Wise's list of transfers


async def is_for(door: UploadDoor, sent: SentFile) -> bool:
    """Whether it is a table with its columns named, whose sender is not known yet, or an admin's file without a caption
    that is a bank's: XML, or MT940 by its name or by how it begins."""
    if _is_table(sent):
        return True
    if sent.caption or "admin" not in door.house.roles(door.person):
        return False
    kind = PurePath(sent.name.lower()).suffix
    if kind not in UNCLEAR or sent.size > LARGEST:
        return kind in (".xml", *NAMES)
    return is_mt940(await sent.content(HEAD))


def _is_table(sent: SentFile) -> bool:
    return sent.command in (TABLE, WISE)


async def receive(door: UploadDoor, sent: SentFile) -> None:
    """Lists what it says; nothing is booked yet."""
    await door.ask(statements.check)
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
    await door.finish(lambda act: statements.read(act, sent.number, found))


def _read(file: BinaryIO, sent: SentFile, house: House) -> BankMessage:
    if not _is_table(sent):
        file.seek(0)
        head = file.read(HEAD)
        return read_mt940(file, house.payer.iban) if is_mt940(head) else read_bank_message(file)
    if sent.command == WISE:
        return BankMessage([], read_wise(file), wise=True)
    mapping = mapping_of(sent.caption)
    return BankMessage(read_csv_statement(file, mapping, house.payer.iban, house.terms.currency), [])
