"""Which task a requester is asked to make a check question of: contested ones and rare classes, mixed with any."""

from collections.abc import Sequence

from domain.answers import kind_of
from domain.draws import drawn
from domain.projects.projects import Project
from domain.projects.tasks import Task
from domain.quality import live
from domain.quality.gold_candidates import worth_checking
from services.quality import consensus
from services.quality.consensus import NOBODY
from services.quality.gold_place import COMPARED, GoldPlace
from storage.drivers.secrets import CHOICES
from storage.unit import UnitOfWork


def chosen(unit: UnitOfWork, project: Project, place: GoldPlace) -> Task | None:
    """Every second one is any task, without which gold would say nothing of those that seem easy; of some around the
    others it is the one that tells most. What was skipped comes again once nothing else is left, in that order."""
    around = _around(unit, project, place.turn)
    tasks = [task for task in around if task.id not in place.skipped]
    if not tasks:
        return min(around, key=lambda task: place.skipped.index(task.id), default=None)
    if place.turn % 2:
        return tasks[0]
    wanted = worth_checking(_posteriors(unit, project, tasks), place.turn // 2)
    return next(task for task in tasks if task.id == wanted)


def _around(unit: UnitOfWork, project: Project, turn: int) -> list[Task]:
    """The next few from anywhere in the file, so that gold is like the rest; its end is followed by its beginning."""
    share = drawn(unit.secrets.recent(CHOICES), "asked", project.id, turn)
    behind = unit.gold_tasks.next_unknown(project.id, share, COMPARED)
    if len(behind) == COMPARED:
        return behind
    first = unit.gold_tasks.next_unknown(project.id, 0.0, COMPARED - len(behind))
    return [*behind, *(task for task in first if task not in behind)]


def _posteriors(unit: UnitOfWork, project: Project, tasks: Sequence[Task]) -> dict[int, Sequence[float]]:
    """Of the options, by people and models so far; for kinds without classes of being right or not."""
    if not kind_of(project.kind).keeps_scores:
        return {task.id: _rightness(task.confidence) for task in tasks}
    shared, _ = consensus.models_of(unit, project, NOBODY)
    states = {task.id: live.begun(shared, project.options, task.ai, task.scores, task.scored) for task in tasks}
    return {task: live.weighed(state, shared) for task, state in states.items()}


def _rightness(confidence: float | None) -> tuple[float, float]:
    sure = 0.5 if confidence is None else confidence
    return sure, 1 - sure
