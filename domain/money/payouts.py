"""Payouts to workers' bank accounts, in whole cents, and their states."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import NewType

from domain.messages import Message, Note
from domain.moments import HOUR, Moment, later
from domain.money.amounts import CENT, Millionths
from domain.people.accounts import PersonId

PayeeId = NewType("PayeeId", int)
PayoutId = NewType("PayoutId", int)
BankFileId = NewType("BankFileId", int)

ACCOUNT_CHANGE_DELAY = 72 * HOUR  # before a changed account is used: time to notice a stolen phone
MAX_WITHHELD_BASIS_POINTS = 5_000  # basis points: up to half, so that a cent paid out leaves something to pay


class Channel(StrEnum):
    """Way in which money goes out: SEPA to an IBAN, or through Wise to an e-mail address."""

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
MAX_FUNDED_AMOUNT = 999_999_999_990_000  # millionths; the most its code can carry

UNDECIDED_STATES = (PayoutState.SENT, PayoutState.UNKNOWN)  # states a bank's answer may still change
STATES_BEFORE = {
    PayoutState.PAID: (*UNDECIDED_STATES, PayoutState.FAILED),
    PayoutState.FAILED: (*UNDECIDED_STATES, PayoutState.PAID, PayoutState.REQUESTED),
    PayoutState.UNKNOWN: UNDECIDED_STATES,
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
        return mask_account(self.iban)

    @property
    def country(self) -> str:
        """Country of the bank; empty if it is not known."""
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
        """True if the payout ended before it was sent."""
        return self.state is PayoutState.FAILED and self.file is None

    def may_become(self, state: PayoutState) -> bool:
        """Return whether a decision may move the payout to this state."""
        return self.state in STATES_BEFORE[state] and not self.is_called_off


@dataclass(frozen=True, slots=True)
class Payer:
    """Bank account that payouts leave from; `instant`: payouts are asked to arrive within ten seconds."""

    name: str = ""
    iban: str = ""
    bic: str = ""
    instant: bool = False

    @property
    def missing_settings(self) -> list[str]:
        """Settings that must be filled before a bank file can be made."""
        values_by_setting = {"PAYER_NAME": self.name, "PAYER_IBAN": self.iban, "PAYER_BIC": self.bic}
        return [setting for setting, value in values_by_setting.items() if not value]


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


def mask_account(iban: str) -> str:
    """Return an account as `FR76 •••• 1234` or `a•••@example.org`, enough to recognise one's own; empty for an erased
    account."""
    if not iban:
        return ""
    name, at_sign, host = iban.partition("@")
    if at_sign:
        return f"{name[:1]}•••@{host}"
    return f"{iban[:4]} •••• {iban[-4:]}"


def round_down_to_cents(amount: int) -> Millionths:
    """Return the amount, rounded down to a whole cent."""
    return Millionths(amount // CENT * CENT)


def split_withheld(gross: Millionths, basis_points: int) -> tuple[Millionths, Millionths]:
    """Return (net, withheld) of a gross in whole cents; the withheld part is rounded half-even to the cent."""
    cents = (Decimal(gross) / CENT * basis_points / 10_000).to_integral_value(ROUND_HALF_EVEN)
    withheld = Millionths(int(cents) * CENT)
    return Millionths(gross - withheld), withheld


def usable_from(now: Moment, changed: bool) -> Moment:
    """Return when an account may be used: at once if it is the first one or the same, else after
    ACCOUNT_CHANGE_DELAY."""
    return later(now, ACCOUNT_CHANGE_DELAY) if changed else now


@dataclass(frozen=True, slots=True)
class PayoutView:
    """One payout and its state; `number` is the operation that reserved it. gross = net + withheld. `called_off`: it
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
    """Message to a worker: asks whose bank account it is; `account` is the one in use, if any; `available` money in
    `currency` can be paid out, 0 if this is not why they are asked."""

    account: str | None
    available: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class NothingToPayOut(Message):
    """Message to a worker without a bank account: not a cent is available. `pending` pay becomes available from `until`
    on at the latest, None without any."""

    available: int
    pending: int
    currency: str
    until: Moment | None


@dataclass(frozen=True, slots=True)
class IbanAsked(Message):
    """Message to a worker: asks for the IBAN; `wise` are the codes of countries that are paid through Wise instead."""

    holder: str
    wise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmailAsked(Message):
    """Message to a worker: asks for the e-mail address that Wise shall write to; `target` is the currency that
    arrives in `country`. `again`: what was typed is no address. `repeat`: the address is asked for once more; with
    `again` because the two differed. `least`: the smallest sum, in `currency`."""

    country: str
    target: str
    again: bool = False
    repeat: bool = False
    least: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class HolderUnfit(Message):
    """Message to a worker: the name is refused; `longest` is how many characters it may have."""

    longest: int


@dataclass(frozen=True, slots=True)
class IbanUnfit(Message):
    """Message to a worker: the IBAN is refused; `what` is wrong: characters, country, sepa, length (`wanted`, `found`),
    checksum or bank."""

    what: str
    country: str
    wanted: int
    found: int


@dataclass(frozen=True, slots=True)
class AccountNoted(Message):
    """Message to a worker: the account was stored. A changed one is used from `usable_at` on, and `before` until
    then; both are None for a first one."""

    account: str
    holder: str
    usable_at: Moment | None
    before: str | None
    wise: bool = False


@dataclass(frozen=True, slots=True)
class PayoutCard(Message):
    """Message to a worker: sum available in one currency, bank account, payouts on their way; `turn` is the number that
    the next payout would have among the worker's.

    Another account, `coming`, is used from `usable_at` on. `notes`: what extensions add; `waits`: one
    of them refuses payouts for now. Through Wise `least` is the smallest sum. `asked`: this card's button was pressed.
    `changed`: it was pressed, but another sum would have reached the worker than it said, so nothing was sent.
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
    notes: tuple[Note, ...] = ()
    waits: bool = False
    wise: bool = False
    least: int = 0
    asked: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class PayoutUnread(Message):
    """Message to a worker: the words after /payout are no amount. They are not repeated, since they may be an IBAN."""


@dataclass(frozen=True, slots=True)
class AccountKept(Message):
    """Message to a worker: an IBAN was typed where other people would have read it, and was kept from them. The open
    question stays open."""


@dataclass(frozen=True, slots=True)
class PayoutRequested(Message):
    """Message to a worker: the payout was reserved; `left` is still available."""

    payout: PayoutView
    left: int


@dataclass(frozen=True, slots=True)
class PayoutSent(Message):
    payout: PayoutView


@dataclass(frozen=True, slots=True)
class PayoutPaid(Message):
    """Message to a worker: the bank paid it. `after_all`: it had been recorded as failed, and its money was
    available again."""

    payout: PayoutView
    operation: int | None
    after_all: bool = False


@dataclass(frozen=True, slots=True)
class PayoutFailed(Message):
    """Message to a worker: the payout failed, or was called off, and its money is available again."""

    payout: PayoutView
    operation: int | None


@dataclass(frozen=True, slots=True)
class PayoutUnknown(Message):
    """Message to a worker: the bank cannot say yet whether the payout arrived."""

    payout: PayoutView
