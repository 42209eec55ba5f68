"""Redos: a requester asks a worker for an answer once more, in place of a rejection, and pays for it again."""

from dataclasses import dataclass

from domain.fairness.appeals import AnswerShown
from domain.messages import Message, record
from domain.moments import HOUR, Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.work.assignments import SubmissionId


@dataclass(frozen=True, slots=True)
class RedoWanted(Message):
    """Question to the requester: what should be different? `available` is free money."""

    submission: SubmissionId
    worker: str
    pay: int
    currency: str
    available: int


@dataclass(frozen=True, slots=True)
class RedoSent(Message):
    """Message to the requester: the first answer is paid, and the second one's pay is held."""

    worker: str
    pay: int
    currency: str
    until: Moment


@dataclass(frozen=True, slots=True)
class RedoOffered(Message):
    """Offer to the worker, with the requester's words."""

    about: AnswerShown
    requester: str
    words: str
    pay: int
    until: Moment


@dataclass(frozen=True, slots=True)
class RedoDeclined(Message):
    """Message to the worker who declined a redo: nothing changes."""

    title: str


@dataclass(frozen=True, slots=True)
class RedoPaid(Message):
    """Message to the worker: the second answer is paid."""

    title: str
    pay: int
    currency: str
    operation: int | None


@dataclass(frozen=True, slots=True)
class RedoDone(Message):
    """Message to the requester: the answer as it is now."""

    about: AnswerShown
    worker: str
    number: ProjectId


@dataclass(frozen=True, slots=True)
class RedoReturned(Message):
    """Message to the requester: a redo was declined, or its time is over (`late`); its pay comes back."""

    title: str
    worker: str
    pay: int
    currency: str
    late: bool


REDO_TIME = 72 * HOUR  # in which it can be done; then the money goes back
ASKED, DONE, DECLINED, LATE = "asked", "done", "declined", "late"


@record
class Redo:
    """`words` are the requester's, `pay` is held for it until `until_at`."""

    submission: SubmissionId
    project: ProjectId
    worker: PersonId
    words: str
    pay: Millionths
    state: str
    asked_at: Moment
    until_at: Moment

    def is_open(self, now: Moment) -> bool:
        return self.state == ASKED and now < self.until_at
