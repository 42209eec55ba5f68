"""The provider of card payments, played: invoices, checkouts that the bot must answer in ten seconds, charges.

Nothing is charged: a person chooses whether the card is taken."""

import asyncio
from dataclasses import dataclass, field
from itertools import count

from simulator.errors import bad_request
from simulator.values import Json

CHECKOUT_SECONDS = 10.0
EXPIRED = "query is too old and response timeout expired or query ID is invalid"
PAID, DECLINED, TIMED_OUT = "paid", "declined", "timed out"
OUTCOMES = (PAID, DECLINED, TIMED_OUT)


@dataclass(slots=True)
class Invoice:
    """An invoice in a chat; `total` is in the currency's smallest unit."""

    payload: str
    currency: str
    total: int
    is_paid: bool = False


@dataclass(slots=True)
class Payments:
    """Invoices by chat and message, and the checkouts that wait for the bot's answer."""

    invoices: dict[tuple[int, int], Invoice] = field(default_factory=dict)
    _checkouts: dict[str, "asyncio.Future[str]"] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=lambda: count(7_000_000_000_000_000_001))

    def begin_checkout(self) -> str:
        """Return the id of a new checkout."""
        query = str(next(self._ids))
        self._checkouts[query] = asyncio.get_running_loop().create_future()
        return query

    async def wait_for_answer(self, query: str) -> str | None:
        """Return the bot's refusal, "" if it consents, None if it did not answer in time."""
        try:
            async with asyncio.timeout(CHECKOUT_SECONDS):
                return await self._checkouts[query]
        except TimeoutError:
            return None
        finally:
            del self._checkouts[query]

    def answer(self, query: str, refusal: str) -> None:
        """Take the bot's answer; raise 400 for a checkout that was answered, or ended."""
        waiting = self._checkouts.get(query)
        if waiting is None or waiting.done():
            raise bad_request(EXPIRED)
        waiting.set_result(refusal)

    def make_charge(self, invoice: Invoice) -> Json:
        """Return the Bot API's SuccessfulPayment of a charge."""
        invoice.is_paid = True
        number = next(self._ids)
        return {
            "currency": invoice.currency,
            "total_amount": invoice.total,
            "invoice_payload": invoice.payload,
            "telegram_payment_charge_id": f"charge_{number}",
            "provider_payment_charge_id": f"provider_{number}",
        }
