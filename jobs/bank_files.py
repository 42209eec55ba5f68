"""Makers of SEPA bank files and of journals for accountants."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from pathlib import Path, PurePath
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from domain.moments import Moment, as_datetime
from domain.money.card_reports import ReportLine
from domain.money.payouts import BankFile, BankFileId
from domain.people.settings import get_zone
from domain.refusals import StatementRefused
from formats.bank import iban
from formats.bank.camt import MAX_MESSAGE_BYTES, BankMessage, read_bank_message
from formats.bank.card_reports import is_card_report, read_card_report
from formats.bank.csv_statement import read_csv_statement, read_mapping
from formats.bank.mt940 import HEAD_BYTES, MT940_SUFFIXES, UNCLEAR_SUFFIXES, is_mt940, read_mt940
from formats.bank.sepa import FORMATS, BankFileHeading, Payment, read_wise_answers
from formats.bank.statements import StatementFlaw
from jobs.figures import MadeFile, Maker, save_file, temporary_file
from jobs.uploads.progress import SentFile, UploadDoor
from services.act import House
from services.money import bank_statements, card_reports
from storage.database import Database
from storage.unit import UnitOfWork


async def make_journal(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make the whole ledger in hledger's format, read in one snapshot."""
    with temporary_file(".journal") as path:
        await database.aside(lambda unit: _write(unit, path), now)
    return MadeFile(path, f"pouce-{as_datetime(now):%Y-%m-%d}.journal", "text/plain")


def _write(unit: UnitOfWork, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(iterate_journal(unit))


def iterate_journal(unit: UnitOfWork) -> Iterator[str]:
    return iban.iter_journal(
        unit.ledger.list_accounts(), unit.ledger.iterate_movements(), unit.ledger.last_transfer(), unit.now
    )


JOURNAL_MAKERS: Mapping[str, Maker] = {"journal": make_journal}


async def make_bank_file(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make the payment file of one bank file. Its rows never change, so the content is the same each time."""
    file_format = FORMATS[facts.get("channel", "sepa")]
    zone = get_zone(facts.get("zone", "UTC"))
    head, payments = await database.aside(lambda unit: read_bank_file(unit, int(facts["file"]), zone), now)
    content = await asyncio.to_thread(file_format.write, head, payments)
    return save_file(content, f"payouts-{facts['file']}.{file_format.suffix}", file_format.media_type)


def _get_heading(file: BankFile, zone: tzinfo) -> BankFileHeading:
    payer, made_at = file.payer, as_datetime(file.made_at)
    return BankFileHeading(
        f"FILE-{file.id}",
        made_at,
        currency=file.currency,
        payer_name=payer.name,
        payer_iban=payer.iban,
        payer_bic=payer.bic,
        instant=file.instant,
        day=made_at.astimezone(zone).date(),
    )


def read_bank_file(unit: UnitOfWork, number: int, zone: tzinfo = UTC) -> tuple[BankFileHeading, list[Payment]]:
    """Return the heading and payments of a bank file, read from stored rows alone. The execution date is the day on
    which the file was made, in `zone`."""
    file = unit.payouts.get_file(BankFileId(number))
    head = _get_heading(file, zone)
    payments = []
    for payout in unit.payouts.list_in_file(BankFileId(number)):
        payee = unit.payees.get(payout.payee)
        reference = f"PAYOUT-{payout.id}"
        payments.append(
            Payment(
                reference,
                name=payee.holder,
                account=payee.iban,
                amount=payout.net,
                text=f"Pouce {reference}",
                target=payee.target,
            )
        )
    return head, payments


MAKERS: dict[str, Maker] = {"bank_file": make_bank_file}


DEPOSIT_CAPTION = "/deposit"  # the first line of a table's caption; its columns are named below it
WISE_CAPTION = "/payouts"  # the caption of Wise's list of transfers
REPORT_CAPTION = "/cards"  # the caption of the card provider's report
TABLE_SUFFIX = ".csv"


async def is_bank_document(door: UploadDoor, sent: SentFile) -> bool:
    """Return whether the file is a table of deposits, Wise transfers or card payments by its caption, or an admin's
    file without a caption that looks like a bank's or a card provider's: XML, MT940 by its name or first bytes, or a
    report by the names of its columns."""
    if _is_table(sent):
        return True
    if sent.caption or "admin" not in door.house.roles(door.person):
        return False
    kind = PurePath(sent.name.lower()).suffix
    if kind == TABLE_SUFFIX and sent.size <= MAX_MESSAGE_BYTES:
        return is_card_report(await sent.content(HEAD_BYTES))
    if kind not in UNCLEAR_SUFFIXES or sent.size > MAX_MESSAGE_BYTES:
        return kind in (".xml", *MT940_SUFFIXES)
    return is_mt940(await sent.content(HEAD_BYTES))


def _is_table(sent: SentFile) -> bool:
    return sent.command in (DEPOSIT_CAPTION, WISE_CAPTION, REPORT_CAPTION)


async def receive_statement(door: UploadDoor, sent: SentFile) -> None:
    """Show an admin the bookings that a bank statement, or a card provider's report, would cause; nothing is booked
    yet. Raise StatementRefused if the file is too large or cannot be read, NotAllowed if the sender is no admin."""
    await door.ask(bank_statements.require_admin)
    if sent.size > MAX_MESSAGE_BYTES:
        raise StatementRefused(why="size")
    with TemporaryFile() as place:
        file = cast(BinaryIO, place)
        await sent.fetch(file)
        try:
            content = await asyncio.to_thread(_parse_statement, file, sent, door.house)
        except StatementFlaw as flaw:
            is_wise = sent.command == WISE_CAPTION and flaw.why == "column"
            raise StatementRefused(why="wise" if is_wise else flaw.why, what=flaw.what) from None
    if isinstance(content, BankMessage):
        message = content
        await door.finish(lambda act: bank_statements.preview_statement(act, sent.number, message))
    else:
        lines = content
        await door.finish(lambda act: card_reports.preview_report(act, sent.number, lines))


def _parse_statement(file: BinaryIO, sent: SentFile, house: House) -> BankMessage | list[ReportLine]:
    """Return a bank's message, or the lines of a card provider's report. Raise StatementFlaw."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if sent.command == REPORT_CAPTION or (not sent.caption and is_card_report(head)):
        return read_card_report(file)
    if not _is_table(sent):
        return read_mt940(file, house.payer.iban) if is_mt940(head) else read_bank_message(file)
    if sent.command == WISE_CAPTION:
        return BankMessage([], read_wise_answers(file), wise=True)
    mapping = read_mapping(sent.caption)
    return BankMessage(read_csv_statement(file, mapping, house.payer.iban, house.terms.currency), [])
