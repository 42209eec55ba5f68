"""A bank's statement or report that an admin sends: its lines, and messages about what would be booked and what was."""

from dataclasses import dataclass

from domain.messages import Message, Note
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.payouts import BankFileId, PayoutId, PayoutView
from domain.people.accounts import PersonId

UNEXPLAINED = "external:unexplained"  # money that left or came, until a person says what it was
# Why a line waits although its money is not on UNEXPLAINED: it may be in the book already, or can't be.
REASONS_NOT_POSTED = ("typed", "currency")
CHARGE, OWN, PAYOUT, DEPOSIT, CARDS, RECORDED = "charge", "own", "payout", "deposit", "cards", "recorded"
CODE_HEX_DIGITS = 15  # of a key, in hexadecimal: below 2**60
MAX_TYPED_NUMBER = 10**9  # what a person types; greater ones are codes
EXPLANATIONS = (CHARGE, OWN, PAYOUT, DEPOSIT, CARDS, RECORDED)


@dataclass(frozen=True, slots=True)
class BankLine:
    """One booked movement of the account: a statement's entry, or a part of one.

    `key` tells it from all others: made of the bank's reference, else of its content and its position among equal ones.
    `view` is statement, advice or table: each movement is in one of a kind once. `entry` is a key of the bank's
    reference of the whole entry, empty without one. `amount` is 0 if `written`, the bank's words, is no amount."""

    key: str
    view: str
    entry: str
    debit: bool
    amount: int
    currency: str
    written: str
    booked_on: str
    reference: str
    party: str
    said: str
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class StatementBalance:
    """Balance of the account before and after a statement, by the bank; in millionths, negative if overdrawn."""

    currency: str
    opening: int
    closing: int
    day: str


@dataclass(frozen=True, slots=True)
class BankRecord:
    """A line as it is stored. `debit`: money left. `why` it waits, or what it was explained as; `suspense` is the
    movement from or to UNEXPLAINED; `transfer` the movement that it is, or may be while it waits as typed."""

    id: int
    key: str
    view: str
    debit: bool
    amount: Millionths
    currency: str
    written: str
    booked_on: str
    reference: str
    payout: PayoutId | None
    file: BankFileId | None
    person: PersonId | None
    party: str
    state: str
    why: str
    suspense: int | None
    transfer: int | None

    @property
    def code(self) -> int:
        """Number by which buttons name the line: made of its key, so that no other line ever has it."""
        return int(self.key[:CODE_HEX_DIGITS], 16)


BANK_CODES_BY_REASON = {
    "closed": ("AC04", "MD07"),
    "number": ("AC01", "AC03", "RC01", "RC04", "RC07", "RC08", "RC11"),
    "blocked": ("AC06", "AC14", "AG01"),
    "name": ("BE01", "BE04", "BE06"),
    "wise": ("CANCELLED", "REFUNDED"),  # of Wise, which has no codes of its own
    "other": ("MS03", "NARR", ""),
}
REASONS_ABOUT_PAYEE = ("closed", "number", "blocked", "name")
_REASONS_BY_CODE = {code: reason for reason, codes in BANK_CODES_BY_REASON.items() for code in codes}


def reason_of(code: str, general: bool = False) -> str:
    """Return the reason for a bank's code: closed, number, blocked, name, refused, other or wise. `general`: the code
    is about a whole file, so that it says nothing about one payee's account."""
    reason = _REASONS_BY_CODE.get(code, "refused")
    return "refused" if general and reason in REASONS_ABOUT_PAYEE else reason


@dataclass(frozen=True, slots=True)
class StatementDeposit:
    """Credit whose reference is `who`'s; `booked`: it was booked before."""

    who: str
    amount: int
    reference: str
    booked: bool


