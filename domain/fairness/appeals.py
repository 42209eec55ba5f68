"""A worker's objection to a rejection, judged by three others who see neither who it is nor what the others say.

They are drawn by lot from people who owe nothing to either side, and paid by who loses: their pay is held from the
requester before a rejection stands. Where the requester was right the platform gives it back, out of what that
requester's own fees have brought, never more than a share of them: nobody gains by quarrelling with themselves.
"""

import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.moments import HOUR, Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.work.submissions import SubmissionId

AppealId = NewType("AppealId", int)

JUDGES = 3
JUDGING_TIME = 1 * HOUR  # for one judge
LONGEST = 1_000  # characters of what the worker adds

POOL = 20  # people who could judge; fewer might be somebody's own, so that nobody is asked
SPAN = 3  # requesters these people work for
REQUESTERS, ANSWERS, DAYS = 2, 10, 3  # a judge's work for others than the parties
COMPARED, AGREEING_PERCENT = 10, 60  # of it, answers to be compared with what others said, and those that agree
HISTORY = 300  # latest answers that are looked at
LOOKED_AT, DRAWN = 200, 54  # candidates looked at, in the order of the lot, and how many of them are kept
CALLED, WAVE = 3, 4 * HOUR  # asked at once, and as many again each time that was not enough
GIVEN_BACK_PERCENT = 50  # of a requester's fees: what judges cost a requester who was right, at most


class AppealState(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Appeal:
    """`funded`: the judges' pay is set aside; `places` are those that nobody has taken."""

    id: AppealId
    submission: SubmissionId
    words: str | None
    state: AppealState
    funded: bool
    places: int
    opened_at: Moment
    due_at: Moment


class Verdict(StrEnum):
    WORKER = "worker"
    REQUESTER = "requester"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judge's: active → given | skipped | expired. `verdict` is whose side it takes, once given."""

    appeal: AppealId
    worker: PersonId
    state: str
    verdict: Verdict | None
    deadline: Moment


@dataclass(frozen=True, slots=True)
class Votes:
    worker: int
    requester: int

    @property
    def given(self) -> int:
        return self.worker + self.requester

    @property
    def decision(self) -> AppealState | None:
        """None before every judge has spoken."""
        if self.given < JUDGES:
            return None
        return AppealState.WON if self.worker > self.requester else AppealState.LOST


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a worker's answers for others than the parties say; `works_for`: whom, and how many for each."""

    worker: PersonId
    works_for: tuple[tuple[PersonId, int], ...]
    days: int
    compared: int
    agreed: int
    stopped: bool = False

    @property
    def is_fit(self) -> bool:
        """Known to several requesters, over days, and of one mind with others: no requester's gold has a say."""
        agrees = self.compared >= COMPARED and 100 * self.agreed >= AGREEING_PERCENT * self.compared
        return agrees and len(self.works_for) >= REQUESTERS and self.days >= DAYS and not self.stopped


def is_wide(pool: Sequence[Candidate]) -> bool:
    """Too many to be anybody's own, and no requester's work is half of what they are known by."""
    known: Counter[PersonId] = Counter()
    for each in pool:
        known.update(dict(each.works_for))
    return len(pool) >= POOL and len(known) >= SPAN and 2 * max(known.values()) <= known.total()


def lot(secret: bytes, submission: SubmissionId, worker: PersonId) -> bytes:
    """Where a worker stands in the draw for an appeal: known to whoever has the secret, random to all others."""
    return hmac.digest(secret, f"judge:{submission}:{worker}".encode(), "sha256")


def judges_pay(pay: Millionths) -> Millionths:
    """What a rejection must hold: each judge earns what the answer would have."""
    return Millionths(JUDGES * pay)


def may_give_back(fees: int, given_back: int) -> int:
    """What is left of the share of a requester's fees that may go back for judges."""
    return max(0, fees * GIVEN_BACK_PERCENT // 100 - given_back)
