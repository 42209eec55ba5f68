"""A worker's objection to a rejection, judged by three others who see neither who it is nor what the others say."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.moments import HOUR, Moment
from domain.people.people import PersonId
from domain.work.submissions import SubmissionId

AppealId = NewType("AppealId", int)

JUDGES = 3
DECISION_TIME = 72 * HOUR  # silence past it is for the worker
JUDGING_TIME = 1 * HOUR  # for one judge
LONGEST = 1_000  # characters of what the worker adds


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
