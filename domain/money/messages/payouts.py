"""Messages about payouts, to workers: bank account, amount, state.

Amounts are whole millionths of the currency; a `rate` is in hundredths of a percent; accounts are masked.
`wise`: it goes through Wise, to an e-mail address.
"""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.money.payouts import PayoutId


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
