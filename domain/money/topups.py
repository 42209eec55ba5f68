"""Top-ups to the wage floor: the measured time of a window of submissions, and the pay missing to the floor.

Every WINDOW submissions of a project are measured together, and each of them is paid what is missing.

1. **Each worker has one voice**, their median. Who answers most of a window, or stalls in all of it, counts once.
2. **Voices of strangers count**: of workers who have nothing to do with the requester and work for others, too. Where
   two of them or more were measured, the pace is the median of their voices, the lower one of two. A requester's own
   accounts, or new ones, cannot lower it.
3. **Where the evidence is thin** (fewer strangers than FEW), the pace is no less than the estimate. Without strangers
   it is the time within which three of four workers answer: neither a quarter that stalls nor three quarters of quick
   accounts decide alone. Somebody alone is believed up to FACTOR times the expected time.
4. **A pushed task may have lain in a pocket.** Where two strangers asked for their tasks, these are measured. Else the
   time of pushed ones comes from how they spread: waiting spreads widely, work does not (`shortest_work`). Each is at
   least the working time that was seen or estimated (domain/work/assignments.py): no answer is left unmeasured.
5. Hasty answers are no reason to lower it: whoever gives many of them still has one voice.

Of a project's first answers few are given out at a time (`most_at_work`). The reserve is looked at early, after FEW
answers or twice, three, four times as many, and again in later windows: where it would not cover the tasks in hand, the
project rests while what was given can still be paid.
A window that is not full LONGEST_WAIT after its first answer is measured as it is: a project that never ends owes the
same.
What is left when a project ends, be it one answer, is paid to each worker by their own voice, heard up to FACTOR times
the pace of all. And a launch expects what the same requester's work took before, whichever project it was in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import sqrt

from domain.messages import Message
from domain.moments import DAY, HOUR
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId


@dataclass(frozen=True, slots=True)
class TopupPaid(Message):
    """Pay was lifted to the wage floor for so many `answers` of a worker."""

    title: str
    amount: int
    currency: str
    answers: int
    operation: int | None


@dataclass(frozen=True, slots=True)
class PayLifted(Message):
    """An ended project's tasks took longer than was set aside for: `left` is owed to its workers. `taken` is 0, but in
    messages of versions that took it from the requester's free money."""

    number: ProjectId
    title: str
    currency: str
    taken: int
    left: int


@dataclass(frozen=True, slots=True)
class ReserveMissing(Message):
    """A project rests until `missing` is added: an answer takes `seconds`, not the `expected` ones."""

    number: ProjectId
    title: str
    seconds: float
    expected: float
    missing: int
    currency: str


WINDOW = 25
FEW = 5  # of a project's first answers: after so many it is seen whether there is money for them
LONGEST_WAIT = 3 * DAY  # of an answer for its window to fill: what has come by then is measured
REST_DAYS = 7  # of a project that rests for want of a reserve: then it ends, and pays what it owes
REST = REST_DAYS * DAY
# Half as long again as expected: what a launch sets aside for. More would be money that mostly lies idle; when it runs
# short, the project rests and nobody works for less.
FACTOR = 1.5
SPREAD = 4  # voices from which on a quarter of them says anything
AT_WORK = 2 * FEW  # first answers, given or in hand, beyond which no more are given out before FEW were measured
SHARE = 30  # of a project's answers, one may be at work before any was measured
SURE = 3  # standard errors
ELSEWHERE = 5  # answers to other requesters' tasks, from which on a worker is a stranger


class Standing(IntEnum):
    """What a worker's time says against their requester's interest."""

    UNKNOWN = 0
    STRANGER = 1
    RELATED = 2


@dataclass(frozen=True, slots=True)
class Time:
    """How long one submission took until its answer; `pushed` where its task came unasked: then at least `worked` of
    it was work."""

    worker: PersonId
    milliseconds: int
    pushed: bool = False
    worked: int = 0
    standing: Standing = Standing.UNKNOWN


@dataclass(frozen=True, slots=True)
class MeasuredPace:
    """The time of one submission, in milliseconds, and the number of workers it is measured from, so many of them
    `strangers` to the requester."""

    milliseconds: int
    workers: int
    strangers: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """Times of the latest answers in one project; `base` milliseconds were estimated or stated for one."""

    base: int
    times: Sequence[Time]


def pace(times: Sequence[Time], expected: int, base: int = 0) -> MeasuredPace | None:
    """The pace; None without any time. `base` is the estimate, below which thin evidence does not lead."""
    standing, voices = {time.worker: time.standing for time in times}, _voices(times)
    if not voices:
        return None
    heard = _heard(voices, standing)
    strangers = sum(standing[worker] is Standing.STRANGER for worker in heard)
    found = _usual(list(heard.values()), only_strangers=strangers == len(heard))
    if len(heard) == 1:
        found = min(found, int(max(expected, base) * FACTOR))
    return MeasuredPace(found if strangers >= FEW else max(found, base), len(heard), strangers)


