"""Which task a requester is asked to make a check question of: contested ones and rare classes, mixed with any."""

from collections.abc import Sequence

from domain.answers import kind_of
from domain.projects.projects import Project
from domain.projects.tasks import Task
from domain.quality import live
from domain.quality.gold_candidates import worth_checking
from services.quality import consensus
from services.quality.consensus import NOBODY
from storage.unit import UnitOfWork


def chosen(unit: UnitOfWork, project: Project, tasks: Sequence[Task], turn: int) -> Task | None:
    """One of these tasks, another one each turn."""
    if not tasks:
        return None
    order = worth_checking(_posteriors(unit, project, tasks))
    wanted = order[turn % len(order)]
    return next(task for task in tasks if task.id == wanted)


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
