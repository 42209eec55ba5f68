"""Gold challenges: when a gold answer is doubted, by whom, and the requester's deadline.

A worker of proven skill a who gave one of K answers speaks for it with log a (K − 1)/(1 − a) nats against any other; a
contest speaks with CONTEST nats. One gold answer in thirty-three is taken to be wrong. A requester is asked where most
of those who can tell missed it; it is put aside before they answer only where it is more likely wrong than right.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from typing import NewType

from domain.fairness.stops import StopId
from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.quality.crowd import log_odds
from domain.quality.restrictions import RestrictionId
from domain.work.assignments import SubmissionId

ChallengeId = NewType("ChallengeId", int)

SEVERAL = 3  # contests that suspend a gold answer
PROVEN = 20  # answers behind a skill before it speaks against gold
QUALIFIED = log(3)  # nats of a qualified worker before that
SURELY = 0.95  # the upper limit of any worker's skill here
CONTEST = 1.2  # nats
DOUBTFUL = log(0.97 / 0.03)  # nats at which it is as likely wrong as right
MISSED, ASKED = 2, 1.0  # misses, and nats, from which its requester is asked


class ChallengeState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    OVERTURNED = "overturned"


@dataclass(frozen=True, slots=True)
class Challenge:
    """`gold` are the accepted answers in question; `quarantined` while they are suspended."""

    id: ChallengeId
    project: ProjectId
    task: TaskId
    gold: tuple[str, ...]
    state: ChallengeState
    quarantined: bool
    opened_at: Moment
    due_at: Moment
    decided_at: Moment | None
    decided_by: PersonId | None


@dataclass(frozen=True, slots=True)
class GoldVote:
    """One worker's answer, and the lower end of their skill's interval; `answers` is the number behind it. `qualified`:
    for this project, by the rest of their work in it."""

    answer: str
    right: bool
    skill: float
    answers: float
    qualified: bool = False


def doubt(voices: Sequence[GoldVote], contests: int, classes: int) -> float:
    """Nats for the best other answer against the gold ones; from DOUBTFUL on the gold is put aside."""
    against = defaultdict[str | None, float](float)
    for voice in voices:
        against[None if voice.right else voice.answer] += _told(voice, classes)
    supporting = against.pop(None, 0.0)
    return max(against.values(), default=0.0) - supporting + CONTEST * contests


def is_doubtful(voices: Sequence[GoldVote], contests: int, classes: int) -> bool:
    """Contradicted by workers of proven skill or by most of the qualified, or contested by several."""
    return contests >= SEVERAL or doubt(voices, contests, classes) >= DOUBTFUL


def is_worth_asking(voices: Sequence[GoldVote], classes: int) -> bool:
    """Missed by two or more who can tell, and by more of them than had it right: its requester looks at it again."""
    missed = sum(not voice.right and _told(voice, classes) > 0 for voice in voices)
    return missed >= MISSED and doubt(voices, 0, classes) >= ASKED


def _told(voice: GoldVote, classes: int) -> float:
    """What is known of the qualified at least, before the skill is proven; never negative."""
    if voice.answers < PROVEN:
        return QUALIFIED if voice.qualified else 0.0
    return max(0.0, log_odds(min(SURELY, voice.skill), classes))


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
