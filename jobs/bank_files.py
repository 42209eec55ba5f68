"""Makers of SEPA bank files and of reports for authorities and accountants."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from domain.moments import Moment, as_datetime
from domain.money.payouts import BankFileId
from domain.people.accounts import PersonId
from domain.people.settings import rules_of
from domain.refusals import RatesUnread, StatementRefused
from formats.bank import iban
from formats.bank.camt import MAX_MESSAGE_BYTES, BankMessage, read_bank_message
from formats.bank.csv_statement import read_csv_statement, read_mapping
from formats.bank.mt940 import (
    HEAD_BYTES,
    MT940_SUFFIXES,
    UNCLEAR_SUFFIXES,
    is_mt940,
    read_mt940,
)
from formats.bank.sepa import (
    FORMATS,
    BankFileHeading,
    Payment,
    read_wise_answers,
)
from formats.bank.statements import StatementFlaw
from formats.taxes import dpi
from formats.taxes.dpi import RatesRefused, read_rates
from formats.writing import WRITERS
from jobs.figures import (
    MadeFile,
    Maker,
    made_of,
    making,
)
from jobs.uploads.progress import SentFile, UploadDoor
from services.act import House
from services.money import bank_statements, contributions, tax_returns
from storage.database import Database
from storage.unit import UnitOfWork


async def journal(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """The whole ledger for hledger, read in one snapshot."""
    with making(".journal") as path:
        await database.aside(lambda unit: _write(unit, path), now)
    return MadeFile(path, f"pouce-{as_datetime(now):%Y-%m-%d}.journal", "text/plain")


def _write(unit: UnitOfWork, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(pieces(unit))


def pieces(unit: UnitOfWork) -> Iterator[str]:
    return iban.iter_journal(
        unit.ledger.list_accounts(), unit.ledger.iterate_movements(), unit.ledger.last_transfer(), unit.now
    )


JOURNAL_MAKERS: Mapping[str, Maker] = {"journal": journal}


CSV = "text/csv"


async def made(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """The credit transfers of one file, from rows that never change: so the same file each time."""
    way = FORMATS[facts.get("channel", "sepa")]
    zone = rules_of(facts.get("zone", "UTC"))
    head, payments = await database.aside(lambda unit: contents(unit, int(facts["file"]), zone), now)
    written = await asyncio.to_thread(way.write, head, payments)
    return made_of(written, f"payouts-{facts['file']}.{way.suffix}", way.media_type)


async def dac7(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Every worker's figures of one year."""
    zone = rules_of(facts.get("zone", "UTC"))
    rows = await database.aside(lambda unit: tax_returns.seller_rows(unit, int(facts["year"]), zone), now)
    return made_of(as_csv(tax_returns.SELLER_COLUMNS, rows), f"dac7-{facts['year']}.csv", CSV)


async def lines(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """One requester's invoice lines of one month."""
    year, month = int(facts["year"]), int(facts["month"])
    person, zone = PersonId(facts["person"]), rules_of(facts.get("zone", "UTC"))
    rows = await database.aside(
        lambda unit: tax_returns.cost_rows(unit, year, month, unit.people.get(person), zone), now
    )
    return made_of(as_csv(tax_returns.LINE_COLUMNS, rows), f"costs-{year}-{month:02}.csv", CSV)


def as_csv(columns: Sequence[str], rows: tax_returns.Rows) -> bytes:
    """Safe to open in a spreadsheet."""
    written = BytesIO()
    WRITERS["csv"].write(written, columns, rows)
    return written.getvalue()


def contents(unit: UnitOfWork, number: int, zone: tzinfo = UTC) -> tuple[BankFileHeading, list[Payment]]:
    """The content of a bank file, from rows alone; it asks for the day it was made on in that zone."""
    file = unit.payouts.get_file(BankFileId(number))
    payer = file.payer
    name = f"FILE-{file.id}"
    made = as_datetime(file.made_at)
    about = (file.currency, payer.name, payer.iban, payer.bic, file.instant)
    head = BankFileHeading(name, made, *about, made.astimezone(zone).date())
    payments = []
    for payout in unit.payouts.list_in_file(BankFileId(number)):
        payee = unit.payees.get(payout.payee)
        reference = f"PAYOUT-{payout.id}"
        payments.append(Payment(reference, payee.holder, payee.iban, payout.net, f"Pouce {reference}", payee.target))
    return head, payments


MAKERS: dict[str, Maker] = {"bank_file": made, "dac7": dac7, "invoice_lines": lines}


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
    if kind not in UNCLEAR_SUFFIXES or sent.size > MAX_MESSAGE_BYTES:
        return kind in (".xml", *MT940_SUFFIXES)
    return is_mt940(await sent.content(HEAD_BYTES))


def _is_table(sent: SentFile) -> bool:
    return sent.command in (TABLE, WISE)


async def receive(door: UploadDoor, sent: SentFile) -> None:
    """Lists what it says; nothing is booked yet."""
    await door.ask(bank_statements.require_admin)
    if sent.size > MAX_MESSAGE_BYTES:
        raise StatementRefused(why="size")
    with TemporaryFile() as place:
        file = cast(BinaryIO, place)
        await sent.fetch(file)
        try:
            found = await asyncio.to_thread(_read, file, sent, door.house)
        except StatementFlaw as flaw:
            is_wise = sent.command == WISE and flaw.why == "column"
            raise StatementRefused(why="wise" if is_wise else flaw.why, what=flaw.what) from None
    await door.finish(lambda act: bank_statements.preview_statement(act, sent.number, found))


def _read(file: BinaryIO, sent: SentFile, house: House) -> BankMessage:
    if not _is_table(sent):
        file.seek(0)
        head = file.read(HEAD_BYTES)
        return read_mt940(file, house.payer.iban) if is_mt940(head) else read_bank_message(file)
    if sent.command == WISE:
        return BankMessage([], read_wise_answers(file), wise=True)
    mapping = read_mapping(sent.caption)
    return BankMessage(read_csv_statement(file, mapping, house.payer.iban, house.terms.currency), [])


CAPTION = "/withhold"


async def receive_rates(door: UploadDoor, sent: SentFile) -> None:
    """All of it, or nothing."""
    await door.ask(contributions.require_contributions_admin)
    if sent.size > dpi.MAX_RATES_BYTES:
        raise RatesUnread(lines=[1], columns=["file"])
    content = await sent.content(dpi.MAX_RATES_BYTES + 1)
    try:
        found = await asyncio.to_thread(read_rates, content)
    except RatesRefused as refused:
        flaws = refused.flaws
        raise RatesUnread(lines=[each.line for each in flaws], columns=[each.column for each in flaws]) from None
    await door.finish(lambda act: contributions.read_sent_rates(act, found))
