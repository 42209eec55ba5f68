"""Messages about lines of the bank that wait for a person, and about the operator's own money."""

from dataclasses import dataclass

from domain.messages import Message
from domain.money.messages.bank_statements import UnmatchedLine


@dataclass(frozen=True, slots=True)
class Unexplained:
    """What external:unexplained holds: below zero where money left."""

    currency: str
    balance: int


@dataclass(frozen=True, slots=True)
class BankLinesListed(Message):
    """One of `pages` pages, counted from 0, of the `count` lines that wait."""

    lines: tuple[UnmatchedLine, ...]
    count: int
    page: int
    pages: int
    unexplained: tuple[Unexplained, ...] = ()


@dataclass(frozen=True, slots=True)
class BankLineShown(Message):
    """`choices`: what it can be said to be; `who`: the requester whose reference it bears; `operation`: the movement
    that it may be, recorded by hand."""

    line: UnmatchedLine
    choices: tuple[str, ...]
    who: str = ""
    operation: int | None = None
    explained: bool = False


@dataclass(frozen=True, slots=True)
class BankLineExplained(Message):
    """`choice` is what it was said to be; `left` lines wait still."""

    line: UnmatchedLine
    choice: str
    who: str
    operation: int | None
    left: int


@dataclass(frozen=True, slots=True)
class OperatorMoneyMoved(Message):
    """`kind`: charge, charge back, drawn or paid in; `left` is what is left of the fees that nobody can have back.
    `operation` is None where it was recorded before."""

    kind: str
    amount: int
    currency: str
    reason: str
    left: int
    operation: int | None
