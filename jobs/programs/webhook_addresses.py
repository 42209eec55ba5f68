"""Addresses to be called are looked at before they are kept: one that leads inside is refused, and its requester is
warned of a host that nobody knows. They are looked at again at each call, as names move."""

from dataclasses import replace

from domain.refusals import BadInput
from jobs.fetching.fetcher import Leads, fetcher_of
from jobs.uploads.door import UploadDoor
from services.people import webhooks
from services.people.webhooks import AskedWebhook


async def add(door: UploadDoor, asked: AskedWebhook) -> None:
    leads = await fetcher_of(door.house.private_destinations).leads(asked.url)
    if leads is Leads.INSIDE:
        raise BadInput(what="webhook_address", value=asked.url)
    wanted = replace(asked, unknown=leads is Leads.NOWHERE)
    await door.finish(lambda act: webhooks.add(act, wanted))
