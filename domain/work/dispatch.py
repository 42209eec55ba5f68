"""Allocation: the project and the place for an arriving worker. Gold looks, pays and takes time like any task.

Within a project every answer costs the same, so the expected information of an answer is its value for money.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit, softmax

from domain.draws import SHUFFLE_MASK, draw_fraction, draw_index
from domain.messages import record
from domain.moments import MINUTE, SECOND, Moment, later
from domain.projects.projects import ProjectId
from domain.projects.tasks import TaskId
from domain.quality.crowd import MAX_ACCURACY, MIN_ACCURACY
from domain.quality.live import ProjectModel, TaskState, WorkerModel
from domain.quality.model import mutual_information
from domain.work.assignments import QUALIFYING_ACCURACY, QUIZ_GOLD_TASKS, Enrolment, estimated_accuracy

QUIZ_SHARE = 0.5  # of a newcomer's tasks, until they have met QUIZ_GOLD_TASKS gold ones
DOUBTED_SHARE = 0.25  # below the bar, or when evidence turned: there is always a way back
LATER_SHARE = 0.5  # of the few tasks of those who are asked later: the quickest way back
SHARES_UNTIL = ((100, 0.10), (1_000, 0.05))  # until so many answers, this share of gold
LAST_SHARE = 0.01

# Ordinary tasks over which a worker's next one is drawn. With fewer, two accounts meet an ordinary task at nearly the
# same moment, and gold, which is asked for more seldom, further apart: they could tell one from the other.
SPREAD_TASKS = 32
COMPARED_PLACES = 8  # places ahead, and as many that came back, among which the next task is chosen
MIN_ANSWERS_KNOWN = 2  # answers after which a worker's information is believed enough to ask them less
FAR_BELOW = 0.5  # of the average information of an answer here: workers credibly below it are asked later
CLOSE_WATCH_LEVEL = 2  # the level of doubt from which a worker is asked later, and never unasked
LATER_REST = 10 * MINUTE  # the longest wait of a worker who is asked later
WELCOME_ANSWERS = 12  # first answers in a project accepted from every worker, regardless of other projects
OLDEST_EVERY = 4  # every so many turns the longest waiting task goes first
UNPARKED_WORKERS = 20  # workers woken when one place comes back
STAY_ANSWERS = 25  # answers after which a worker's next task may be another project's
# Where processes share the projects, a move to another one takes the turn of all: where one waits, or seldom.
LONG_WAIT, SELDOM_ANSWERS = 10 * SECOND, 10 * STAY_ANSWERS


@dataclass(frozen=True, slots=True)
class WorkerStanding:
    """How a worker stands in a project: `worth`, the information of one answer as a share of the average, and `later`,
    whether it is credibly far below the average."""

    worth: float
    later: bool


class OpenPlace(NamedTuple):
    """A task with a free place: its position in the shuffled order, its log posterior so far, whether this worker had
    it before, and the number of its return; 0 where it never came back."""

    task: TaskId
    shuffle_key: int
    scores: tuple[float, ...] | None = None
    had: bool = False
    back: int = 0


@record
class NearbyPlaces:
    """The first places ahead of a worker, and the first that came back since they looked, each in their order."""

    ahead: list[OpenPlace]
    returned: list[OpenPlace]

    @property
    def open_places(self) -> list[OpenPlace]:
        """Places this worker has not had, in their shuffled order, each task once."""
        if not self.returned:  # those ahead are in order
            return [place for place in self.ahead if not place.had]
        places = {place.task: place for place in (*self.ahead, *self.returned) if not place.had}
        return sorted(places.values(), key=get_shuffle_key)


def get_standing(worker: WorkerModel, project: ProjectModel) -> WorkerStanding | None:
    """Return the worker's standing in the project, None until there are enough answers. For kinds without classes
    accuracy stands for information."""
    usual_information, information, most_information = (
        project.newcomer.skill.accuracy,
        worker.skill.accuracy,
        worker.skill.at_most,
    )
    if worker.evidence:
        usual_information, information, most_information = (
            project.information,
            worker.information,
            _at_most(worker, project.fresh),
        )
    if worker.answers < MIN_ANSWERS_KNOWN or usual_information <= 0:
        return None
    return WorkerStanding(information / usual_information, most_information < FAR_BELOW * usual_information)


def _at_most(worker: WorkerModel, fresh: TaskState) -> float:
    """Return the information in nats of one answer on a fresh task if the worker were as accurate as is credible at
    all. Each recall is moved by the log odds between their accuracy and the highest credible one; habitual confusions
    stay."""
    matrix, skill = softmax(np.array(worker.evidence), 0), np.array([worker.skill.at_most, worker.skill.accuracy])
    log_odds_at_most, usual_log_odds = logit(np.clip(skill, MIN_ACCURACY, MAX_ACCURACY))
    recall = np.clip(matrix.diagonal(), MIN_ACCURACY, MAX_ACCURACY)
    bent_recall = expit(logit(recall) + log_odds_at_most - usual_log_odds)
    matrix *= (1 - bent_recall) / (1 - recall)
    np.fill_diagonal(matrix, bent_recall)
    return float(mutual_information(matrix[None], np.array(fresh.posterior))[0])


def is_asked_later(enrolment: Enrolment) -> bool:
    """Return whether other workers are asked before this one: the answers here are credibly far less informative, or
    there is evidence against the worker. Answers elsewhere do not count until WELCOME_ANSWERS were given here."""
    if enrolment.later == 2 and enrolment.answered < WELCOME_ANSWERS:
        return False
    return bool(enrolment.later) or enrolment.watch >= CLOSE_WATCH_LEVEL


def get_rested_since(now: Moment) -> Moment:
    """Return the moment before which a worker who is asked later must have been served last, to have a turn now."""
    return later(now, -LATER_REST)


def is_oldest_turn(enrolment: Enrolment) -> bool:
    """Return whether this offer goes to the longest waiting place."""
    return enrolment.offered % OLDEST_EVERY == 0


def choose_best_place(places: Sequence[OpenPlace], worker: WorkerModel, fresh: TaskState) -> OpenPlace:
    """Return the place whose answer by this worker is expected to tell most (Lindley 1956): the posterior is torn
    between classes that the worker tells apart. The oldest of equals; `places` come oldest first.

    Pass only the few places whose turn it is: their number limits how far the choice may depart from fair turns."""
    posteriors = np.array([(TaskState(place.scores) if place.scores else fresh).posterior for place in places])
    return places[int(mutual_information(softmax(np.array(worker.evidence), 0)[None], posteriors).argmax())]


get_shuffle_key: Callable[[OpenPlace], int] = attrgetter("shuffle_key")
get_return_number: Callable[[OpenPlace], int] = attrgetter("back")


def move_cursor(
    cursor: int,
    places: Sequence[OpenPlace],
    chosen: OpenPlace | None,
    key: Callable[[OpenPlace], int] = get_shuffle_key,
) -> int:
    """Return the cursor after `chosen`, if any, was given out: just before the first place that was passed over."""
    for place in places:
        if not place.had and (chosen is None or place.task != chosen.task):
            return key(place) - 1
        cursor = key(place)
    return cursor


def gold_share(enrolment: Enrolment) -> float:
    """Return the share of gold among this worker's next tasks: high for newcomers, low for the proven, higher again in
    doubt."""
    if enrolment.later == 2 and enrolment.gold_seen < QUIZ_GOLD_TASKS:
        return 1.0
    if enrolment.gold_seen < QUIZ_GOLD_TASKS:
        return QUIZ_SHARE
    if is_asked_later(enrolment):
        return LATER_SHARE
    if enrolment.watch or estimated_accuracy(enrolment.gold_right, enrolment.gold_seen) < QUALIFYING_ACCURACY:
        return DOUBTED_SHARE
    return next((share for until, share in SHARES_UNTIL if enrolment.answered < until), LAST_SHARE)


def is_gold_turn(enrolment: Enrolment, secret: bytes) -> bool:
    """Return whether the next offer is gold. Drawn for each offer, skipped ones too: repeatable after a restart,
    unpredictable without the secret."""
    return draw_fraction(secret, "gold", *_offer_of(enrolment)) < gold_share(enrolment)


def count_gold_candidates(enrolment: Enrolment) -> int:
    """Return among how many gold tasks the lot decides: as many as make each gold task as likely as each of the
    COMPARED_PLACES ordinary ones. Accounts that compare their offers then share gold as often as other tasks."""
    share = gold_share(enrolment)
    return min(COMPARED_PLACES, max(1, round(COMPARED_PLACES * share / (1 - share)))) if share < 1 else COMPARED_PLACES


def draw_start(enrolment: Enrolment, spacing: int, secret: bytes) -> int:
    """Return where in the shuffled order the search for the next ordinary task begins: drawn over SPREAD_TASKS tasks
    ahead, whose mean distance is `spacing`; every few offers at the cursor, so that a task that was passed over does
    not wait forever."""
    if is_oldest_turn(enrolment):
        return enrolment.cursor
    spread = min(SPREAD_TASKS * spacing, SHUFFLE_MASK - enrolment.cursor)
    return enrolment.cursor + int(draw_fraction(secret, "start", *_offer_of(enrolment)) * spread)


def draw_place(places: Sequence[OpenPlace], enrolment: Enrolment, secret: bytes) -> OpenPlace:
    """Return one of the places by lot, so that workers meet tasks in different orders."""
    return places[draw_index(secret, len(places), "place", *_offer_of(enrolment))]


def _offer_of(enrolment: Enrolment) -> tuple[int, int, int]:
    """Return the numbers that identify a worker's next offer, to seed its draws."""
    return enrolment.worker, enrolment.project, enrolment.offered


