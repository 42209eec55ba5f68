"""Payments by card through Telegram: what was asked for, what Telegram reports, and messages about both.

Card data never reaches the bot: the provider takes it. Amounts are whole millionths of the currency; a `total` is in
the currency's smallest unit, as Telegram writes it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from domain.messages import Message
from domain.moments import DAY, Moment
from domain.money.amounts import CENT, Millionths, round_up_to_cents
from domain.people.accounts import PersonId

CardPaymentId = NewType("CardPaymentId", int)

OPEN_PERIOD = DAY  # in which an invoice can be paid
USUAL_MINIMUM = Millionths(1_000_000)
MAX_PER_MINIMUM = 8_000  # Telegram takes about 1 to 10,000 US dollars: so many times its minimum is below its maximum
MAX_TOTAL = 2**40  # smallest units; a larger one is no payment of a card
MAX_IDENTIFIER_CHARS = 250  # of a charge, a payload


@dataclass(frozen=True, slots=True)
class CardTerms:
    """Whether and how cards are taken: the provider's token from @BotFather (empty: not at all), and the smallest
    payment that Telegram takes in the platform's currency."""

    token: str = field(default="", repr=False)
    minimum: Millionths = USUAL_MINIMUM

    def __bool__(self) -> bool:
        return bool(self.token)

    @property
    def maximum(self) -> Millionths:
        return Millionths(self.minimum * MAX_PER_MINIMUM)

    def takes(self, amount: int) -> bool:
        """Return whether one payment can be of this amount."""
        return bool(self) and amount % CENT == 0 and self.minimum <= amount <= self.maximum

    def amount_for(self, missing: int) -> int:
        """Return what is paid by card where `missing` is needed, or 0 if no card payment covers it."""
        amount = max(self.minimum, round_up_to_cents(missing))
        return amount if missing > 0 and self.takes(amount) else 0


class CardPaymentState(StrEnum):
    ASKED = "asked"
    CHECKED = "checked"  # a checkout was let through: the provider may charge the card
    PAID = "paid"
    REFUNDED = "refunded"  # all of it


@dataclass(frozen=True, slots=True)
class CardPayment:
    """A payment that was asked for; its number is the payload of the invoice."""

    id: CardPaymentId
    account: PersonId
    payer: PersonId
    amount: Millionths
    currency: str
    state: CardPaymentState
    open_until: Moment
    charge: str | None
    provider_charge: str
    refunded: int

    @property
    def is_open(self) -> bool:
        return self.state in (CardPaymentState.ASKED, CardPaymentState.CHECKED)


@dataclass(frozen=True, slots=True)
class Checkout:
    """Telegram's question, seconds before a card is charged, whether the payment may be made."""

    query: str
    payload: str
    total: int
    currency: str


@dataclass(frozen=True, slots=True)
class MadePayment:
    """Telegram's report that a card was charged."""

    charge: str
    provider_charge: str
    payload: str
    total: int
    currency: str


@dataclass(frozen=True, slots=True)
class StrayPayment:
    """A payment that fits none that was asked for; `why`: unknown, person, amount, unchecked, twice, gone or failed."""

    id: int
    charge: str
    provider_charge: str
    payer: PersonId
    total: int
    currency: str
    why: str
    state: str


@dataclass(frozen=True, slots=True)
class CardInvoice(Message):
    """Message to a requester: an invoice with a button that pays it by card; `team` is whose funds grow, empty for
    their own."""

    number: CardPaymentId
    amount: int
    currency: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class StrayPaymentNoticed(Message):
    """Message to a payer: their payment fits none that was asked for, and an admin looks at it."""

    total: int
    currency: str


@dataclass(frozen=True, slots=True)
class StrayPaymentShown(Message):
    """Message to admins: a payment that fits none that was asked for. `may_credit`: it can be added to the payer's
    funds; `state`: waiting, credited or returned."""

    number: int
    who: str
    total: int
    currency: str
    why: str
    charge: str
    provider_charge: str
    state: str
    may_credit: bool


@dataclass(frozen=True, slots=True)
class StrayPaymentReturned(Message):
    """Message to a payer: their payment goes back to their card."""

    total: int
    currency: str


@dataclass(frozen=True, slots=True)
class ListedCardPayment:
    """A payment that was made, for admins."""

    number: CardPaymentId
    who: str
    amount: int
    refunded: int
    currency: str
    provider_charge: str


@dataclass(frozen=True, slots=True)
class ProviderBalance:
    """Money in one currency that lies `held` at the provider, and the `fees` that it has kept so far."""

    currency: str
    held: int
    fees: int


@dataclass(frozen=True, slots=True)
class CardPaymentsListed(Message):
    """Message to an admin: money at the provider, stray payments that wait (their numbers), the newest payments.
    `is_open`: cards are taken."""

    balances: tuple[ProviderBalance, ...]
    waiting: tuple[int, ...]
    payments: tuple[ListedCardPayment, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class ProviderMoneyMoved(Message):
    """Message to an admin: money at the provider was moved. `kind`: card fee, card fee back, card payout or card payout
    back; `held` is at the provider now."""

    kind: str
    amount: int
    currency: str
    reason: str
    held: int
    operation: int | None
