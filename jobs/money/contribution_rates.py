"""Urssaf's monthly file of rates, which an admin sends with the caption /withhold."""

import asyncio

from domain.refusals import RatesUnread
from formats.taxes.contribution_rates import LARGEST, RatesRefused, read_rates
from jobs.uploads.door import SentFile, UploadDoor
from services.money.taxes import contributions

CAPTION = "/withhold"


async def receive(door: UploadDoor, sent: SentFile) -> None:
    """All of it, or nothing."""
    await door.ask(contributions.check)
    if sent.size > LARGEST:
        raise RatesUnread(lines=[1], columns=["file"])
    content = await sent.content(LARGEST + 1)
    try:
        found = await asyncio.to_thread(read_rates, content)
    except RatesRefused as refused:
        flaws = refused.flaws
        raise RatesUnread(lines=[each.line for each in flaws], columns=[each.column for each in flaws]) from None
    await door.finish(lambda act: contributions.read_sent(act, found))
