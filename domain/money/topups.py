"""The wage floor while people work: what a window of submissions took, and what lifts its pay to the floor.

Every WINDOW submissions of a project are measured together, and each of them is paid what is missing.

1. **Each worker has one voice**, their median. Who answers most of a window, or stalls in all of it, counts once.
2. **The pace is the median of the voices**, the lower one of two: fewer than half of the workers can't raise it, and
   neither can one of two. Half-trimmed on both sides, it needs no bound for what is too long to be true.
3. **Somebody alone** can't be told from a staller: believed up to FACTOR times the expected time, which was held.
4. **A pushed task says nothing**: it may have lain in a pocket. It is paid like the others of its window.
5. Hasty answers are no reason to lower it: whoever gives many of them still has one voice.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.moments import HOUR
from domain.money.amounts import Millionths
from domain.people.people import PersonId

WINDOW = 25
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
    """What one submission takes, by so many workers' word."""

    milliseconds: int
    workers: int


def pace(times: Iterable[Time], expected: int) -> MeasuredPace | None:
    """None where nobody's time says anything."""
    of_worker: dict[PersonId, list[int]] = defaultdict(list)
    for time in times:
        if not time.pushed:
            of_worker[time.worker].append(time.milliseconds)
    voices = [_lower_median(found) for found in of_worker.values()]
    if not voices:
        return None
    bound = int(expected * FACTOR)
    found = _lower_median(voices) if len(voices) > 1 else min(voices[0], bound)
    return MeasuredPace(found, len(voices))


def shortfall(pay: Millionths, floor: Millionths, milliseconds: int) -> Millionths:
    """What one submission lacks to reach the floor, rounded up to the millionth."""
    needed = -(-floor * milliseconds // HOUR)
    return Millionths(max(0, needed - pay))


def still_short(each_owed: Millionths, pay: Millionths, floor: Millionths, milliseconds: int) -> Millionths:
    """What each of the next answers will be owed at the last window's pace, where the pay went up since."""
    return min(each_owed, shortfall(pay, floor, milliseconds))


def reserve_each(pay: Millionths, floor: Millionths, seconds: float) -> Millionths:
    """What a launch holds for each submission, should it take FACTOR times as long as expected."""
    return shortfall(pay, floor, round(seconds * FACTOR * 1000))


def _lower_median(values: Sequence[int]) -> int:
    return sorted(values)[(len(values) - 1) // 2]
