"""The honest card: what a worker knows before their first answer in a project."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from domain.fairness.ratings import RateableRequester, RequesterRating
from domain.money.amounts import Millionths

ENOUGH = 20  # decided answers from which a requester's record says something


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """A requester's latest `decided` answers: how many of them were rejected, and within how many milliseconds half of
    the others were paid."""

    decided: int
    rejected: int
    paid_within: int


def record_of(rejected: int, paid_within: Sequence[int]) -> TrackRecord | None:
    """Of so many rejected answers and the times to pay of the others; None of too few."""
    decided = rejected + len(paid_within)
    if decided < ENOUGH:
        return None
    return TrackRecord(decided, rejected, int(median(paid_within or (0,))))


@dataclass(frozen=True, slots=True)
class HonestCard:
    """The facts of a project before a worker's first answer.

    `hourly` is pay an hour where it is `measured`, lifted to `floor`; `milliseconds` a task takes, `stated` by the
    requester or estimated; `hours` until silence pays; `gold`: known answers decide whether pay is at once; `faq`
    entries have its questions and answers.

    `requester` asks, empty once erased; `left` tasks are there for this worker (COUNTED at most); `rate`: whom they may
    rate. `own`: an answer is their own words, voice, picture or place; `models` answered the tasks too; `content` is
    what the worker was warned of.
    """

    hourly: Millionths | None
    floor: Millionths
    milliseconds: int
    measured: bool
    stated: bool
    purpose: str
    accept: str
    hours: int
    gold: bool
    faq: int = 0
    requester: str = ""
    left: int = 0
    record: TrackRecord | None = None
    rating: RequesterRating | None = None
    rate: RateableRequester | None = None
    own: bool = False
    models: bool = False
    content: tuple[str, ...] = ()
