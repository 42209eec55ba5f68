"""Task selection: the project an arriving worker is given, and the place in it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from domain.answers import kind_of
from domain.moments import later
from domain.people.people import Person, PersonId
from domain.projects.projects import Project, ProjectId
from domain.projects.tasks import TaskId
from domain.quality.live import ProjectModel, WorkerModel
from domain.records import record
from domain.work import dispatch
from domain.work.project_turns import TurnOrder
from domain.work.submissions import Enrolment
from services.quality import consensus
from storage.drivers.secrets import CHOICES
from storage.unit import UnitOfWork
from storage.work.project_turns import UNREAD

FEW = 2  # places ahead, and as many that came back, that are looked at where the first will do
FIRST_TURNS, MOST_TURNS = 4, 64  # projects that are read at once: at first, and where the first few have nothing
TURNS_LOOKED_AT = 16  # to see whether one waits


def projects(unit: UnitOfWork, worker: Person) -> Iterator[ProjectId]:
    """Those that offer something and were not declined, in the order in which they are tried; few are read."""
    order, few = TurnOrder(unit.now), FIRST_TURNS
    unread = dict.fromkeys(unit.project_turns.audiences(_understands(unit, worker)), UNREAD)
    before = [unit.project_turns.telling(worker.id)]  # where they tell more: read with the first few
    if not unread:
        order.add(*unit.read(*before))
    while unread:
        languages = min(unread, key=lambda each: unread[each])
        following = unit.project_turns.next(worker.id, languages, unread.pop(languages), few)
        *telling, (turns, reached) = unit.read(*before, following)
        order.add(chain(*telling, turns))
        before = []
        if reached is not None:
            unread[languages], few = reached, min(2 * few, MOST_TURNS)
        yield from order.next(min(unread.values(), default=None))
    yield from order.next(None)


def _understands(unit: UnitOfWork, worker: Person) -> Callable[[tuple[str, ...]], bool]:
    """Whether a worker reads one of some languages; none are everybody's."""
    known = unit.preferences.of(worker.id).reads(worker.language) if worker.choosy else (worker.language,)
    return lambda languages: not languages or not set(languages).isdisjoint(known)


def stand(
    unit: UnitOfWork, project: ProjectId, model: ProjectModel, workers: Sequence[tuple[PersonId, WorkerModel]]
) -> None:
    """Stores results of relearning for some workers: how informative their answers are, and whether they are asked
    later."""
    known = ((worker, dispatch.standing(found, model)) for worker, found in workers)
    unit.enrolments.stand(project, [(worker, about) for worker, about in known if about is not None])


