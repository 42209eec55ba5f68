"""A run of tasks: answers without a long break between them, summed up for their worker."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.moments import MINUTE, Moment, later
from domain.money.amounts import Millionths
from domain.records import record
from domain.work.submissions import SubmissionId

BREAK = 15 * MINUTE  # from one answer to the beginning of the next task: after that a new run begins
SHORT = 2  # answers from which on there is something to sum up


@dataclass(frozen=True, slots=True)
class Recap:
    """A run of `tasks` without a long break: `milliseconds` of working time, pauses excluded, and its pay, of which
    `topped_up` lifted it to the wage floor."""

    tasks: int
    milliseconds: int
    earned: Millionths
    currency: str
    topped_up: int = 0


@record
class GivenAnswer:
    """An answer `at` a moment, after so many `milliseconds`, `worked` of them work, and its pay; later ones have
    greater numbers."""

    number: SubmissionId
    at: Moment
    milliseconds: int
    worked: int
    pay: Millionths
    currency: str


@record
class Run:
    """Answers without a long break between them, in one currency: from when the earliest task `began` to when the last
    answer `ended` it, so far, `worked` milliseconds of it work; `start` and `last` are the first and that answer's
    numbers. `first`: when the first one's task began; later than `began` where the clock was set back meanwhile."""

    start: SubmissionId
    last: SubmissionId
    tasks: int
    first: Moment
    began: Moment
    ended: Moment
    worked: int
    earned: Millionths
    currency: str

    def recap(self, now: Moment) -> Recap | None:
        """None where it is too short, or over since long."""
        if self.tasks < SHORT or now - self.ended > BREAK:
            return None
        return Recap(self.tasks, self.worked, self.earned, self.currency)


def run_of(answers: Iterable[GivenAnswer], before: Run | None = None) -> Run | None:
    """The run that the newest of these ends, newest first; `before` is the one that those before them ended."""
    run: Run | None = None
    for answer in answers:
        whole = _joined(_alone(answer), run)
        if whole is None:
            return run
        run = whole
    return run if before is None else _joined(before, run) or run


def _alone(answer: GivenAnswer) -> Run:
    began = later(answer.at, -answer.milliseconds)
    return Run(answer.number, answer.number, 1, began, began, answer.at, answer.worked, answer.pay, answer.currency)


def _joined(first: Run, following: Run | None) -> Run | None:
    """Both as one; None where a long break, or another currency, makes them two."""
    if following is None:
        return first
    if following.first - first.ended > BREAK or following.currency != first.currency:
        return None
    tasks, earned = first.tasks + following.tasks, Millionths(first.earned + following.earned)
    began, worked = min(first.began, following.began), first.worked + following.worked
    return Run(
        *(first.start, following.last, tasks, first.first, began, following.ended), worked, earned, first.currency
    )