def paces(times: Sequence[Time], expected: int, others: Iterable[PersonId] = (), base: int = 0) -> dict[PersonId, int]:
    """Each worker's time of one submission, for the last answers of a project; a worker without a voice, and the
    `others`, have the common pace."""
    common = pace(times, expected, base)
    if common is None:
        return {}
    voices = _voices(times)
    bound = int(common.milliseconds * FACTOR) if common.workers > 1 else common.milliseconds
    workers = (*(time.worker for time in times), *others)
    return {worker: min(voices.get(worker, common.milliseconds), bound) for worker in workers}


def learned(base: int, works: Iterable[Work]) -> int:
    """The expected time of work that is said to take `base`: longer by the factor of earlier work, but no longer than
    that work took; never less. Fewer than WINDOW answers do not count; the times of a single worker count up to
    FACTOR."""
    known = [work for work in works if work.times]
    if sum(len(work.times) for work in known) < WINDOW:
        return base
    standing = {time.worker: time.standing for work in known for time in work.times}
    ratios, took = defaultdict[PersonId, list[int]](list), defaultdict[PersonId, list[int]](list)
    for work in known:
        for worker, milliseconds in _voices(work.times).items():
            ratios[worker].append(milliseconds * 1000 // max(1, work.base))
            took[worker].append(milliseconds)
    ratio = _of_all(ratios, standing)
    ratio = ratio if len(ratios) > 1 else min(ratio, int(FACTOR * 1000))
    return max(base, min(base * ratio // 1000, _of_all(took, standing)))


def shortest_work(walls: Sequence[int]) -> int:
    """Milliseconds of work in times that hold both waiting and work, each of another worker.

    Waiting that spreads exponentially leaves a gap between the quickest tenth and the median; the quickest tenth, less
    what such waiting leaves before it, is the work. A gap that is smaller than the work is no waiting but the
    difference between people: then the median is the work. Zero for fewer than FEW times, and where the result is less
    than SURE standard errors, as waiting alone may look like it."""
    if len(walls) < FEW:
        return 0
    ranked, count = sorted(walls), len(walls)
    quick, middle = 1 + count // 10, (count + 1) // 2
    # Expected waiting of the k-th of n, in means of the exponential: 1/n + 1/(n-1) + … + 1/(n-k+1).
    before = sum(1 / (count - k) for k in range(quick))
    between = sum(1 / (count - k) for k in range(quick, middle))
    gap = ranked[middle - 1] - ranked[quick - 1]
    waiting = gap / between  # its mean
    error = waiting * sqrt(sum(1 / (count - k) ** 2 for k in range(quick)))
    work = ranked[quick - 1] - waiting * before
    if work < SURE * error:
        return 0
    return ranked[middle - 1] if gap <= work else round(work)


def most_at_work(answers: int, pushed: bool) -> int:
    """Return how many of a project's first answers may be given or in hand before FEW were measured: of many, what is
    held for all `answers` pays for them even if they take SHARE times as long as expected. Fewer are pushed: nobody
    waits for these."""
    return max(FEW if pushed else AT_WORK, answers // SHARE)


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


def _voices(times: Sequence[Time]) -> dict[PersonId, int]:
    """One a worker: the median of what they asked for, else of what was pushed to them."""
    asked, walls = defaultdict[PersonId, list[int]](list), defaultdict[PersonId, list[int]](list)
    worked = defaultdict[PersonId, list[int]](list)
    for time in times:
        if time.pushed:
            walls[time.worker].append(time.milliseconds)
            worked[time.worker].append(time.worked)
        else:
            asked[time.worker].append(time.milliseconds)
    voices = {worker: _lower_median(values) for worker, values in asked.items()}
    waited = {worker: _lower_median(values) for worker, values in walls.items() if worker not in asked}
    standing = {time.worker: time.standing for time in times}
    if voices and (len(waited) < FEW or sum(standing[worker] is Standing.STRANGER for worker in voices) > 1):
        return voices  # pushed tasks say nothing beside what strangers were measured at, nor do a few
    work = shortest_work(list(_heard(waited, standing).values()))
    pushed = {worker: min(wall, max(work, _lower_median(worked[worker]))) for worker, wall in waited.items()}
    return {**pushed, **voices}


def _heard(voices: Mapping[PersonId, int], standing: Mapping[PersonId, Standing]) -> Mapping[PersonId, int]:
    """The voices of strangers where there are two, else of all who are not related to the requester, else all."""
    strangers = {worker: voice for worker, voice in voices.items() if standing[worker] is Standing.STRANGER}
    if len(strangers) > 1:
        return strangers
    return {worker: voice for worker, voice in voices.items() if standing[worker] is not Standing.RELATED} or voices


def _usual(voices: Sequence[int], only_strangers: bool) -> int:
    """The median of strangers, or of few; else the time that three of four stay within."""
    if only_strangers or len(voices) < SPREAD:
        return _lower_median(voices)
    return sorted(voices)[-(-3 * len(voices) // 4) - 1]


def _of_all(values: Mapping[PersonId, Sequence[int]], standing: Mapping[PersonId, Standing]) -> int:
    heard = _heard({worker: _lower_median(some) for worker, some in values.items()}, standing)
    return _usual(list(heard.values()), all(standing[worker] is Standing.STRANGER for worker in heard))


def _lower_median(values: Sequence[int]) -> int:
    return sorted(values)[(len(values) - 1) // 2]