def is_anothers_turn(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    """Whether the next task may be of another project: at once where an invitation calls them, else from time to
    time where there is one."""
    if worker.called_to not in (None, project.id):
        return True
    if enrolment.answered % dispatch.STAY or unit.project_turns.is_alone(project.id):
        return False
    if not unit.is_shared or not enrolment.answered % dispatch.SELDOM:
        return True
    return unit.project_turns.any_waits(later(unit.now, -dispatch.WAITED), project.id, TURNS_LOOKED_AT)


@record
class SelectedTask:
    """A place to be given out, with the worker's new cursors: ahead, and in returned places."""

    task: TaskId
    gold: bool
    cursor: int
    back: int


def next_place(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> SelectedTask | None:
    """Gold when it is its turn, never as the only thing left."""
    if dispatch.is_asked_later(enrolment) and not _has_turn(unit, enrolment):
        return None
    if dispatch.is_gold_turn(enrolment, unit.secrets.recent(CHOICES)):
        if not _has_any(unit, enrolment, project):
            return None
        gold = _choose(unit, enrolment, project, gold=True)
        if gold is not None:
            return gold
    return _choose_further_on(unit, enrolment, project) or _choose(unit, enrolment, project, gold=False)


def can_meet_gold(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> bool:
    """Whether this worker can still be asked for a known answer, which comes among ordinary tasks only."""
    return _choose(unit, enrolment, project, gold=True) is not None and _has_any(unit, enrolment, project)


def looked_at(project: Project, gold: bool) -> int:
    """How many places ahead, and as many that came back."""
    return dispatch.COMPARED if gold or kind_of(project.kind).keeps_scores else FEW


def _has_turn(unit: UnitOfWork, enrolment: Enrolment) -> bool:
    """Whether a worker who is asked later may be asked now: no better one is at work there, or they have waited long
    enough."""
    return unit.enrolments.has_turn(enrolment.worker, enrolment.project, dispatch.rested_since(unit.now))


def _has_any(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> bool:
    """Whether an ordinary place is left for this worker: as few as can be are looked at, and none is compared."""
    if unit.openings.sees_one(enrolment.worker, project.id, enrolment.cursor):
        return True
    return _choose(unit, enrolment, project, gold=False, any_will_do=True) is not None


def _choose(
    unit: UnitOfWork, enrolment: Enrolment, project: Project, gold: bool, any_will_do: bool = False
) -> SelectedTask | None:
    """The candidates this worker has not had, among the next few positions."""
    worker, before = enrolment.worker, _looked(enrolment, gold)
    (cursor, back), few = before, FEW if any_will_do else looked_at(project, gold)
    while True:
        near = unit.openings.near(worker, project.id, gold, cursor, back, few)
        place = _first(near) if any_will_do else _picked(unit, enrolment, project, near, gold)
        cursor = dispatch.moved(cursor, near.ahead, place)
        back = dispatch.moved(back, near.returned, place, dispatch.by_return)
        if place is not None:
            return SelectedTask(place.task, gold, cursor, back)
        if not near.ahead and not near.returned:
            break
    if (cursor, back) != before:
        unit.enrolments.move(worker, project.id, gold, cursor, back)
    return None


def start_of(unit: UnitOfWork, enrolment: Enrolment) -> int:
    """Return from where in the shuffled order this worker's next ordinary task is looked for."""
    return dispatch.drawn_start(enrolment, unit.openings.spacing(enrolment.project), unit.secrets.recent(CHOICES))


def _choose_further_on(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> SelectedTask | None:
    """Return an ordinary task from a drawn place on. The cursor stays before those that are passed over. None where the
    turn is that of the first of them, or nothing is left from there on."""
    cursor, back = _looked(enrolment, gold=False)
    start = start_of(unit, enrolment)
    if start == cursor:
        return None
    near = unit.openings.near(enrolment.worker, project.id, False, start, back, looked_at(project, False))
    place = _picked(unit, enrolment, project, near, gold=False)
    if place is None:
        return None
    return SelectedTask(place.task, False, cursor, dispatch.moved(back, near.returned, place, dispatch.by_return))


def _looked(enrolment: Enrolment, gold: bool) -> tuple[int, int]:
    return (enrolment.gold_cursor, enrolment.gold_back) if gold else (enrolment.cursor, enrolment.back)


def _picked(
    unit: UnitOfWork, enrolment: Enrolment, project: Project, near: dispatch.Near, gold: bool
) -> dispatch.Place | None:
    """Gold by lot; else the most informative place where that is known, or the first."""
    if gold:
        left = near.left[: dispatch.gold_candidates(enrolment)]
        return dispatch.any_place(left, enrolment, unit.secrets.recent(CHOICES)) if left else None
    if kind_of(project.kind).keeps_scores:
        return _best(unit, enrolment, project, near.left)
    return _first(near)


def _first(near: dispatch.Near) -> dispatch.Place | None:
    return next((place for place in (*near.ahead, *near.returned) if not place.had), None)


def _best(
    unit: UnitOfWork, enrolment: Enrolment, project: Project, left: list[dispatch.Place]
) -> dispatch.Place | None:
    if len(left) < 2 or dispatch.is_oldest_turn(enrolment) or not any(place.scores for place in left):
        return left[0] if left else None
    known = unit.models.for_answer(project.id, enrolment.worker) or consensus.opened(len(project.options))
    return dispatch.best_place(left, known[1], known[0].fresh)
