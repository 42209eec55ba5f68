"""Addresses to be called are looked at before they are kept: one that leads inside is refused, and its requester is
warned of a host that nobody knows. They are looked at again at each call, as names move."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import aiohttp

from domain.moments import Moment
from domain.people.webhooks import Address, WebhookCall, call_headers
from domain.refusals import BadInput
from jobs.fetching import Destination, NotFetched, Poster, make_fetcher
from jobs.uploads.progress import UploadDoor
from services.act import Encryption, House, Undecipherable
from services.people import webhooks
from services.people.webhooks import WebhookRequest
from storage.database import Database


async def add_webhook(door: UploadDoor, request: WebhookRequest) -> None:
    checked_request = replace(request, unknown=await is_unknown_host(door.house, request.url))
    await door.finish(lambda act: webhooks.add_webhook(act, checked_request))


async def is_unknown_host(house: House, url: str) -> bool:
    """Return whether the address's host has no address in the DNS. Raise BadInput if it leads inside a network."""
    destination = await make_fetcher(house.private_destinations).find_destination(url)
    if destination is Destination.INSIDE:
        raise BadInput(what="webhook_address", value=url)
    return destination is Destination.NOWHERE


ADDRESSES, EACH = 16, 20  # called in one round, and calls of each
SECONDS = 10.0  # for an answer
TURN = 3.0  # seconds of an address in a round: afterwards no other call of it begins


@dataclass(slots=True)
class WebhookCalls:
    """Addresses have their turns in a circle: `last` had the latest one."""

    encryption: Encryption
    poster: Poster
    turn: float = TURN
    last: Address = (0, 0)

    async def deliver(self, database: Database, clock: Callable[[], Moment]) -> None:
        """One round: events become calls, then what is due is sent."""
        while await database.look(webhooks.queue_calls, clock()):
            pass
        due = await database.look(lambda unit: unit.webhooks.list_due_calls(ADDRESSES, EACH, self.last), clock())
        self.last = due[-1][0].address if due else self.last
        await asyncio.gather(*(self._call_address(database, clock, calls) for calls in due))

    async def _call_address(self, database: Database, clock: Callable[[], Moment], calls: list[WebhookCall]) -> None:
        """Send an address's calls in order. After the first failure the others wait with it, and after its turn for its
        next one."""
        elapsed = asyncio.get_running_loop().time
        ends = elapsed() + self.turn
        for call in calls:
            answer, well = await self._send(call, clock())
            record = webhooks.note_arrived if well else webhooks.note_failed
            await database.transact(record, clock(), call, answer)
            if not well or elapsed() >= ends:
                return

    async def _send(self, call: WebhookCall, now: Moment) -> tuple[str, bool]:
        """Return the outcome of a call, in a word, and whether it arrived."""
        try:
            signed = call_headers(call, self.encryption.decrypt(call.sealed), now // 1_000)
        except (Undecipherable, ValueError):
            return "SECRETS_KEY", False
        try:
            status = await self.poster.post(call.url, call.body.encode(), signed, SECONDS)
        except NotFetched as problem:
            return problem.expected, False
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return type(error).__name__, False
        return str(status), 200 <= status < 300
