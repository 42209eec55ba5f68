"""Messages of review: to a requester who decides about answers, and to an admin about a project with too many
rejections."""

from dataclasses import dataclass
from enum import StrEnum

from domain.fairness.appeals import AnswerShown
from domain.messages import Message
from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from domain.work.assignments import Submission, SubmissionId


@dataclass(frozen=True, slots=True)
class AnswerEvidence:
    """Evidence beside an answer: `others` are (answer, count) of the same task (None is “can't tell”), `right` of the
    worker's `checked` check questions in this project, and the usual time in milliseconds."""

    others: tuple[tuple[str | None, int], ...] = ()
    right: int = 0
    checked: int = 0
    usual: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerToReview(Message):
    """The most doubtful answer that waits for its requester, of `left`; paid by itself at `until`.

    `worker` is a pseudonym, `milliseconds` the time the answer took; `consensus` None is not known yet; `last` is the
    newest answer there is. `spends`: the reader may do what takes money; a team's member who may only look may not.
    """

    about: AnswerShown
    left: int
    worker: str
    milliseconds: int
    until: Moment
    consensus: str | None
    confidence: float | None
    last: SubmissionId
    beside: AnswerEvidence = AnswerEvidence()
    spends: bool = True


@dataclass(frozen=True, slots=True)
class NothingToReview(Message):
    """`reviews`: the project pays only what its requester accepts."""

    project: ProjectId
    title: str
    reviews: bool


@dataclass(frozen=True, slots=True)
class LinesToCite(Message):
    """The first of two steps of a rejection: which of the `lines` was not followed. They are those of the `edition`
    that the answer was made under, 0 where there is only one."""

    submission: SubmissionId
    project: ProjectId
    lines: tuple[str, ...]
    edition: int = 0


@dataclass(frozen=True, slots=True)
class ReasonWanted(Message):
    """Asks for the reason, the second step of a rejection."""

    submission: SubmissionId
    project: ProjectId
    line: int
    clause: str


@dataclass(frozen=True, slots=True)
class RejectionMade(Message):
    """`held` of the requester's is held for judges."""

    project: ProjectId
    title: str
    held: Millionths
    currency: str


@dataclass(frozen=True, slots=True)
class RestAccepted(Message):
    """`count` answers were accepted for `amount`; `left` still wait."""

    project: ProjectId
    title: str
    count: int
    amount: Millionths
    currency: str
    left: int


@dataclass(frozen=True, slots=True)
class ProjectRests(Message):
    """Notice to the requester: `rejected` of `decided` answers were too many."""

    project: ProjectId
    title: str
    rejected: int
    decided: int


@dataclass(frozen=True, slots=True)
class PauseToDecide(Message):
    """Case for admins: a project of `who` was paused for its rejections."""

    who: str
    project: ProjectId
    title: str
    rejected: int
    decided: int


@dataclass(frozen=True, slots=True)
class PauseDecided(Message):
    """Outcome for the requester and the admin who decided: the project goes on, or is stopped."""

    project: ProjectId
    title: str
    resumed: bool


APPEAL_WINDOW = 7 * DAY  # how long a worker may think about it
MIN_REASON_CHARS, MAX_REASON_CHARS = 15, 500  # characters of a reason
MAX_CLAUSE_CHARS = 500  # characters of instructions that are cited as a whole
MIN_DIFFERENT_LETTERS = 6  # different ones; fewer are a key held down
MIN_DECIDED_ANSWERS = 20  # decided answers from which a share of rejections is meaningful
MAX_REJECTED_PERCENT = 5  # of the decided answers; beyond it a human looks
PAUSE = "rejections"  # why a project rests


class RejectionState(StrEnum):
    STANDING = "standing"
    APPEALED = "appealed"
    OVERTURNED = "overturned"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Rejection:
    """`clause` are the words of instruction line number `line` as they were then; `staked` is held for judges."""

    submission: SubmissionId
    project: ProjectId
    line: int
    clause: str
    reason: str
    state: RejectionState
    rejected_by: PersonId
    rejected_at: Moment
    appeal_until: Moment
    staked: Millionths

    def may_be_appealed(self, now: Moment) -> bool:
        return self.state is RejectionState.STANDING and now < self.appeal_until


def parse_reason(text: str) -> str | None:
    """A reason in one line; None if it is too short, or too long for a phone."""
    reason = " ".join(text.split())
    letters = {letter for letter in reason.casefold() if letter.isalnum()}
    return (
        reason
        if MIN_REASON_CHARS <= len(reason) <= MAX_REASON_CHARS and len(letters) >= MIN_DIFFERENT_LETTERS
        else None
    )


def is_open(submission: Submission, now: Moment) -> bool:
    """Return whether a person may still decide about the answer; pay that is available is the worker's for good."""
    return submission.held_until is not None and now < submission.held_until


def is_too_many(rejected: int, decided: int) -> bool:
    """Return whether the rejected share exceeds MAX_REJECTED_PERCENT of enough decided answers; `decided` includes the
    rejected."""
    return decided >= MIN_DECIDED_ANSWERS and 100 * rejected > MAX_REJECTED_PERCENT * decided


def support(
    answer: str | None, gold: int | None, agrees: bool | None, confidence: float | None, checked: tuple[int, int]
) -> float:
    """Return the support for an answer, from 0 to 1; the least supported is reviewed first, what cannot be rejected
    last.

    `gold`: 1 right, 0 missed. `agrees` with the task's consensus, None without one: then the worker's check questions
    count, `checked` (right, of how many)."""
    if answer is None or gold is not None:
        return 1.0 if gold != 0 else 0.0
    if agrees is not None:
        sure = 0.5 if confidence is None else confidence
        return sure if agrees else 1.0 - sure
    right, asked_checks = checked
    return (right + 1) / (asked_checks + 2)
