"""Gold tasks (check questions): which tasks may become gold, and the messages about making, doubting and deciding
them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from domain.handing_in import Draft
from domain.messages import Message
from domain.moments import Moment
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskContent, TaskId
from domain.quality.gold_challenges import ChallengeId

TARGET_GOLD = 20  # known answers: from so many on they pay (docs/explanation/quality.md)
MIN_AGREEING_SHARE, MIN_AGREEING_ANSWERS, MIN_CONSENSUS_CONFIDENCE = (
    0.9,
    3,
    0.95,
)  # share, answers and confidence from which a consensus may be gold


def is_unanimous(consensus: str, answers: Sequence[str], received: int) -> bool:
    """Return whether at least MIN_AGREEING_SHARE of the `received` answers are the consensus, ignoring case."""
    alike = sum(answer.casefold() == consensus.casefold() for answer in answers)
    return alike >= MIN_AGREEING_SHARE * received


def choose_task_to_check(posteriors: Mapping[int, Sequence[float]], turn: int) -> int:
    """Return the task to be checked next, of tasks with a posterior over the options. Leading options take turns by
    `turn`, so that rare ones are checked; of one option, the task with the highest entropy is taken."""
    by_class: dict[int, list[int]] = defaultdict(list)
    for task, posterior in posteriors.items():
        by_class[max(range(len(posterior)), key=lambda option: posterior[option])].append(task)
    of_class = sorted(by_class.values(), key=len)[turn % len(by_class)]
    return min(of_class, key=lambda task: (sum(p * log(p) for p in posteriors[task] if p > 0), task))


@dataclass(frozen=True, slots=True)
class GoldDoubted(Message):
    """Message to the requester: a check question to decide until then. `agreeing` of `answers` are among its `gold`
    answers; `aside` while it is suspended; `contested` by a worker, or missed by most."""

    challenge: ChallengeId
    number: ProjectId
    title: str
    kind: str
    options: tuple[str, ...]
    content: TaskContent
    gold: tuple[str, ...]
    agreeing: int
    answers: int
    until: Moment
    aside: bool
    contested: bool = True


@dataclass(frozen=True, slots=True)
class GoldDecided(Message):
    """Message to the requester: the decision, made or by silence."""

    challenge: ChallengeId
    kind: str
    options: tuple[str, ...]
    content: TaskContent
    gold: tuple[str, ...]
    kept: bool


@dataclass(frozen=True, slots=True)
class GoldReviewed(Message):
    """Message to a worker: a check question they contested is `kept`, or one they missed is dropped."""

    title: str
    kind: str
    options: tuple[str, ...]
    content: TaskContent
    gold: tuple[str, ...]
    kept: bool


@dataclass(frozen=True, slots=True)
class GoldSoFar:
    """Check questions `made` in a row, the answers of the one made last (`known`, empty where none was), and how many
    `suggestions` wait (counted up to a limit)."""

    made: int
    known: tuple[str, ...]
    suggestions: int


@dataclass(frozen=True, slots=True)
class GoldAsked(Message):
    """Message to the requester: a task whose answer they may know; `draft` holds the numbers of the options pressed
    so far."""

    task: TaskId
    number: ProjectId
    title: str
    kind: str
    options: tuple[str, ...]
    content: TaskContent
    draft: Draft
    so_far: GoldSoFar


@dataclass(frozen=True, slots=True)
class NoTaskForGold(Message):
    """Message to the requester: no task is left that could become a check question by their answer."""

    number: ProjectId
    kind: str
    so_far: GoldSoFar


@dataclass(frozen=True, slots=True)
class GoldSuggested(Message):
    """Message to the requester: nearly all of `answers` to this task are `answer`. `position` is the task's place in
    its file; `interval` is where the result lies, 19 times in 20, of kinds that measure."""

    task: TaskId
    number: ProjectId
    title: str
    kind: str
    options: tuple[str, ...]
    content: TaskContent
    position: int
    answer: str
    answers: int
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class GoldExplained(Message):
    """Message to the requester: workers who miss one of the `known` answers read this reason."""

    kind: str
    known: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class GoldStopped(Message):
    """Message to the requester: so many check questions were made."""

    number: ProjectId
    title: str
    made: int
