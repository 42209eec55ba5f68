"""Allocation: the project and the place for an arriving worker. Gold looks, pays and takes time like any task.

Within a project every answer costs the same, so the expected information of an answer is its value for money.
"""

from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Sequence,
)
from dataclasses import dataclass
from heapq import heappop, heappush
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit, softmax

from domain.draws import SHUFFLE_MASK, drawn, drawn_place
from domain.messages import record
from domain.moments import (
    MINUTE,
    SECOND,
    Moment,
    later,
)
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.quality.crowd import MAX_ACCURACY, MIN_ACCURACY
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.model import mutual_information
from domain.work.assignments import (
    BAR,
    QUIZ,
    Enrolment,
    estimated_accuracy,
)

QUIZ_SHARE = 0.5  # of a newcomer's tasks, until they have met QUIZ gold ones
AGAIN_SHARE = 0.25  # below the bar, or when evidence turned: there is always a way back
LATER_SHARE = 0.5  # of the few tasks of those who are asked later: the quickest way back
SHARES = ((100, 0.10), (1_000, 0.05))  # until so many answers, this share of gold
LAST_SHARE = 0.01

# Ordinary tasks over which a worker's next one is drawn. With fewer, two accounts meet an ordinary task at nearly the
# same moment, and gold, which is asked for more seldom, further apart: they could tell one from the other.
SPREAD = 32
COMPARED = 8  # places ahead, and as many that came back, among which the next task is chosen
KNOWN = 2  # answers after which a worker's information is believed enough to ask them less
FAR_BELOW = 0.5  # of the average information of an answer here: workers credibly below it are asked later
CLOSELY = 2  # the level of doubt from which a worker is asked later, and never unasked
LATER_REST = 10 * MINUTE  # the longest wait of a worker who is asked later
WELCOME = 12  # first answers in a project accepted from every worker, regardless of other projects
OLDEST_EVERY = 4  # every so many turns the longest waiting task goes first
UNPARKED = 20  # workers woken when one place comes back
STAY = 25  # answers after which a worker's next task may be another project's
# Where processes share the projects, a move to another one takes the turn of all: where one waits, or seldom.
WAITED, SELDOM = 10 * SECOND, 10 * STAY


@dataclass(frozen=True, slots=True)
class Standing:
    """Information of a worker's answer in a project, as a share of the average; `later`: credibly far below it."""

    worth: float
    later: bool


class Place(NamedTuple):
    """An opening with a place: a task, its place in the shuffled order, its log posterior so far,
    whether this worker had it before, and when it came back, as a number; 0 where it never did."""

    task: TaskId
    shuffle_key: int
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
        """Places this worker has not had, in their shuffled order, each once."""
        if not self.returned:  # those ahead are in order
            return [place for place in self.ahead if not place.had]
        places = {place.task: place for place in (*self.ahead, *self.returned) if not place.had}
        return sorted(places.values(), key=by_shuffle_key)


def standing(worker: WorkerModel, project: ProjectModel) -> Standing | None:
    """None until there are enough answers. For kinds without classes accuracy stands for information."""
    usual, told, at_most = project.newcomer.skill.accuracy, worker.skill.accuracy, worker.skill.at_most
    if worker.evidence:
        usual, told, at_most = project.information, worker.information, _at_most(worker, project.fresh)
    if worker.answers < KNOWN or usual <= 0:
        return None
    return Standing(told / usual, at_most < FAR_BELOW * usual)


def _at_most(worker: WorkerModel, fresh: TaskState) -> float:
    """Nats one answer on a fresh task would tell, were the worker as right as is credible at all: each recall is moved
    by the log odds between their accuracy and the most it may be; a habit stays a habit."""
    matrix, skill = softmax(np.array(worker.evidence), 0), np.array([worker.skill.at_most, worker.skill.accuracy])
    most, usual = logit(np.clip(skill, MIN_ACCURACY, MAX_ACCURACY))
    recall = np.clip(matrix.diagonal(), MIN_ACCURACY, MAX_ACCURACY)
    bent = expit(logit(recall) + most - usual)
    matrix *= (1 - bent) / (1 - recall)
    np.fill_diagonal(matrix, bent)
    return float(mutual_information(matrix[None], np.array(fresh.posterior))[0])


def is_asked_later(enrolment: Enrolment) -> bool:
    """Whether their answers are credibly far less informative than others', or there is evidence against them."""
    if enrolment.later == 2 and enrolment.answered < WELCOME:
        return False
    return bool(enrolment.later) or enrolment.watch >= CLOSELY


