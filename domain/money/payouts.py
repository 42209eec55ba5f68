"""Payouts to workers' bank accounts, in whole cents, and their states."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import NewType

from domain.messages import Message
from domain.moments import HOUR, Moment, later
from domain.money.amounts import CENT, Millionths
from domain.people.accounts import PersonId

PayeeId = NewType("PayeeId", int)
PayoutId = NewType("PayoutId", int)
BankFileId = NewType("BankFileId", int)

COOL_OFF = 72 * HOUR  # before a changed account is used: time to notice a stolen phone
MOST_WITHHELD = 5_000  # basis points: up to half, so that a cent paid out leaves something to pay


class Channel(StrEnum):
    """The way money goes out: SEPA to an IBAN, or through Wise to an e-mail address."""

    SEPA = "sepa"
    WISE = "wise"


class PayoutState(StrEnum):
    """*requested → sent* (in a bank file) *→ paid / failed*; *unknown*: sent, without a clear answer from the bank.

    *requested → failed*: called off before it was sent. *paid ⇄ failed*: the bank sent it back, or paid it after all.
    """

    REQUESTED = "requested"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"


FUNDING_CURRENCY = "EUR"  # of a transfer that a banking app reads from a code (EPC069-12)
MOST_FUNDED = 999_999_999_990_000  # millionths; the most its code can carry

OPEN = (PayoutState.SENT, PayoutState.UNKNOWN)  # states a bank's answer may still change
DECIDED_FROM = {
    PayoutState.PAID: (*OPEN, PayoutState.FAILED),
    PayoutState.FAILED: (*OPEN, PayoutState.PAID, PayoutState.REQUESTED),
    PayoutState.UNKNOWN: OPEN,
}


@dataclass(frozen=True, slots=True)
class Payee:
    """A worker's bank account; immutable: another account is another payee. Through Wise `iban` is an e-mail address,
    and `target` the currency that arrives."""

    id: PayeeId
    person: PersonId
    iban: str
    holder: str
    fingerprint: str
    given_at: Moment
    usable_at: Moment
    channel: str = Channel.SEPA
    target: str = ""

    @property
    def masked(self) -> str:
        return masked(self.iban)

    @property
    def country(self) -> str:
        """The bank's; empty where it is not known."""
        return self.iban[:2] if self.channel == Channel.SEPA else ""


@dataclass(frozen=True, slots=True)
class Payout:
    """`gross` leaves the available balance; `net` reaches the bank; gross = net + withheld + fee."""

    id: PayoutId
    worker: PersonId
    payee: PayeeId
    currency: str
    gross: Millionths
    withheld: Millionths
    fee: Millionths
    net: Millionths
    state: PayoutState
    file: BankFileId | None
    reason: str
    requested_at: Moment
    decided_at: Moment | None

    @property
    def is_called_off(self) -> bool:
        """It ended before it was sent."""
        return self.state is PayoutState.FAILED and self.file is None

    def may_become(self, state: PayoutState) -> bool:
        return self.state in DECIDED_FROM[state] and not self.is_called_off


@dataclass(frozen=True, slots=True)
class Payer:
    """The bank account that payouts leave from; `instant`: they are asked to arrive within ten seconds."""

    name: str = ""
    iban: str = ""
    bic: str = ""
    instant: bool = False

    @property
    def missing(self) -> list[str]:
        """The settings that must be filled before a bank file can be made."""
        given = {"PAYER_NAME": self.name, "PAYER_IBAN": self.iban, "PAYER_BIC": self.bic}
        return [setting for setting, value in given.items() if not value]


@dataclass(frozen=True, slots=True)
class BankFile:
    """Payouts that went to the bank in one file."""

    id: BankFileId
    currency: str
    payer_name: str
    payer_iban: str
    payer_bic: str
    instant: bool
    made_at: Moment
    channel: str = Channel.SEPA

    @property
    def payer(self) -> Payer:
        return Payer(self.payer_name, self.payer_iban, self.payer_bic, self.instant)


def masked(iban: str) -> str:
    """`FR76 •••• 1234`, `a•••@example.org`: enough to know one's own account by. Nothing is left of an erased one."""
    if not iban:
        return ""
    name, at, host = iban.partition("@")
    if at:
        return f"{name[:1]}•••@{host}"
    return f"{iban[:4]} •••• {iban[-4:]}"


