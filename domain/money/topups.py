"""Top-ups to the wage floor: the measured time of a window of submissions, and the pay missing to the floor.

Every WINDOW_ANSWERS submissions of a project are measured together, and each of them is paid what is missing.

1. **Each worker has one voice**, their median. A worker who answers most of a window, or stalls in all
   of it, counts once.
2. **Voices of strangers count**: of workers who have nothing to do with the requester and work for others, too. If
   two of them or more were measured, the pace is the median of their voices, the lower one of two. A requester's own
   accounts, or new ones, cannot lower it.
3. **If the evidence is thin** (fewer strangers than FIRST_ANSWERS), the pace is no less than the estimate. Without
   strangers it is the time within which three of four workers answer: neither a quarter that stalls nor three quarters
   of quick accounts decide alone. A single worker is believed up to RESERVE_FACTOR times the expected time.
4. **A pushed task may have lain in a pocket.** If two strangers asked for their tasks, these are measured. Else the
   time of pushed ones comes from how they spread: waiting spreads widely, work does not (`estimate_work`). Each is at
   least the working time that was seen or estimated (domain/work/assignments.py): no answer is left unmeasured.
5. Hasty answers are no reason to lower it: a worker who gives many of them still has one voice.

Of a project's first answers few are given out at a time (`max_at_work`). The reserve is checked early, after
FIRST_ANSWERS answers or twice, three, four times as many, and again in later windows: if it would not cover the tasks
in hand, the project rests while the answers so far can still be paid.

A window that is not full MAX_WINDOW_WAIT after its first answer is measured as it is: a project that never ends owes
the same.

Answers that remain when a project ends, be it one, are paid to each worker by their own voice, counted up to
RESERVE_FACTOR times the pace of all. And a launch expects what the same requester's work took before, in any project.
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
    """Message to a worker: pay was lifted to the wage floor for so many of their `answers`."""

    title: str
    amount: int
    currency: str
    answers: int
    operation: int | None


@dataclass(frozen=True, slots=True)
class PayLifted(Message):
    """Message to a requester: an ended project's tasks took longer than was set aside for; `left` is owed to its
    workers. `taken` is 0, except in messages of versions that took it from the requester's free money."""

    number: ProjectId
    title: str
    currency: str
    taken: int
    left: int


@dataclass(frozen=True, slots=True)
class ReserveMissing(Message):
    """Message to a requester: a project rests until `missing` is added, because an answer takes `seconds`, not the
    `expected` ones."""

    number: ProjectId
    title: str
    seconds: float
    expected: float
    missing: int
    currency: str


WINDOW_ANSWERS = 25
FIRST_ANSWERS = 5  # of a project's first answers: after so many it is seen whether there is money for them
MAX_WINDOW_WAIT = 3 * DAY  # of an answer for its window to fill: what has come by then is measured
REST_DAYS = 7  # of a project that rests for want of a reserve: then it ends, and pays what it owes
REST_MILLISECONDS = REST_DAYS * DAY
# Half as long again as expected: what a launch sets aside for. More would be money that mostly lies idle; when it runs
# short, the project rests and nobody works for less.
RESERVE_FACTOR = 1.5
MIN_VOICES_FOR_QUARTER = 4  # voices from which on a quarter of them says anything
MAX_FIRST_ANSWERS_AT_WORK = (
    2 * FIRST_ANSWERS
)  # first answers, given or in hand, beyond which no more are given out before FEW were measured
ANSWERS_PER_ONE_AT_WORK = 30  # of a project's answers, one may be at work before any was measured
MIN_STANDARD_ERRORS = 3  # standard errors
STRANGER_MIN_ANSWERS = 5  # answers to other requesters' tasks, from which on a worker is a stranger


class WorkerRelation(IntEnum):
    """Relation of a worker to their requester, which decides whether the worker's times are trusted."""

    UNKNOWN = 0
    STRANGER = 1
    RELATED = 2


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """Time of one submission until its answer; if `pushed`, its task came unasked, and at least `worked` of the time
    was work."""

    worker: PersonId
    milliseconds: int
    pushed: bool = False
    worked: int = 0
    standing: WorkerRelation = WorkerRelation.UNKNOWN


@dataclass(frozen=True, slots=True)
class MeasuredPace:
    """Time of one submission, in milliseconds, and the number of workers it is measured from, so many of them
    `strangers` to the requester."""

    milliseconds: int
    workers: int
    strangers: int = 0