def rested_since(now: Moment) -> Moment:
    return later(now, -LATER_REST)


def is_oldest_turn(enrolment: Enrolment) -> bool:
    """Whether this turn goes to the longest waiting place."""
    return enrolment.offered % OLDEST_EVERY == 0


def best_place(places: Sequence[Place], worker: WorkerModel, fresh: TaskState) -> Place:
    """Of places, oldest first, the one of which this worker's answer is expected to tell most (Lindley 1956): one whose
    posterior is torn between classes they tell apart. The oldest of equals.

    Give the few places whose turn it is: the choice is weighed against fair turn by their number.
    """
    posteriors = np.array([(TaskState(each.scores) if each.scores else fresh).posterior for each in places])
    return places[int(mutual_information(softmax(np.array(worker.evidence), 0)[None], posteriors).argmax())]


by_shuffle_key: Callable[[Place], int] = attrgetter("shuffle_key")
by_return: Callable[[Place], int] = attrgetter("back")


def moved(
    cursor: int, places: Sequence[Place], chosen: Place | None, key: Callable[[Place], int] = by_shuffle_key
) -> int:
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
    """Drawn for each offer, a skipped one too: repeatable after a restart, unpredictable without the secret."""
    return drawn(secret, "gold", *_offer_of(enrolment)) < gold_share(enrolment)


def gold_candidates(enrolment: Enrolment) -> int:
    """Return among how many gold tasks the lot decides: so many that each is as likely as each of the COMPARED ordinary
    ones. Accounts that compare what they were offered then see gold together as often as other tasks."""
    share = gold_share(enrolment)
    return min(COMPARED, max(1, round(COMPARED * share / (1 - share)))) if share < 1 else COMPARED


def drawn_start(enrolment: Enrolment, spacing: int, secret: bytes) -> int:
    """Return from where in the shuffled order the next ordinary task is looked for: drawn over SPREAD tasks ahead,
    whose mean distance is `spacing`; every few offers the first place that was passed over, so that none waits on."""
    if is_oldest_turn(enrolment):
        return enrolment.cursor
    spread = min(SPREAD * spacing, SHUFFLE_MASK - enrolment.cursor)
    return enrolment.cursor + int(drawn(secret, "start", *_offer_of(enrolment)) * spread)


def any_place(places: Sequence[Place], enrolment: Enrolment, secret: bytes) -> Place:
    """One of them by lot, so that workers meet tasks in different orders."""
    return places[drawn_place(secret, len(places), "place", *_offer_of(enrolment))]


def _offer_of(enrolment: Enrolment) -> tuple[int, int, int]:
    return enrolment.worker, enrolment.project, enrolment.offered


@dataclass(frozen=True, slots=True)
class ProjectTurn:
    """A project, the moment of its last answer (or launch), this worker's information there as a share of the average,
    and whether they are asked later."""

    project: ProjectId
    answered_at: Moment
    worth: float = 1
    later: bool = False


class Reached(NamedTuple):
    """How far projects were read, by their last answer, then by number."""

    answered_at: Moment
    project: ProjectId


class TurnOrder:
    """Projects by information and waiting time, the first by number of equals; those where the worker is asked later
    come last. One leaves as soon as no project that was not added yet can come before it: of many that were launched at
    one moment few are read.

    Projects of more than average information (`worth` above 1) are added before any other.
    """

    def __init__(self, now: Moment) -> None:
        self._now = now
        self._known: set[ProjectId] = set()
        self._waiting: list[tuple[bool, float, ProjectId]] = []

    def add(self, turns: Iterable[ProjectTurn]) -> None:
        for turn in turns:
            if turn.project not in self._known:
                self._known.add(turn.project)
                score = turn.worth * self._waited(turn.answered_at)
                heappush(self._waiting, (turn.later, -score, turn.project))

    def next(self, unread: Reached | None) -> Iterator[ProjectId]:
        """Those whose turn it is; all projects still to be added come behind `unread`, None: there is none."""
        while self._waiting and (unread is None or self._is_before(unread)):
            yield heappop(self._waiting)[-1]

    def _is_before(self, unread: Reached) -> bool:
        """Of equals the order is known unless they were answered a moment ago: there all count as the same moment."""
        later, score, project = self._waiting[0]
        most = self._waited(unread.answered_at)
        return not later and (-score > most or (-score == most > 1 and project <= unread.project))

    def _waited(self, since: Moment) -> int:
        return max(1, self._now - since)