def whole_cents(amount: int) -> Millionths:
    """The whole cents of an amount."""
    return Millionths(amount // CENT * CENT)


def split(gross: Millionths, basis_points: int) -> tuple[Millionths, Millionths]:
    """(net, withheld) of a gross in whole cents; the withheld part is rounded half-even to the cent."""
    cents = (Decimal(gross) / CENT * basis_points / 10_000).to_integral_value(ROUND_HALF_EVEN)
    withheld = Millionths(int(cents) * CENT)
    return Millionths(gross - withheld), withheld


def usable_from(now: Moment, changed: bool) -> Moment:
    """The first account, or the same one again, is used at once; another one after the cool-off."""
    return later(now, COOL_OFF) if changed else now


@dataclass(frozen=True, slots=True)
class PayoutView:
    """One payout and where it is; `number` is the operation that reserved it. gross = net + withheld. `called_off`: it
    ended before it was sent."""

    number: int | None
    payout: PayoutId
    gross: int
    net: int
    withheld: int
    currency: str
    state: str
    reason: str
    account: str
    requested_at: Moment
    decided_at: Moment | None
    wise: bool = False
    called_off: bool = False


@dataclass(frozen=True, slots=True)
class HolderAsked(Message):
    """First question about a bank account; `account` is the one in use, if any."""

    account: str | None


@dataclass(frozen=True, slots=True)
class IbanAsked(Message):
    """`wise`: countries that are paid through Wise instead, by their codes."""

    holder: str
    wise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmailAsked(Message):
    """Where Wise shall write; `target` is the currency that arrives in `country`. `again`: what was typed is none.
    `repeat`: the address is asked for once more; with `again` because the two differed. `least`: the smallest sum, in
    `currency`."""

    country: str
    target: str
    again: bool = False
    repeat: bool = False
    least: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class HolderUnfit(Message):
    """`longest` is how many characters a name may have."""

    longest: int


@dataclass(frozen=True, slots=True)
class IbanUnfit(Message):
    """`what` is wrong: characters, country, sepa, length (`wanted`, `found`), checksum or bank."""

    what: str
    country: str
    wanted: int
    found: int


@dataclass(frozen=True, slots=True)
class AccountNoted(Message):
    """A changed account is used from `usable_at` on, `before` until then; both are None for a first one."""

    account: str
    holder: str
    usable_at: Moment | None
    before: str | None
    wise: bool = False


@dataclass(frozen=True, slots=True)
class PayoutCard(Message):
    """The sum available in one currency, and the bank account; `turn` is the number this payout would have among the
    worker's.

    Another account, `coming`, is used from `usable_at` on. `tax_form`: empty, missing, waits (payouts do) or given;
    `siret` the same. Through Wise `least` is the smallest sum. `asked`: this card's button was pressed.
    `changed`: it was, but what would reach the worker is not what it said: nothing was sent.
    """

    available: int
    gross: int
    net: int
    withheld: int
    currency: str
    turn: int
    on_the_way: tuple[PayoutView, ...]
    account: str
    holder: str
    coming: str | None
    usable_at: Moment | None
    tax_form: str = ""
    siret: str = ""
    wise: bool = False
    least: int = 0
    asked: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class PayoutUnread(Message):
    """The words behind /payout are no amount. They are not repeated: they may be an IBAN."""


@dataclass(frozen=True, slots=True)
class AccountKept(Message):
    """An IBAN was typed where others would have read it: it went to nobody. The open question waits on."""


@dataclass(frozen=True, slots=True)
class PayoutRequested(Message):
    """`left` is still available."""

    payout: PayoutView
    left: int


@dataclass(frozen=True, slots=True)
class PayoutSent(Message):
    payout: PayoutView


@dataclass(frozen=True, slots=True)
class PayoutPaid(Message):
    """`after_all`: it had been recorded as failed, and its money was available again."""

    payout: PayoutView
    operation: int | None
    after_all: bool = False


@dataclass(frozen=True, slots=True)
class PayoutFailed(Message):
    """The money is available again."""

    payout: PayoutView
    operation: int | None


@dataclass(frozen=True, slots=True)
class PayoutUnknown(Message):
    """The bank cannot say yet whether it arrived."""

    payout: PayoutView


@dataclass(frozen=True, slots=True)
class WithholdingChanged(Message):
    """To the worker: the share of each payout withheld from now on, in hundredths of a percent. `first`: that of their
    SIRET, which comes before it."""

    rate: int
    reason: str
    first: int | None = None