@dataclass(frozen=True, slots=True)
class EarlierWork:
    """Times of the latest answers in one project; `base` milliseconds were estimated or stated for one."""

    base: int
    times: Sequence[AnswerTime]


def measure_pace(times: Sequence[AnswerTime], expected: int, base: int = 0) -> MeasuredPace | None:
    """Return the pace of these submissions, or None without any. `base` is the estimate: thin evidence cannot go below
    it."""
    standing, voices = {time.worker: time.standing for time in times}, _voices_by_worker(times)
    if not voices:
        return None
    trusted_voices = _trusted_voices(voices, standing)
    strangers = sum(standing[worker] is WorkerRelation.STRANGER for worker in trusted_voices)
    usual = _usual_time(list(trusted_voices.values()), only_strangers=strangers == len(trusted_voices))
    if len(trusted_voices) == 1:
        usual = min(usual, int(max(expected, base) * RESERVE_FACTOR))
    return MeasuredPace(usual if strangers >= FIRST_ANSWERS else max(usual, base), len(trusted_voices), strangers)


def measure_paces(
    times: Sequence[AnswerTime], expected: int, silent_workers: Iterable[PersonId] = (), base: int = 0
) -> dict[PersonId, int]:
    """Return each worker's time of one submission, for the last answers of a project. Workers without a voice of their
    own, and `silent_workers`, have the common pace. Empty without any times."""
    common = measure_pace(times, expected, base)
    if common is None:
        return {}
    voices = _voices_by_worker(times)
    upper_bound = int(common.milliseconds * RESERVE_FACTOR) if common.workers > 1 else common.milliseconds
    workers = (*(time.worker for time in times), *silent_workers)
    return {worker: min(voices.get(worker, common.milliseconds), upper_bound) for worker in workers}


