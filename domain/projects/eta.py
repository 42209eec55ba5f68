"""A project's expected end, by the rate of its answers, with an interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from domain.moments import DAY, HOUR, MINUTE, Moment
from domain.projects.projects import Progress, Project

LATEST, WINDOW = 100, 3 * HOUR  # answers that are looked at: so many, and no older
LEAST = 10  # … from which an estimate is made
QUIET = 15 * MINUTE  # without an answer and without a worker: the earlier rate no longer counts
CLOSED = 10  # tasks from which it is known how many answers one takes, where that is decided as they come
WEEK, FARTHEST = 7 * DAY, 60 * DAY  # of work that is looked at, and beyond which nothing is said
SPREAD = 2  # answers come in runs of one worker's: their number spreads twice as much as Poisson's


@dataclass(frozen=True, slots=True)
class Finish:
    """Milliseconds from now: between `soonest` and `latest`, two times in three."""

    soonest: int
    latest: int


def answers_left(project: Project, counted: Progress) -> int:
    """Answers still to come, gold's share included: what each open task takes, less what is there; never more than the
    budget pays for.

    With a wanted confidence a task takes as many as those that are closed took, else its overlap.
    """
    ordinary = counted.submissions - counted.gold_seen
    each: float = project.overlap
    if project.confidence is not None and counted.closed >= CLOSED:
        each = min(max(ordinary / counted.closed, 1.0), project.max_overlap)
    left = max(counted.tasks * each - ordinary, counted.tasks - counted.closed)
    with_gold = left * counted.submissions / ordinary if ordinary else left
    return min(round(with_gold), counted.held // project.cost_each)


def expected_finish(left: int, arrivals: Sequence[Moment], in_hand: int, now: Moment) -> Finish | None:
    """From the moments of the latest answers, newest first; None where it cannot be said yet.

    The rate is n answers ÷ the time since the first of them. Its relative error is SPREAD ÷ √n, the standard error of a
    count whose variance is SPREAD² times its mean; so 100 answers give ± 20 %, 10 give ± 63 %.
    """
    recent = [moment for moment in arrivals if moment > now - WINDOW]
    if left <= 0 or len(recent) < LEAST or (not in_hand and now - recent[0] > QUIET):
        return None
    middle, error = left * max(1, now - recent[-1]) / len(recent), SPREAD / sqrt(len(recent))
    return Finish(round(middle / (1 + error)), round(middle * (1 + error)))


def forecast(work: int, done: Sequence[tuple[Moment, int]], rivals: int, now: Moment) -> Finish | None:
    """Of a project that has not begun: `work` milliseconds, by the hours at which people have worked here in the last
    week, on the first day of work alike at all hours. `done` are the latest answers' moments and times, newest first.
    The soonest if all work on it alone, the latest if its `rivals` get as much; None where it cannot be said."""
    recent = [(moment, took) for moment, took in done if moment > now - WEEK]
    if work <= 0 or len(recent) < LEAST:
        return None
    by_hour = _worked(recent, now)
    soonest, latest = _through(work, by_hour, now), _through(work * (rivals + 1), by_hour, now)
    return Finish(soonest, latest) if latest is not None and soonest is not None else None


def _worked(done: Sequence[tuple[Moment, int]], now: Moment) -> list[float]:
    """Milliseconds of work by the hour of the day; alike in all hours as long as less than a day of it is known."""
    span = now - done[-1][0]
    if span < DAY:
        return [sum(took for _, took in done) * HOUR / max(span, HOUR)] * 24
    by_hour = [0.0] * 24
    for moment, took in done:
        by_hour[moment // HOUR % 24] += took * DAY / span
    return by_hour


def _through(work: float, by_hour: Sequence[float], now: Moment) -> int | None:
    """Milliseconds until so much work is done."""
    at = float(now)
    while at < now + FARTHEST:
        rest = HOUR - at % HOUR
        done = by_hour[int(at // HOUR) % 24] * rest / HOUR
        if done >= work:
            return round(at + rest * work / done - now)
        work, at = work - done, at + rest
    return None
