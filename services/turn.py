"""Whose turn it is: which project an arriving worker is given, and which of its places comes next."""

from collections.abc import Sequence

from domain import dispatch
from domain.people import Person, PersonId
from domain.projects import Project, ProjectId
from domain.quality.live import ProjectModel, WorkerModel
from domain.quality.offer import standing
from domain.submissions import Enrolment
from domain.tasks import TaskId
from services import quality
from storage.unit import UnitOfWork


def projects(unit: UnitOfWork, worker: Person) -> list[ProjectId]:
    """Those that offer something and were not declined, in the order in which they are tried."""
    return [turn.project for turn in dispatch.by_turn(unit.enrolments.turns(worker.id), unit.now)]


def stand(
    unit: UnitOfWork, project: ProjectId, model: ProjectModel, workers: Sequence[tuple[PersonId, WorkerModel]]
) -> None:
    """What relearning says of some workers: how much their answers tell, and whether their turn comes later."""
    known = ((worker, standing(found, model)) for worker, found in workers)
    unit.enrolments.stand(project, [(worker, about) for worker, about in known if about is not None])


def next_place(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> tuple[TaskId, int, int, bool] | None:
    """(task, position, cursor afterwards, gold): gold when it is its turn, never as the only thing left."""
    if dispatch.is_asked_later(enrolment) and not _has_turn(unit, enrolment):
        return None
    ordinary = _ordinary(unit, enrolment, project)
    if ordinary is None:
        return None
    if dispatch.is_gold_turn(enrolment):
        gold = unit.openings.next_for(enrolment.worker, project.id, True, enrolment.gold_cursor)
        if gold is not None:
            return (*gold, gold[1], True)
    return (*ordinary, False)


def _has_turn(unit: UnitOfWork, enrolment: Enrolment) -> bool:
    """Of one who is asked later: nobody better is at work there, or they have waited long enough."""
    return unit.enrolments.has_turn(enrolment.worker, enrolment.project, dispatch.rested_since(unit.now))


def _ordinary(unit: UnitOfWork, enrolment: Enrolment, project: Project) -> tuple[TaskId, int, int] | None:
    """Where workers are known: of the few places whose turn it is the one this worker tells most about."""
    worker, cursor = enrolment.worker, enrolment.cursor
    if project.kind not in quality.KINDS:
        found = unit.openings.next_for(worker, project.id, False, cursor)
        return (*found, found[1]) if found else None
    near = unit.openings.near(worker, project.id, cursor)
    place = _best(unit, enrolment, project, near) or unit.openings.anywhere(worker, project.id)
    return (place.task, place.position, dispatch.moved(cursor, near, place)) if place else None


def _best(
    unit: UnitOfWork, enrolment: Enrolment, project: Project, near: list[dispatch.Place]
) -> dispatch.Place | None:
    left = [place for place in near if not place.had]
    if len(left) < 2 or dispatch.is_oldest_turn(enrolment) or all(place.scores is None for place in left):
        return left[0] if left else None
    known = unit.models.for_answer(project.id, enrolment.worker) or quality.opened(len(project.options))
    return dispatch.best_place(left, known[1], known[0].fresh)
