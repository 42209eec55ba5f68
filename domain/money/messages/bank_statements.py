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
class UnmatchedLine:
    """What a person has to look at: a booked line (`debit`: money left), or a report's answer about a `payout` or a
    `file`. An `amount` of 0 could not be read; `written` is how the bank writes it. `party`: whose payout it is, else
    who paid or was paid and for what, in the bank's words. `why` of a credit: number, known, amount, reference, slip
    (one of ours, but whose?), reversal, currency, typed; of an answer: unknown, waiting (in no bank file yet), file,
    account, amount, handed (what was withheld from it was handed on), failed (recorded as failed before), twice,
    refused (debited with its file though the bank refused it); of all others: debit, typed, reversal. `line` and `code`
    are its number and what buttons name it by, once it is kept."""

    why: str
    amount: int
    currency: str
    debit: bool
    written: str = ""
    day: str = ""
    reference: str = ""
    party: str = ""
    payout: int | None = None
    file: int | None = None
    line: int = 0
    code: int = 0


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A statement's balances beside the book: `booked` is what the ledger says is on the account once all of the list
    is booked; `lines` that wait are not in it."""

    currency: str
    opening: int
    closing: int
    day: str
    booked: int

    @property
    def difference(self) -> int:
        return self.closing - self.booked


@dataclass(frozen=True, slots=True)
class StatementPayout:
    """The bank's answer to `who`'s payout: `paid`, or the reason why not, as `PayoutView.reason`; `clears`: a second
    payment of it has come back."""

    payout: int
    who: str
    amount: int
    currency: str
    paid: bool
    reason: str


@dataclass(frozen=True, slots=True)
class StatementRead(Message):
    """Nothing is booked yet; `statement` is the number its button carries. `known` lines and answers were recorded
    before; `wise`: it is Wise's list, not a bank's. `unclear` and `unmatched` are those of this `page`, counted from 0,
    of `pages`; there are `unclear_count` and `unmatched_count` in all, of which `new` are kept with the press."""

    statement: int
    currency: str
    deposits: tuple[StatementDeposit, ...]
    unmatched: tuple[UnmatchedLine, ...]
    payouts: tuple[StatementPayout, ...] = ()
    known: int = 0
    unclear: tuple[UnmatchedLine, ...] = ()
    wise: bool = False
    unclear_count: int = 0
    unmatched_count: int = 0
    new: int = 0
    page: int = 0
    pages: int = 1
    balances: tuple[Reconciled, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementBooked(Message):
    """`count` deposits, `amount` in all; `paid` and `failed` payouts; `before` lines and answers were recorded before;
    `waiting` lines are kept for a person, `open` in all."""

    count: int
    amount: int
    currency: str
    before: int
    paid: int = 0
    failed: int = 0
    waiting: int = 0
    open: int = 0
    balances: tuple[Reconciled, ...] = ()
