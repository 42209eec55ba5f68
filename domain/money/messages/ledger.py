"""Messages about the ledger, to admins: accounts, entries, the result of a verification."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.money.messages.bank_lines import Unexplained


@dataclass(frozen=True, slots=True)
class AccountBalance:
    name: str
    balance: int
    currency: str


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One line of an account: `amount` is signed, `balance` stands after it."""

    operation: int
    kind: str
    amount: int
    balance: int
    at: Moment


@dataclass(frozen=True, slots=True)
class AccountsListed(Message):
    """Some accounts of `total`."""

    accounts: tuple[AccountBalance, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AccountShown(Message):
    """One account and its last entries of `lines`; `others` are the other currencies it has."""

    account: AccountBalance
    others: tuple[str, ...]
    lines: int
    entries: tuple[AccountEntry, ...]


@dataclass(frozen=True, slots=True)
class RuleVerified:
    """How many rows break a rule, and the first of them."""

    rule: int
    count: int
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChainHead:
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerVerified(Message):
    """Every rule of the invariants, looked through in `seconds`; where the hash chain stands, and stood yesterday; what
    moved at the bank and nobody has explained."""

    rules: tuple[RuleVerified, ...]
    seconds: int
    head: ChainHead
    yesterday: ChainHead | None
    unexplained: tuple[Unexplained, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalReady(Message):
    """The whole ledger as a file for hledger."""
