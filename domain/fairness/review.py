"""Cite or pay: a rejection names a line of the instructions and gives a reason; too many of them stop a project."""

from dataclasses import dataclass
from enum import StrEnum

from domain.moments import DAY, Moment
from domain.money.amounts import Millionths
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.work.submissions import Submission, SubmissionId

APPEAL_WINDOW = 7 * DAY  # how long a worker may think about it
SHORTEST, LONGEST = 15, 500  # characters of a reason
LONGEST_CLAUSE = 500  # characters of instructions that are cited as a whole
LETTERS = 6  # different ones; fewer are a key held down
ENOUGH = 20  # decided answers from which a share of rejections is meaningful
MOST_PERCENT = 5  # of the decided answers; beyond it a human looks
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


def reason_of(text: str) -> str | None:
    """A reason in one line; None if it is too short, or too long for a phone."""
    reason = " ".join(text.split())
    letters = {letter for letter in reason.casefold() if letter.isalnum()}
    return reason if SHORTEST <= len(reason) <= LONGEST and len(letters) >= LETTERS else None


def is_open(submission: Submission, now: Moment) -> bool:
    """Whether a person may still decide: available pay is the worker's for good."""
    return submission.held_until is not None and now < submission.held_until


def is_too_many(rejected: int, decided: int) -> bool:
    """More than MOST_PERCENT of enough; `decided` includes the rejected."""
    return decided >= ENOUGH and 100 * rejected > MOST_PERCENT * decided


def support(
    answer: str | None, gold: int | None, agrees: bool | None, confidence: float | None, checked: tuple[int, int]
) -> float:
    """What speaks for an answer, from 0 to 1: the least is reviewed first. What cannot be rejected comes last.

    `gold`: 1 right, 0 missed. `agrees` with what all answers together say, None where they say nothing yet: then the
    worker's check questions tell, `checked` (right, of how many).
    """
    if answer is None or gold is not None:
        return 1.0 if gold != 0 else 0.0
    if agrees is not None:
        sure = 0.5 if confidence is None else confidence
        return sure if agrees else 1.0 - sure
    right, seen = checked
    return (right + 1) / (seen + 2)
