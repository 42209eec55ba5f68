"""Tables of withholding: the rates that an admin sends, and the figures of sellers."""

import asyncio
from typing import Any

from domain.moments import Moment
from domain.people.settings import get_zone
from extensions.eu_taxes.domain.refusals import RatesUnread
from extensions.eu_taxes.formats import dpi
from extensions.eu_taxes.formats.dpi import RatesRefused, read_rates
from extensions.eu_taxes.services import contributions, tax_returns
from jobs.figures import MadeFile, save_file
from jobs.statements import CSV_TYPE, to_csv_bytes
from jobs.uploads.progress import SentFile, UploadDoor
from storage.database import Database


async def make_dac7_table(database: Database, facts: dict[str, Any], now: Moment) -> MadeFile:
    """Make the DAC7 table: every worker's figures of one year."""
    zone = get_zone(facts.get("zone", "UTC"))
    rows = await database.aside(lambda unit: tax_returns.seller_rows(unit, int(facts["year"]), zone), now)
    return save_file(to_csv_bytes(tax_returns.SELLER_COLUMNS, rows), f"dac7-{facts['year']}.csv", CSV_TYPE)


async def receive_rates(door: UploadDoor, sent: SentFile) -> None:
    """Show an admin the contribution rates of a file; all of its lines are taken or none. Raise RatesUnread with the
    flawed lines."""
    await door.ask(contributions.require_contributions_admin)
    if sent.size > dpi.MAX_RATES_BYTES:
        raise RatesUnread(lines=[1], columns=["file"])
    content = await sent.content(dpi.MAX_RATES_BYTES + 1)
    try:
        rates = await asyncio.to_thread(read_rates, content)
    except RatesRefused as refused:
        flaws = refused.flaws
        raise RatesUnread(lines=[rate.line for rate in flaws], columns=[rate.column for rate in flaws]) from None
    await door.finish(lambda act: contributions.read_sent_rates(act, rates))
