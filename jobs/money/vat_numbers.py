"""Clients' VAT numbers are looked up in VIES, the EU's register (VIES_URL), before invoices reverse the charge.

One request at a time, bounded in time and size, without redirects. Nothing waits for it: where the register does not
answer the format of the number counts, and it is asked again an hour later. An answer is kept with its date, and with
the consultation number that proves it; a valid one is asked for anew after 25 days.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson

from domain.moments import DAY, HOUR, Moment, later
from domain.money.invoices import Buyer, Vies
from domain.money.messages.invoices import VatNumberUnknown
from domain.money.vat_territories import is_elsewhere_in_eu, territory
from storage.boxes.outbox import Lane
from storage.database import Database
from storage.money.invoices import Billing
from storage.unit import UnitOfWork

PATIENCE = 15  # seconds for one request
LARGEST = 64 * 1024  # bytes of an answer
AT_ONCE = 20  # numbers an hour: the register is for people
FRESH = 25 * DAY
OUTCOMES = {"VALID": Vies.VALID, "INVALID": Vies.INVALID}  # other codes: it is out of order, or busy
NUMBERED = re.compile(r"[A-Za-z0-9-]{1,40}")  # it is printed on invoices
GREECE = {"GR": "EL"}  # of numbers that were noted before they were all written EL
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VatRegister:
    """Its address, and the VAT number of who asks; with it the register gives each answer a number."""

    url: str
    asker: str = ""

    async def check(self, database: Database, clock: Callable[[], Moment]) -> None:
        """A sweep: numbers that were never answered for, or long ago."""
        now = clock()
        known = await database.aside(lambda unit: unit.invoices.billed(), now)
        for billing, buyer in _turn(list(_due(known, now)), now):
            answer = await self._asked(buyer.vat)
            if answer is not None:
                told = replace(buyer, vies=answer[0], vies_at=clock(), vies_id=answer[1])
                await database.transact(_keep, clock(), billing, told)

    async def _asked(self, vat: str) -> tuple[Vies, str] | None:
        """The outcome and the answer's number; None where the register cannot say."""
        try:
            found = await self._get(vat)
        except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError) as error:
            log.warning("VIES does not answer", extra={"reason": type(error).__name__})
            return None
        code = found.get("userError") if isinstance(found, dict) else None
        outcome = OUTCOMES.get(code) if isinstance(code, str) else None
        if outcome is None or found.get("isValid") is not (outcome is Vies.VALID):
            log.warning("VIES cannot say", extra={"reason": str(code)[:40]})
            return None
        number = str(found.get("requestIdentifier") or "")
        return outcome, number if NUMBERED.fullmatch(number) else ""

    async def _get(self, vat: str) -> Any:
        country = GREECE.get(vat[:2], vat[:2])
        address = f"{self.url.rstrip('/')}/ms/{quote(country)}/vat/{quote(vat[2:])}"
        asker = {"requesterMemberStateCode": self.asker[:2], "requesterNumber": self.asker[2:]} if self.asker else {}
        body = b""
        async with (
            asyncio.timeout(PATIENCE),
            aiohttp.ClientSession() as http,
            http.get(address, params=asker, allow_redirects=False) as response,
        ):
            while len(body) < LARGEST and (more := await response.content.read(LARGEST - len(body))):
                body += more
        return orjson.loads(body)


def _due(known: Iterable[Billing], now: Moment) -> Iterator[tuple[Billing, Buyer]]:
    for billing in known:
        buyer = billing.buyer
        if buyer is None or not buyer.vat or not is_elsewhere_in_eu(territory(buyer.country, buyer.town)):
            continue
        if not buyer.vies or later(Moment(buyer.vies_at), FRESH) <= now:
            yield billing, buyer


def _turn(due: list[tuple[Billing, Buyer]], now: Moment) -> list[tuple[Billing, Buyer]]:
    """Whose turn it is in this hour: numbers that the register never answers for keep no other one from it."""
    first = now // HOUR * AT_ONCE % max(len(due), 1)
    return (due[first:] + due[:first])[:AT_ONCE]


def _keep(unit: UnitOfWork, of: Billing, told: Buyer) -> None:
    """Nothing where the client's data changed meanwhile."""
    if not unit.invoices.answered(of, told):
        return
    if told.vies == Vies.INVALID and of.buyer and of.buyer.vies != Vies.INVALID:
        unit.outbox.tell(of.person, VatNumberUnknown(told.vat), lane=Lane.BROADCAST)