@dataclass(frozen=True, slots=True)
class ProjectTurn:
    """A project, the moment of its last answer (or launch), this worker's information there as a share of the average,
    and whether they are asked later."""

    project: ProjectId
    answered_at: Moment
    worth: float = 1
    later: bool = False


class TurnPosition(NamedTuple):
    """How far projects were read, in the order of their last answer and then of their number."""

    answered_at: Moment
    project: ProjectId


class TurnOrder:
    """Projects in the order in which they are tried: by information times waiting time, the lower number first of
    equals, those where the worker is asked later last. A project leaves as soon as no project that is still to be added
    can precede it, so that few of many projects launched at one moment are read.

    Projects of more than average information (`worth` above 1) must be added before any other."""

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

    def next(self, unread: TurnPosition | None) -> Iterator[ProjectId]:
        """Yield the projects whose turn is certain, given that all projects still to be added come behind `unread`; all
        of the rest if `unread` is None."""
        while self._waiting and (unread is None or self._is_before(unread)):
            yield heappop(self._waiting)[-1]

    def _is_before(self, unread: TurnPosition) -> bool:
        """Return whether the first waiting project precedes all unread ones. Equal scores are ordered by number, except
        within the last moment, where all count as answered at once."""
        is_later, score, project = self._waiting[0]
        highest_score = self._waited(unread.answered_at)
        return not is_later and (-score > highest_score or (-score == highest_score > 1 and project <= unread.project))

    def _waited(self, since: Moment) -> int:
        return max(1, self._now - since)
