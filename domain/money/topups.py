"""Top-ups to the wage floor: the measured time of a window of submissions, and the pay missing to the floor.

Every WINDOW submissions of a project are measured together, and each of them is paid what is missing.

1. **Each worker has one voice**, their median. Who answers most of a window, or stalls in all of it, counts once.
2. **The pace is the median of the voices**, the lower one of two: fewer than half of the workers can't raise it, and
   neither can one of two. Half-trimmed on both sides, it needs no bound for implausibly long times.
3. **Somebody alone** can't be told from a staller: believed up to FACTOR times the expected time, which was held.
4. **A pushed task says nothing**: it may have lain in a pocket. It is paid like the others of its window.
5. Hasty answers are no reason to lower it: whoever gives many of them still has one voice.

The first window is measured early, after FEW answers or twice, three, four times as many, where neither the reserve nor
the requester's free money would cover FEW more at their pace: the project rests while what was given can still be paid.
A window that is not full LONGEST_WAIT after its first answer is measured as it is: a project that never ends owes the
same.
What is left when a project ends, be it one answer, is paid to each worker by their own voice, heard up to FACTOR times
the pace of all. And a launch expects what the same requester's work took before, whichever project it was in.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.moments import DAY, HOUR
from domain.money.amounts import Millionths
from domain.people.people import PersonId

WINDOW = 25
FEW = 5  # of a project's first answers: after so many it is seen whether there is money for them
LONGEST_WAIT = 3 * DAY  # of an answer for its window to fill: what has come by then is measured
REST_DAYS = 7  # of a project that rests for want of a reserve: then it ends, and pays what it owes
REST = REST_DAYS * DAY
# Half as long again as expected: what a launch sets aside for. More would be money that mostly lies idle; when it runs
# short, the project rests and nobody works for less.
FACTOR = 1.5


@dataclass(frozen=True, slots=True)
class Time:
    """How long one submission took; `pushed` where its task came unasked."""

    worker: PersonId
    milliseconds: int
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class MeasuredPace:
    """The time of one submission, in milliseconds, and the number of workers it is measured from."""

    milliseconds: int
    workers: int


@dataclass(frozen=True, slots=True)
class Work:
    """Times of the latest answers in one project; `base` milliseconds were estimated or stated for one."""

    base: int
    times: Sequence[Time]


def pace(times: Iterable[Time], expected: int) -> MeasuredPace | None:
    """The pace; None without a meaningful time."""
    voices = list(_voices((time.worker, time.milliseconds) for time in times if not time.pushed).values())
    if not voices:
        return None
    bound = int(expected * FACTOR)
    found = _lower_median(voices) if len(voices) > 1 else min(voices[0], bound)
    return MeasuredPace(found, len(voices))


def paces(times: Sequence[Time], expected: int, others: Iterable[PersonId] = ()) -> dict[PersonId, int]:
    """Each worker's time of one submission, for the last answers of a project; a worker without a voice, and the
    `others`, have the common pace."""
    common = pace(times, expected)
    if common is None:
        return {}
    voices = _voices((time.worker, time.milliseconds) for time in times if not time.pushed)
    bound = int(common.milliseconds * FACTOR) if common.workers > 1 else common.milliseconds
    workers = (*(time.worker for time in times), *others)
    return {worker: min(voices.get(worker, common.milliseconds), bound) for worker in workers}


def learned(base: int, works: Iterable[Work]) -> int:
    """The expected time of work that is said to take `base`: longer by the factor of earlier work, but no longer than
    that work took; never less. Fewer than WINDOW answers do not count; the times of a single worker count up to
    FACTOR."""
    heard = [(time, work.base) for work in works for time in work.times if not time.pushed]
    if len(heard) < WINDOW:
        return base
    ratios = _voices((time.worker, time.milliseconds * 1000 // max(1, said)) for time, said in heard)
    took = _voices((time.worker, time.milliseconds) for time, _ in heard)
    ratio = _lower_median(list(ratios.values()))
    ratio = ratio if len(ratios) > 1 else min(ratio, int(FACTOR * 1000))
    return max(base, min(base * ratio // 1000, _lower_median(list(took.values()))))


def shortfall(pay: Millionths, floor: Millionths, milliseconds: int) -> Millionths:
    """The pay one submission lacks to the floor, rounded up to the millionth."""
    needed = -(-floor * milliseconds // HOUR)
    return Millionths(max(0, needed - pay))


def still_short(each_owed: Millionths, pay: Millionths, floor: Millionths, milliseconds: int) -> Millionths:
    """The top-up of each next answer at the last window's pace, at the current pay."""
    return min(each_owed, shortfall(pay, floor, milliseconds))


def reserve_each(pay: Millionths, floor: Millionths, seconds: float) -> Millionths:
    """The reserve a launch holds for each submission, for FACTOR times the expected time; rounded up so that
    sums on cards have four decimals at most."""
    return Millionths(-(-shortfall(pay, floor, round(seconds * FACTOR * 1000)) // 100) * 100)


def _voices(found: Iterable[tuple[PersonId, int]]) -> dict[PersonId, int]:
    """One a worker."""
    of_worker: dict[PersonId, list[int]] = defaultdict(list)
    for worker, value in found:
        of_worker[worker].append(value)
    return {worker: _lower_median(values) for worker, values in of_worker.items()}


def _lower_median(values: Sequence[int]) -> int:
    return sorted(values)[(len(values) - 1) // 2]
