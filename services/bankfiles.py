"""Files about money that leaves: what a bank is told to pay. Made when they are sent."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from domain.moments import Moment, as_datetime
from domain.payouts import BatchId
from formats.sepa import BankFile, Payment, bank_file
from services.exports import MadeFile, Maker
from storage.database import Database
from storage.unit import UnitOfWork

XML = "application/xml"


async def made(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """The credit transfers of one batch, from rows that never change: so the same file each time."""
    head, payments = await database.transact(_batch, now, BatchId(facts["batch"]))
    written = await asyncio.to_thread(bank_file, head, payments)
    return _file(written, f"payouts-{facts['batch']}.xml", XML)


def _file(written: bytes, name: str, mime: str) -> MadeFile:
    handle, path = tempfile.mkstemp(prefix="pouce-", suffix=Path(name).suffix)
    with open(handle, "wb") as file:
        file.write(written)
    return MadeFile(Path(path), name, mime)


def _batch(unit: UnitOfWork, number: BatchId) -> tuple[BankFile, list[Payment]]:
    batch = unit.payouts.batch(number)
    assert batch is not None  # noqa: S101 (the screen that orders the file is said about a batch)
    payer = batch.payer
    name = f"BATCH-{batch.id}"
    head = BankFile(name, as_datetime(batch.made_at), batch.currency, payer.name, payer.iban, payer.bic)
    payments = []
    for payout in unit.payouts.in_batch(number):
        payee = unit.payees.get(payout.payee)
        reference = f"PAYOUT-{payout.id}"
        payments.append(Payment(reference, payee.holder, payee.iban, payout.net, f"Pouce {reference}"))
    return head, payments


MAKERS: dict[str, Maker] = {"bank_file": made}
