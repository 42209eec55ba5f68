"""Every expected “no”. A refusal carries typed facts and no prose: its name is the key of its text.

Refusal
├── NotAllowed            the person lacks the role (role)
├── NotFound              no such thing, or not theirs to know (what, name)
├── BadInput              what they typed can't be read (what, value, expected)
├── MustConsent           the terms come first
├── WorkRefusal
│   ├── NotYours          the assignment is another person's
│   ├── AlreadyAnswered   this task has their answer
│   ├── TooLate           the time was up and the place is taken
│   ├── TooLateToChange   an answer stays as it is (why: time, told, looked, decided)
│   ├── AnswerUnknown     not one of the options (expected)
│   ├── LastChoice        one of these has to stay
│   ├── UnknownChoice     no button of this version asks for it
│   └── AnswerUnfit       not an answer of the task's kind, or not yet (what, limit)
├── ProjectRefusal
│   ├── WrongState        the project is not in a state for this (number, state)
│   ├── NothingToLaunch   no new tasks (number)
│   ├── FundsMissing      the budget can't be held (missing, needed, available, owed, currency)
│   ├── JudgesPayMissing  a rejection holds what judges would earn (missing, needed, available, currency)
│   ├── BelowFloor        pay per hour under the floor (pay, needed, hourly, floor, currency)
│   ├── TimeUntold        nobody can tell how long an answer takes until the requester says it (number, why)
│   ├── OnlyUp            pay is never lowered (number, pay, currency)
│   ├── CantTellIsPaid    “can't tell” is an answer, and is never rejected
│   ├── RightByGold       the requester's own known answer says it is right, so it is not rejected
│   ├── FileRefused       rows that can't be read (errors, total)
│   ├── FileDropped       its sender wants none of it while it comes in (name)
│   ├── DraftsFull        more than a requester may leave unlaunched (rows, megabytes, most, limit)
│   └── FormRefused       a caption that can't be read (errors)
└── MoneyRefusal
    ├── NothingToPay      less than a cent is available (available, currency)
    ├── MoreThanThere     more is asked for than is available (asked, available, currency)
    ├── AlreadyAsked      this payout was asked for before
    ├── PayerMissing      settings that a bank file needs (missing)
    ├── AlreadyTheirs     the pay is the worker's, or was decided about
    ├── PayoutDecided     it is not, or no longer, to be decided so (number, state)
    └── KeyReused         the same key with another content (name)
"""

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar


@dataclass(eq=False)
class Refusal(Exception):
    """Its fields are JSON values; the screen of the same name words them. Amounts are millionths."""

    stored_as: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.stored_as = f"refusals.{cls.__name__}"

    @property
    def facts(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.facts}"


@dataclass(eq=False)
class NotAllowed(Refusal):
    role: str


@dataclass(eq=False)
class NotFound(Refusal):
    what: str
    name: str


@dataclass(eq=False)
class BadInput(Refusal):
    what: str
    value: str
    expected: list[str] = field(default_factory=list)


class MustConsent(Refusal):
    pass


class WorkRefusal(Refusal):
    pass


class NotYours(WorkRefusal):
    pass


class AlreadyAnswered(WorkRefusal):
    pass


class TooLate(WorkRefusal):
    pass


@dataclass(eq=False)
class TooLateToChange(WorkRefusal):
    why: str


@dataclass(eq=False)
class AnswerUnknown(WorkRefusal):
    expected: list[str]


class LastChoice(WorkRefusal):
    pass


class UnknownChoice(WorkRefusal):
    pass


@dataclass(eq=False)
class AnswerUnfit(WorkRefusal):
    what: str
    limit: int = 0


class ProjectRefusal(Refusal):
    pass


@dataclass(eq=False)
class WrongState(ProjectRefusal):
    number: int
    state: str


@dataclass(eq=False)
class NothingToLaunch(ProjectRefusal):
    number: int


@dataclass(eq=False)
class FundsMissing(ProjectRefusal):
    missing: int
    needed: int
    available: int
    currency: str
    owed: int = 0
    raised: bool = False


@dataclass(eq=False)
class JudgesPayMissing(ProjectRefusal):
    missing: int
    needed: int
    available: int
    currency: str


@dataclass(eq=False)
class BelowFloor(ProjectRefusal):
    number: int
    pay: int
    needed: int
    hourly: int
    floor: int
    seconds: float
    currency: str


@dataclass(eq=False)
class TimeUntold(ProjectRefusal):
    number: int
    why: str


@dataclass(eq=False)
class OnlyUp(ProjectRefusal):
    number: int
    pay: int
    currency: str


class CantTellIsPaid(ProjectRefusal):
    pass


class RightByGold(ProjectRefusal):
    pass


@dataclass(eq=False)
class FileRefused(ProjectRefusal):
    name: str
    errors: list[dict[str, Any]]
    total: int


@dataclass(eq=False)
class FileDropped(ProjectRefusal):
    name: str


@dataclass(eq=False)
class DraftsFull(ProjectRefusal):
    """Rows and megabytes that wait, and at most how many may."""

    rows: int
    megabytes: int
    most: int
    limit: int


@dataclass(eq=False)
class FormRefused(ProjectRefusal):
    errors: list[dict[str, Any]]


class MoneyRefusal(Refusal):
    pass


@dataclass(eq=False)
class KeyReused(MoneyRefusal):
    name: str


@dataclass(eq=False)
class NothingToPay(MoneyRefusal):
    available: int
    currency: str


@dataclass(eq=False)
class MoreThanThere(MoneyRefusal):
    asked: int
    available: int
    currency: str


class AlreadyAsked(MoneyRefusal):
    pass


@dataclass(eq=False)
class PayerMissing(MoneyRefusal):
    missing: list[str]


@dataclass(eq=False)
class PayoutDecided(MoneyRefusal):
    number: int
    state: str


class AlreadyTheirs(MoneyRefusal):
    pass
