"""The honest card: what a worker knows before their first answer in a project."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from domain.fairness.ratings import RateableRequester, RequesterRating
from domain.messages import Message, record
from domain.money.amounts import Millionths
from domain.projects.projects import Wording, WorkedExample

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


LINES = 4  # as many are told; the button shows all of them


@record
class InstructionNews:
    """`lines` are new or have changed, with their numbers now; `more` are not told, `gone` lines are no more. Whether
    the title, the pictures and the examples are others."""

    version: int
    lines: tuple[tuple[int, str], ...]
    more: int
    gone: int
    title: bool
    pictures: bool
    examples: bool


def news_of(before: Wording, now: Wording, version: int) -> InstructionNews:
    known, left = set(before.instructions), set(now.instructions)
    fresh = tuple((at, line) for at, line in enumerate(now.instructions, 1) if line not in known)
    removed = sum(line not in left for line in before.instructions)
    return InstructionNews(
        version,
        fresh[:LINES],
        len(fresh[LINES:]),
        max(0, removed - len(fresh)),
        before.title != now.title,
        before.pictures != now.pictures,
        before.examples != now.examples,
    )


@dataclass(frozen=True, slots=True)
class ProjectInstructions(Message):
    """All a project asks of an answer, numbered as a rejection cites it; `edition` is 0 where it was never edited."""

    title: str
    instructions: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    edition: int = 0


@dataclass(frozen=True, slots=True)
class ExamplesShown(Message):
    """Worked examples of a project: an item, its right answer, why."""

    title: str
    examples: tuple[WorkedExample, ...]