def expected_milliseconds(base: int, works: Iterable[EarlierWork]) -> int:
    """Return the expected milliseconds of work that is said to take `base`: longer by the factor of earlier work, but
    no longer than that work took; never less than `base`. Fewer than WINDOW_ANSWERS answers do not count; the times of
    a single worker count up to RESERVE_FACTOR."""
    works_with_times = [work for work in works if work.times]
    if sum(len(work.times) for work in works_with_times) < WINDOW_ANSWERS:
        return base
    standing = {time.worker: time.standing for work in works_with_times for time in work.times}
    ratios, times_by_worker = defaultdict[PersonId, list[int]](list), defaultdict[PersonId, list[int]](list)
    for work in works_with_times:
        for worker, milliseconds in _voices_by_worker(work.times).items():
            ratios[worker].append(milliseconds * 1000 // max(1, work.base))
            times_by_worker[worker].append(milliseconds)
    ratio = _usual_of_medians(ratios, standing)
    ratio = ratio if len(ratios) > 1 else min(ratio, int(RESERVE_FACTOR * 1000))
    return max(base, min(base * ratio // 1000, _usual_of_medians(times_by_worker, standing)))


def estimate_work(wall_times: Sequence[int]) -> int:
    """Return the milliseconds of work in times that hold both waiting and work, each of another worker.

    Waiting that spreads exponentially leaves a gap between the quickest tenth and the median; the quickest tenth, less
    what such waiting leaves before it, is the work. A gap that is smaller than the work is no waiting but the
    difference between people: then the median is the work. Zero for fewer than FIRST_ANSWERS times, and if the result
    is less than MIN_STANDARD_ERRORS standard errors, as waiting alone may look like it.
    """
    if len(wall_times) < FIRST_ANSWERS:
        return 0
    ranked, count = sorted(wall_times), len(wall_times)
    quick_rank, median_rank = 1 + count // 10, (count + 1) // 2
    # Expected waiting of the k-th of n, in means of the exponential: 1/n + 1/(n-1) + … + 1/(n-k+1).
    waiting_before = sum(1 / (count - k) for k in range(quick_rank))
    waiting_between = sum(1 / (count - k) for k in range(quick_rank, median_rank))
    gap = ranked[median_rank - 1] - ranked[quick_rank - 1]
    waiting = gap / waiting_between  # its mean
    error = waiting * sqrt(sum(1 / (count - k) ** 2 for k in range(quick_rank)))
    work = ranked[quick_rank - 1] - waiting * waiting_before
    if work < MIN_STANDARD_ERRORS * error:
        return 0
    return ranked[median_rank - 1] if gap <= work else round(work)


def max_at_work(answers: int, pushed: bool) -> int:
    """Return how many of a project's first answers may be given or in hand before FIRST_ANSWERS were measured. If there
    are many to come, the money held for all `answers` pays for these even if they take ANSWERS_PER_ONE_AT_WORK times as
    long as expected. Fewer are pushed: no worker waits for these."""
    return max(FIRST_ANSWERS if pushed else MAX_FIRST_ANSWERS_AT_WORK, answers // ANSWERS_PER_ONE_AT_WORK)


def floor_shortfall(pay: Millionths, floor: Millionths, milliseconds: int) -> Millionths:
    """Return the pay that one submission lacks to the floor, rounded up to the millionth."""
    needed = -(-floor * milliseconds // HOUR)
    return Millionths(max(0, needed - pay))


def next_topup(each_owed: Millionths, pay: Millionths, floor: Millionths, milliseconds: int) -> Millionths:
    """Return the top-up of each next answer at the last window's pace, at the current pay."""
    return min(each_owed, floor_shortfall(pay, floor, milliseconds))


def reserve_each(pay: Millionths, floor: Millionths, seconds: float) -> Millionths:
    """Return the reserve that a launch holds for each submission, for RESERVE_FACTOR times the expected time; rounded
    up so that sums on cards have four decimals at most."""
    return Millionths(-(-floor_shortfall(pay, floor, round(seconds * RESERVE_FACTOR * 1000)) // 100) * 100)


def _voices_by_worker(times: Sequence[AnswerTime]) -> dict[PersonId, int]:
    """Return each worker's voice: the median time of tasks they asked for, else of those that were pushed to them."""
    asked_times, wall_times = defaultdict[PersonId, list[int]](list), defaultdict[PersonId, list[int]](list)
    worked = defaultdict[PersonId, list[int]](list)
    for time in times:
        if time.pushed:
            wall_times[time.worker].append(time.milliseconds)
            worked[time.worker].append(time.worked)
        else:
            asked_times[time.worker].append(time.milliseconds)
    voices = {worker: _lower_median(values) for worker, values in asked_times.items()}
    waiting_voices = {
        worker: _lower_median(values) for worker, values in wall_times.items() if worker not in asked_times
    }
    standing = {time.worker: time.standing for time in times}
    if voices and (
        len(waiting_voices) < FIRST_ANSWERS or sum(standing[worker] is WorkerRelation.STRANGER for worker in voices) > 1
    ):
        return voices  # pushed tasks say nothing beside what strangers were measured at, nor do a few
    work = estimate_work(list(_trusted_voices(waiting_voices, standing).values()))
    pushed = {worker: min(wall, max(work, _lower_median(worked[worker]))) for worker, wall in waiting_voices.items()}
    return {**pushed, **voices}


def _trusted_voices(
    voices: Mapping[PersonId, int], standing: Mapping[PersonId, WorkerRelation]
) -> Mapping[PersonId, int]:
    """Return the voices of strangers if there are two, else of all who are not related to the requester, else all."""
    strangers = {worker: voice for worker, voice in voices.items() if standing[worker] is WorkerRelation.STRANGER}
    if len(strangers) > 1:
        return strangers
    return {
        worker: voice for worker, voice in voices.items() if standing[worker] is not WorkerRelation.RELATED
    } or voices


def _usual_time(voices: Sequence[int], only_strangers: bool) -> int:
    """Return the median of strangers, or of few voices; else the time that three of four stay within."""
    if only_strangers or len(voices) < MIN_VOICES_FOR_QUARTER:
        return _lower_median(voices)
    return sorted(voices)[-(-3 * len(voices) // 4) - 1]


def _usual_of_medians(values: Mapping[PersonId, Sequence[int]], standing: Mapping[PersonId, WorkerRelation]) -> int:
    trusted_voices = _trusted_voices({worker: _lower_median(times) for worker, times in values.items()}, standing)
    return _usual_time(
        list(trusted_voices.values()), all(standing[worker] is WorkerRelation.STRANGER for worker in trusted_voices)
    )


def _lower_median(values: Sequence[int]) -> int:
    return sorted(values)[(len(values) - 1) // 2]
