"""Allocation: the project and the place for an arriving worker. Gold looks, pays and takes time like any task.

Within a project every answer costs the same, so the expected information of an answer is its value for money.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

from domain.draws import drawn, drawn_place
from domain.moments import MINUTE, SECOND, Moment, later
from domain.projects.tasks import TaskId
from domain.quality.live import TaskState, WorkerModel
from domain.quality.offer import most_telling
from domain.records import record
from domain.work.qualification import BAR, QUIZ, estimated_accuracy
from domain.work.submissions import Enrolment

QUIZ_SHARE = 0.5  # of a newcomer's tasks, until they have met QUIZ gold ones
AGAIN_SHARE = 0.25  # below the bar, or when evidence turned: there is always a way back
LATER_SHARE = 0.5  # of the few tasks of those who are asked later: the quickest way back
SHARES = ((100, 0.10), (1_000, 0.05))  # until so many answers, this share of gold
LAST_SHARE = 0.01

CLOSELY = 2  # the level of doubt from which a worker is asked later, and never unasked
LATER_REST = 10 * MINUTE  # the longest wait of a worker who is asked later
WELCOME = 12  # first answers in a project accepted from every worker, regardless of other projects
OLDEST_EVERY = 4  # every so many turns the longest waiting task goes first
UNPARKED = 20  # workers woken when one place comes back
STAY = 25  # answers after which a worker's next task may be another project's
# Where processes share the projects, a move to another one takes the turn of all: where one waits, or seldom.
WAITED, SELDOM = 10 * SECOND, 10 * STAY


class Place(NamedTuple):
    """An opening with a place: a task, its position in the file, its log posterior so far,
    whether this worker had it before, and when it came back, as a number; 0 where it never did."""

    task: TaskId
    position: int
    scores: tuple[float, ...] | None = None
    had: bool = False
    back: int = 0


@record
class Near:
    """The first places ahead of a worker, and the first that came back since they looked, each in their order."""

    ahead: list[Place]
    returned: list[Place]

    @property
    def left(self) -> list[Place]:
        """Places this worker has not had, oldest first, each once."""
        if not self.returned:  # those ahead are in order
            return [place for place in self.ahead if not place.had]
        places = {place.task: place for place in (*self.ahead, *self.returned) if not place.had}
        return sorted(places.values(), key=by_position)


def is_asked_later(enrolment: Enrolment) -> bool:
    """Whether their answers are credibly far less informative than others', or there is evidence against them."""
    if enrolment.later == 2 and enrolment.answered < WELCOME:
        return False
    return bool(enrolment.later) or enrolment.watch >= CLOSELY


def rested_since(now: Moment) -> Moment:
    return later(now, -LATER_REST)


def is_oldest_turn(enrolment: Enrolment) -> bool:
    """Whether this turn goes to the longest waiting place."""
    return enrolment.answered % OLDEST_EVERY == 0


def best_place(places: Sequence[Place], worker: WorkerModel, fresh: TaskState) -> Place:
    """Of places, oldest first, the one with the most information from this worker; the oldest of equals."""
    return places[most_telling([TaskState(place.scores) if place.scores else fresh for place in places], worker)]


by_position: Callable[[Place], int] = attrgetter("position")
by_return: Callable[[Place], int] = attrgetter("back")


def moved(cursor: int, places: Sequence[Place], chosen: Place | None, key: Callable[[Place], int] = by_position) -> int:
    """The cursor once `chosen`, if any, is given out: it stops short of the first place that was passed over."""
    for place in places:
        if not place.had and (chosen is None or place.task != chosen.task):
            return key(place) - 1
        cursor = key(place)
    return cursor


def gold_share(enrolment: Enrolment) -> float:
    """Newcomers meet more gold, the proven less; more again where there is doubt."""
    if enrolment.later == 2 and enrolment.gold_seen < QUIZ:
        return 1.0
    if enrolment.gold_seen < QUIZ:
        return QUIZ_SHARE
    if is_asked_later(enrolment):
        return LATER_SHARE
    if enrolment.watch or estimated_accuracy(enrolment.gold_right, enrolment.gold_seen) < BAR:
        return AGAIN_SHARE
    return next((share for until, share in SHARES if enrolment.answered < until), LAST_SHARE)


def is_gold_turn(enrolment: Enrolment, secret: bytes) -> bool:
    """Drawn by worker and number of answers: repeatable after a restart, unpredictable without the secret."""
    return drawn(secret, "gold", *_turn_of(enrolment)) < gold_share(enrolment)


def any_place(places: Sequence[Place], enrolment: Enrolment, secret: bytes) -> Place:
    """One of them by lot, so that workers meet gold in different orders."""
    return places[drawn_place(secret, len(places), "place", *_turn_of(enrolment))]


def _turn_of(enrolment: Enrolment) -> tuple[int, int, int]:
    return enrolment.worker, enrolment.project, enrolment.answered
