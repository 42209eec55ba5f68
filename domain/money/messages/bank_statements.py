"""Messages about a bank's statement or report that an admin sent: what would be booked, and what was."""

from dataclasses import dataclass

from domain.messages import Message


@dataclass(frozen=True, slots=True)
class StatementDeposit:
    """A credit whose reference is `who`'s; `booked` before or not."""

    who: str
    amount: int
    reference: str
    booked: bool


@dataclass(frozen=True, slots=True)
class UnmatchedCredit:
    """What the bank says of a credit that nobody can be given; `why`: number, amount, reference, slip (one of
    ours, but whose?), reversal, currency, typed. An `amount` of 0 could not be read."""

    amount: int
    currency: str
    payer: str
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class StatementPayout:
    """The bank's answer to `who`'s payout: `paid`, or the reason why not, as `PayoutView.reason`."""

    payout: int
    who: str
    amount: int
    currency: str
    paid: bool
    reason: str


@dataclass(frozen=True, slots=True)
class UnmatchedAnswer:
    """An answer that is not recorded; `number` is the payout's, or the bank file's where `whole`. `why`: unknown,
    waiting (in no bank file yet), file, account, amount, handed (what was withheld from it was handed on), failed
    (recorded as failed before)."""

    number: int
    whole: bool
    why: str


@dataclass(frozen=True, slots=True)
class StatementRead(Message):
    """Nothing is booked yet; `statement` is the number its button carries. `known` answers were recorded before;
    `wise`: it is Wise's list, not a bank's."""

    statement: int
    currency: str
    deposits: tuple[StatementDeposit, ...]
    unmatched: tuple[UnmatchedCredit, ...]
    payouts: tuple[StatementPayout, ...] = ()
    known: int = 0
    unclear: tuple[UnmatchedAnswer, ...] = ()
    wise: bool = False


@dataclass(frozen=True, slots=True)
class StatementBooked(Message):
    """`count` deposits, `amount` in all; `paid` and `failed` payouts; `before` were left alone. Of these, `typed` are
    sums that were recorded since the list was made."""

    count: int
    amount: int
    currency: str
    before: int
    paid: int = 0
    failed: int = 0
    typed: int = 0
