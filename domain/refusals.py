"""Every expected “no”. A refusal carries facts and no prose: its name is the key of its text.

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

from typing import Any, ClassVar


class Refusal(Exception):
    """`facts` are JSON values; the screen of the same name words them."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(type(self).__name__, facts)
        self.facts = facts

    alert: ClassVar[bool] = False  # whether a pressed button answers with a window instead of a toast


class NotAllowed(Refusal):
    pass


class NotFound(Refusal):
    pass


class BadInput(Refusal):
    pass


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


class TooLateToChange(WorkRefusal):
    pass


class AnswerUnknown(WorkRefusal):
    pass


class LastChoice(WorkRefusal):
    pass


class UnknownChoice(WorkRefusal):
    pass


class AnswerUnfit(WorkRefusal):
    pass


class ProjectRefusal(Refusal):
    pass


class WrongState(ProjectRefusal):
    pass


class NothingToLaunch(ProjectRefusal):
    pass


class FundsMissing(ProjectRefusal):
    pass


class JudgesPayMissing(ProjectRefusal):
    pass


class BelowFloor(ProjectRefusal):
    pass


class TimeUntold(ProjectRefusal):
    pass


class OnlyUp(ProjectRefusal):
    pass


class CantTellIsPaid(ProjectRefusal):
    pass


class RightByGold(ProjectRefusal):
    pass


class FileRefused(ProjectRefusal):
    pass


class FormRefused(ProjectRefusal):
    pass


class MoneyRefusal(Refusal):
    pass


class KeyReused(MoneyRefusal):
    pass


class NothingToPay(MoneyRefusal):
    pass


class MoreThanThere(MoneyRefusal):
    pass


class AlreadyAsked(MoneyRefusal):
    pass


class PayerMissing(MoneyRefusal):
    pass


class PayoutDecided(MoneyRefusal):
    pass


class AlreadyTheirs(MoneyRefusal):
    pass
