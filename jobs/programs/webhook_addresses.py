"""An address to be called is looked at before it is kept: a name that leads inside is refused at once. It is looked at
again at each call, as names move."""

from domain.refusals import BadInput
from jobs.fetching.fetcher import fetcher_of
from jobs.uploads.door import UploadDoor
from services.people import webhooks
from services.people.webhooks import AskedWebhook


async def add(door: UploadDoor, asked: AskedWebhook) -> None:
    if await fetcher_of(door.house.private_destinations).is_inside(asked.url):
        raise BadInput(what="webhook_address", value=asked.url)
    await door.finish(lambda act: webhooks.add(act, asked))
