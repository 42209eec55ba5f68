"""Gold challenges: when a gold answer is doubted, by which workers, and the requester's deadline.

A worker of proven skill a who gave one of K answers adds log a (K − 1)/(1 − a) nats for it against any other; a contest
adds CONTEST_NATS. One gold answer in thirty-three is assumed to be wrong. The requester is asked if most of the workers
with evidence missed it; it is suspended before they answer only if it is more likely wrong than right."""

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

SUSPENDING_CONTESTS = 3  # contests that suspend a gold answer
MIN_SKILL_ANSWERS = 20  # answers behind a skill before it speaks against gold
QUALIFIED_NATS = log(3)  # nats of a qualified worker before that
MAX_SKILL = 0.95  # the upper limit of any worker's skill here
CONTEST_NATS = 1.2  # nats
SUSPENDING_NATS = log(0.97 / 0.03)  # nats at which it is as likely wrong as right
MIN_MISSES, ASKING_NATS = 2, 1.0  # misses, and nats, from which its requester is asked


class ChallengeState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    OVERTURNED = "overturned"


@dataclass(frozen=True, slots=True)
class Challenge:
    """A doubted gold answer. `gold`: the accepted answers in question; `quarantined` while they are suspended."""

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
    """One worker's answer to a gold task, with the lower end of their skill's interval and the number of `answers`
    behind it. `qualified` for this project, by the rest of their work in it."""

    answer: str
    right: bool
    skill: float
    answers: float
    qualified: bool = False


def doubt_nats(voices: Sequence[GoldVote], contests: int, classes: int) -> float:
    """Return the nats for the best other answer against the gold ones; from SUSPENDING_NATS on the gold is
    suspended."""
    against = defaultdict[str | None, float](float)
    for voice in voices:
        against[None if voice.right else voice.answer] += _vote_nats(voice, classes)
    supporting = against.pop(None, 0.0)
    return max(against.values(), default=0.0) - supporting + CONTEST_NATS * contests


def is_doubtful(voices: Sequence[GoldVote], contests: int, classes: int) -> bool:
    """Return whether the gold answer is to be suspended: contradicted by workers of proven skill or by most of the
    qualified ones, or contested by SUSPENDING_CONTESTS workers."""
    return contests >= SUSPENDING_CONTESTS or doubt_nats(voices, contests, classes) >= SUSPENDING_NATS


def is_worth_asking(voices: Sequence[GoldVote], classes: int) -> bool:
    """Return whether the requester should check the gold answer: missed by MIN_MISSES or more workers with evidence,
    and by more of them than had it right."""
    missed = sum(not voice.right and _vote_nats(voice, classes) > 0 for voice in voices)
    return missed >= MIN_MISSES and doubt_nats(voices, 0, classes) >= ASKING_NATS


def _vote_nats(voice: GoldVote, classes: int) -> float:
    """Return the nats of one vote, never negative: by the worker's skill once it is proven; before that QUALIFIED_NATS
    for a qualified worker, else 0."""
    if voice.answers < MIN_SKILL_ANSWERS:
        return QUALIFIED_NATS if voice.qualified else 0.0
    return max(0.0, log_odds(min(MAX_SKILL, voice.skill), classes))


@dataclass(frozen=True, slots=True)
class NotedBefore:
    """Result of an objection that was made before, or decided meanwhile: nothing has changed."""


@dataclass(frozen=True, slots=True)
class ContestNoted:
    """Result of a contest: the requester decides about the check question, or it is dropped at `until`."""

    until: Moment


@dataclass(frozen=True, slots=True)
class MissedGold:
    """A check question that this worker missed, with its `gold` answers; `answer` None is “can't tell”."""

    submission: SubmissionId
    text: str
    answer: str | None
    gold: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RejectedAnswer:
    """An answer that was rejected by a line of the instructions, with its pay (`amount`); an appeal is possible before
    `until`."""

    submission: SubmissionId
    text: str
    amount: Millionths
    currency: str
    line: int
    reason: str
    until: Moment


@dataclass(frozen=True, slots=True)
class OpenRestriction:
    """A restriction that ends at `until` and may be appealed."""

    restriction: RestrictionId
    title: str
    until: Moment


@dataclass(frozen=True, slots=True)
class OpenStop:
    """An admin's stop that may be appealed: of the project with this `title`, or of the person if the title is
    empty."""

    stop: StopId
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contestable(Message):
    """Message to a worker or a requester: decisions that can be contested with one press.

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
