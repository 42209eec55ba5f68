"""The honest card: what a worker knows before their first answer in a project."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from domain.fairness.ratings import RateableRequester, RequesterRating
from domain.messages import Message, record
from domain.money.amounts import Millionths
from domain.projects.projects import Wording, WorkedExample

MIN_DECIDED_ANSWERS = 20  # decided answers from which a requester's record says something


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """A requester's latest `decided` answers: how many of them were rejected, and within how many milliseconds half of
    the others were paid."""

    decided: int
    rejected: int
    paid_within: int


def get_track_record(rejected: int, milliseconds_to_pay: Sequence[int]) -> TrackRecord | None:
    """Return the track record of a requester with so many rejected answers and these times to pay of the others; None
    if there are fewer than MIN_DECIDED_ANSWERS."""
    decided = rejected + len(milliseconds_to_pay)
    if decided < MIN_DECIDED_ANSWERS:
        return None
    return TrackRecord(decided, rejected, int(median(milliseconds_to_pay or (0,))))


@dataclass(frozen=True, slots=True)
class HonestCard:
    """The facts of a project before a worker's first answer.

    `hourly` is pay an hour where it is `measured`, lifted to `floor`; `milliseconds` a task takes, `stated` by the
    requester or estimated; `hours` until silence pays; `gold`: known answers decide whether pay is at once, which takes
    `proof` = (needed, total): so many right of so many; `faq` entries have its questions and answers.

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
    proof: tuple[int, int] = (0, 0)


MAX_NEWS_LINES = 4  # as many are told; the button shows all of them


@record
class InstructionNews:
    """Changes of a project's instructions: `lines` are new or have changed, with their present numbers; `more` is the
    number of further changed lines, `gone` that of removed ones; `title`, `pictures` and `examples` say whether these
    changed."""

    version: int
    lines: tuple[tuple[int, str], ...]
    more: int
    gone: int
    title: bool
    pictures: bool
    examples: bool


def compare_wordings(old_wording: Wording, new_wording: Wording, version: int) -> InstructionNews:
    """Return what changed between two wordings, with at most MAX_NEWS_LINES changed lines."""
    old_lines, new_lines = set(old_wording.instructions), set(new_wording.instructions)
    added_lines = tuple(
        (number, line) for number, line in enumerate(new_wording.instructions, 1) if line not in old_lines
    )
    removed_count = sum(line not in new_lines for line in old_wording.instructions)
    return InstructionNews(
        version,
        lines=added_lines[:MAX_NEWS_LINES],
        more=len(added_lines[MAX_NEWS_LINES:]),
        gone=max(0, removed_count - len(added_lines)),
        title=old_wording.title != new_wording.title,
        pictures=old_wording.pictures != new_wording.pictures,
        examples=old_wording.examples != new_wording.examples,
    )


@dataclass(frozen=True, slots=True)
class ProjectInstructions(Message):
    """All that a project asks of an answer, numbered as a rejection cites it; `edition` is 0 if it was never edited."""

    title: str
    instructions: tuple[str, ...]
    pictures: tuple[str, ...] = ()
    edition: int = 0


@dataclass(frozen=True, slots=True)
class ExamplesShown(Message):
    """Worked examples of a project: an item, its right answer, why."""

    title: str
    examples: tuple[WorkedExample, ...]