@dataclass(frozen=True, slots=True)
class UnmatchedLine:
    """Line or answer that an admin has to decide on: a booked line (`debit`: money left), or a report's answer about a
    `payout` or a `file`.

    An `amount` of 0 could not be read; `written` is how the bank writes it. `party`: whose payout it is, else who paid
    or was paid and for what, in the bank's words. `why` of a credit: number, known, amount, reference, slip (one of
    ours, but whose?), reversal, currency, typed; of an answer: unknown, waiting (in no bank file yet), file, account,
    amount, handed (what was withheld from it was handed on), failed (recorded as failed before), twice, refused
    (debited with its file though the bank refused it); of all others: debit, typed, reversal. `line` and `code` are its
    number and what buttons name it by, once it is stored.
    """

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
    """A statement's balances beside the ledger: `booked` is what the ledger says is on the account once all of the list
    is booked, without `lines` that wait."""

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
    """Message to an admin: what a statement would book; nothing is booked yet. `statement` is the number that its
    button carries.

    `known` lines and answers were recorded before; `wise`: it is Wise's list, not a bank's. `unclear` and
    `unmatched` are those of this `page`, counted from 0, of `pages`; there are `unclear_count` and `unmatched_count`
    in all, of which `new` are stored with the press.
    """

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
    """Message to an admin: a statement was booked: `count` deposits, `amount` in all; `paid` and `failed` payouts;
    `before` lines and answers were recorded before; `waiting` lines are stored for an admin to explain, `open` in
    all."""

    count: int
    amount: int
    currency: str
    before: int
    paid: int = 0
    failed: int = 0
    waiting: int = 0
    open: int = 0
    balances: tuple[Reconciled, ...] = ()


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Balance of external:unexplained in one currency; negative if money left."""

    currency: str
    balance: int


@dataclass(frozen=True, slots=True)
class BankLinesListed(Message):
    """Message to an admin: one of `pages` pages, counted from 0, of the `count` lines that wait."""

    lines: tuple[UnmatchedLine, ...]
    count: int
    page: int
    pages: int
    unexplained: tuple[Unexplained, ...] = ()


@dataclass(frozen=True, slots=True)
class BankLineShown(Message):
    """Message to an admin: one line. `choices`: what it can be explained as; `who`: the requester whose reference it
    bears; `operation`: the movement that it may be, recorded by hand."""

    line: UnmatchedLine
    choices: tuple[str, ...]
    who: str = ""
    operation: int | None = None
    explained: bool = False


@dataclass(frozen=True, slots=True)
class BankLineExplained(Message):
    """Message to an admin: a line was explained. `choice` is what it is; `left` lines wait still."""

    line: UnmatchedLine
    choice: str
    who: str
    operation: int | None
    left: int


@dataclass(frozen=True, slots=True)
class OperatorMoneyMoved(Message):
    """Message to an admin: the operator's money was moved. `kind`: charge, charge back, drawn or paid in; `left` are
    the free fees. `operation` is None if it was recorded before."""

    kind: str
    amount: int
    currency: str
    reason: str
    left: int
    operation: int | None


@dataclass(frozen=True, slots=True)
class AdminPayout:
    """A payout with its worker and its bank file, for admins."""

    payout: PayoutView
    who: str
    file: BankFileId | None


@dataclass(frozen=True, slots=True)
class OpenBankFile:
    """A file with payouts that the bank has not answered for: `undecided` of them."""

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
    """Message to an admin: payouts of one currency and channel: `waiting` ones, `total` in sum, some of them `listed`;
    the `withheld` sum to be paid to the authority, None if nothing is withheld here.

    `after` is the last file there is; `notes`: what extensions add.
    """

    currency: str
    waiting: int
    total: int
    listed: tuple[AdminPayout, ...]
    files: tuple[OpenBankFile, ...]
    withheld: int | None
    after: int
    notes: tuple[Note, ...] = ()
    channel: str = "sepa"


@dataclass(frozen=True, slots=True)
class BankFileReady(Message):
    """Message to an admin: the file itself, for the bank; its day is one of `zone`."""

    file: BankFileView
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class BankFileShown(Message):
    """Message to an admin: a file of which `left` payouts are undecided, some of them `listed`; `stale`: a button of
    an older list was pressed, and recorded nothing."""

    file: BankFileView
    left: int
    listed: tuple[AdminPayout, ...]
    stale: bool = False


@dataclass(frozen=True, slots=True)
class PayoutShown(Message):
    """Message to an admin: one payout. `stale`: a button from before it was decided was pressed, and recorded
    nothing."""

    about: AdminPayout
    stale: bool = False


@dataclass(frozen=True, slots=True)
class FailureAsked(Message):
    """Message to an admin: asks for the reason of a failed payout; the worker reads it."""

    about: AdminPayout
