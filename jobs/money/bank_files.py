"""Makers of SEPA bank files and of reports for authorities and accountants."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, tzinfo
from io import BytesIO
from typing import Any

from domain.moments import Moment, as_datetime
from domain.money.payouts import BankFileId
from domain.people.people import PersonId
from domain.people.time_zones import rules_of
from formats.bank.channels import FORMATS
from formats.bank.sepa import Heading, Payment
from formats.writing import WRITERS
from jobs.made_files import MadeFile, Maker, made_of
from services.money import tax_reports
from storage.database import Database
from storage.unit import UnitOfWork

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
    rows = await database.aside(lambda unit: tax_reports.sellers(unit, int(facts["year"]), zone), now)
    return made_of(as_csv(tax_reports.SELLER_COLUMNS, rows), f"dac7-{facts['year']}.csv", CSV)


async def lines(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """One requester's invoice lines of one month."""
    year, month = int(facts["year"]), int(facts["month"])
    person, zone = PersonId(facts["person"]), rules_of(facts.get("zone", "UTC"))
    rows = await database.aside(
        lambda unit: tax_reports.invoice_lines(unit, year, month, unit.people.get(person), zone), now
    )
    return made_of(as_csv(tax_reports.LINE_COLUMNS, rows), f"costs-{year}-{month:02}.csv", CSV)


def as_csv(columns: Sequence[str], rows: tax_reports.Rows) -> bytes:
    """Safe to open in a spreadsheet."""
    written = BytesIO()
    WRITERS["csv"].write(written, columns, rows)
    return written.getvalue()


def contents(unit: UnitOfWork, number: int, zone: tzinfo = UTC) -> tuple[Heading, list[Payment]]:
    """The content of a bank file, from rows alone; it asks for the day it was made on in that zone."""
    file = unit.payouts.get_file(BankFileId(number))
    payer = file.payer
    name = f"FILE-{file.id}"
    made = as_datetime(file.made_at)
    about = (file.currency, payer.name, payer.iban, payer.bic, file.instant)
    head = Heading(name, made, *about, made.astimezone(zone).date())
    payments = []
    for payout in unit.payouts.in_file(BankFileId(number)):
        payee = unit.payees.get(payout.payee)
        reference = f"PAYOUT-{payout.id}"
        payments.append(Payment(reference, payee.holder, payee.iban, payout.net, f"Pouce {reference}", payee.target))
    return head, payments


MAKERS: dict[str, Maker] = {"bank_file": made, "dac7": dac7, "invoice_lines": lines}
