"""Messages about the settlement of payouts, to admins: waiting payouts, bank files without an answer, reports.

Amounts are whole millionths of the currency; a `rate` is in hundredths of a percent.
"""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.money.messages.payouts import PayoutView
from domain.money.payouts import BankFileId
from domain.people.people import PersonId


@dataclass(frozen=True, slots=True)
class AdminPayout:
    """A payout with its worker and its bank file."""

    payout: PayoutView
    who: str
    file: BankFileId | None


@dataclass(frozen=True, slots=True)
class OpenBankFile:
    """A file with payouts the bank has not answered for: `undecided` of them."""

    file: BankFileId
    currency: str
    made_at: Moment
    payouts: int
    net: int
    undecided: int
    channel: str = "sepa"


@dataclass(frozen=True, slots=True)
class StateCount:
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class BankFileView:
    """A file that was made, and how many of its payouts are in which state."""

    file: BankFileId
    made_at: Moment
    currency: str
    payouts: int
    net: int
    counts: tuple[StateCount, ...]
    channel: str = "sepa"


@dataclass(frozen=True, slots=True)
class PayoutsOverview(Message):
    """One currency and way: `waiting` payouts of `total`, some of them `listed`; the `withheld` sum to be paid to the
    authority.

    `after` is the last file there is, `year` the current one.
    """

    currency: str
    waiting: int
    total: int
    listed: tuple[AdminPayout, ...]
    files: tuple[OpenBankFile, ...]
    withheld: int
    after: int
    year: int
    channel: str = "sepa"


@dataclass(frozen=True, slots=True)
class BankFileReady(Message):
    """The file itself, for the bank; its day is one of `zone`."""

    file: BankFileView
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class BankFileShown(Message):
    """`left` payouts are undecided, some of them `listed`; `stale`: a button of an older list was pressed, and recorded
    nothing."""

    file: BankFileView
    left: int
    listed: tuple[AdminPayout, ...]
    stale: bool = False


@dataclass(frozen=True, slots=True)
class PayoutShown(Message):
    """`stale`: a button from before it was decided was pressed, and recorded nothing."""

    about: AdminPayout
    stale: bool = False


@dataclass(frozen=True, slots=True)
class FailureAsked(Message):
    """Asks for the reason of a failed payout; the worker reads it."""

    about: AdminPayout


@dataclass(frozen=True, slots=True)
class WithholdingSet(Message):
    """`first`: the rate of their SIRET, in hundredths of a percent, which comes before it."""

    who: str
    rate: int
    reason: str
    first: int | None = None


@dataclass(frozen=True, slots=True)
class WithheldHandedOn(Message):
    """Paid to the authority; `left` is still withheld."""

    amount: int
    left: int
    currency: str
    reference: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class WithheldCameBack(Message):
    """The authority gave it back; so much is withheld now."""

    amount: int
    there: int
    currency: str
    reference: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class SellersReady(Message):
    """DAC7's figures of a year, as a file; quarters by the clock of `zone`."""

    year: int
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class InvoiceLinesReady(Message):
    """The costs of a requester's projects in a month of `zone`, as a file."""

    person: PersonId
    year: int
    month: int
    zone: str = "UTC"
