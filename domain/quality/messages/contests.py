"""Messages about decisions a worker can contest, and the results."""

from dataclasses import dataclass

from domain.conduct.restrictions import RestrictionId
from domain.fairness.stops import StopId
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.work.submissions import SubmissionId


@dataclass(frozen=True, slots=True)
class NotedBefore:
    """An objection that was made before, or decided meanwhile: nothing has changed."""


@dataclass(frozen=True, slots=True)
class ContestNoted:
    """The requester looks at a check question again, or loses it `until` then."""

    until: Moment


@dataclass(frozen=True, slots=True)
class MissedGold:
    """A check question whose `gold` answers this worker did not give; `answer` None is “can't tell”."""

    submission: SubmissionId
    text: str
    answer: str | None
    gold: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RejectedAnswer:
    """An answer of `amount` that was rejected by a line of the instructions; an appeal is possible `until` then."""

    submission: SubmissionId
    text: str
    amount: Millionths
    currency: str
    line: int
    reason: str
    until: Moment


@dataclass(frozen=True, slots=True)
class OpenRestriction:
    """A restriction that ends `until` then and may be appealed."""

    restriction: RestrictionId
    title: str
    until: Moment


@dataclass(frozen=True, slots=True)
class OpenStop:
    """An admin's stop that may be appealed: of the project of this `title`, of the person where it is empty."""

    stop: StopId
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contestable(Message):
    """To a worker or a requester: decisions that can be contested with one press.

    `waiting` contests are undecided; appeals are being judged until the moments in `judged`, the last one the latest.
    Only a `worker` can complain of anything else. So many `more` check questions and rejections stand behind the first
    ones, of each of which so many were `shown` by now.
    """

    misses: tuple[MissedGold, ...]
    rejections: tuple[RejectedAnswer, ...]
    restrictions: tuple[OpenRestriction, ...]
    waiting: int
    judged: tuple[Moment, ...]
    stops: tuple[OpenStop, ...] = ()
    worker: bool = True
    more: int = 0
    shown: int = 0
