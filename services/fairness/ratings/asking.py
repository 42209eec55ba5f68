"""Workers are asked for a rating once for each requester: when a project ends, when they leave it, or, where it
goes on, after many answers."""

from domain.fairness.ratings import ASKED_AFTER, ASKED_AT, RateableRequester, RatingAsked
from domain.moments import DECISION_TIME, Moment, later
from domain.people.people import Person
from domain.projects.projects import Project
from services.fairness.ratings.eligible import offered
from storage.boxes.outbox import Lane
from storage.fairness.ratings import RatingAsk
from storage.unit import UnitOfWork

LISTED = 200  # workers put on the list in one transaction
TOGETHER = 50  # workers asked in one transaction


def after_end(unit: UnitOfWork, project: Project) -> None:
    """Its workers are asked now, or once the requester's time to decide about their answers is over."""
    due = later(unit.now, DECISION_TIME) if project.accept == "review" else unit.now
    unit.ratings.open_round(project.id, due)


def after_answer(unit: UnitOfWork, worker: Person, project: Project, answered: int) -> None:
    """A worker who stays with a project is asked a while after so many answers."""
    if answered == ASKED_AT:
        unit.ratings.ask(project.requester, worker.id, project.id, later(unit.now, ASKED_AFTER))


def at_leaving(unit: UnitOfWork, worker: Person, project: Project) -> RateableRequester | None:
    """Whom a worker who leaves a project may rate; with that they were asked."""
    found = offered(unit, worker.id, project)
    if found is not None:
        unit.ratings.ask(project.requester, worker.id, project.id, unit.now)
        unit.ratings.asked(RatingAsk(project.requester, worker.id, project.id))
    return found


def ask_due(unit: UnitOfWork) -> None:
    """Sweep: one step of a round, then those whose time has come; each hears of it once, without a sound."""
    _list_workers(unit)
    for ask in unit.ratings.due(TOGETHER):
        _ask(unit, ask)


def _list_workers(unit: UnitOfWork) -> None:
    found = unit.ratings.round()
    if found is None:
        return
    number, after = found
    project, workers = unit.projects.get(number), unit.ratings.workers(number, after, LISTED)
    for worker in workers:
        unit.ratings.ask(project.requester, worker, number, Moment(unit.now))
    unit.ratings.move_round(number, workers[-1] if len(workers) == LISTED else None)


def _ask(unit: UnitOfWork, ask: RatingAsk) -> None:
    """Who may not rate yet, or wants no messages now, may be asked after another project."""
    worker, project = unit.people.get(ask.worker), unit.projects.get(ask.project)
    found = offered(unit, worker.id, project) if _listens(worker) else None
    if found is None or not found.name:
        unit.ratings.not_asked(ask)
        return
    unit.ratings.asked(ask)
    if not found.rated:
        told = RatingAsked(project.id, found.name, project.title)
        unit.outbox.tell(worker.id, told, lane=Lane.BROADCAST, klass="nudge")


def _listens(worker: Person) -> bool:
    return worker.is_worker and worker.reachable and not worker.paused
