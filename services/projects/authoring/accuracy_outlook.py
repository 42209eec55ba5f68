"""The forecast of how right a launch's results will be, by the ways to ask for them, from what this project has shown
so far."""

from math import ceil

from domain.answers import Learns, kind_of
from domain.money.amounts import Millionths
from domain.money.pricing import Quote
from domain.projects.authoring.foresight import Foreseen, Seen, foreseen, foreseen_beside, foreseen_sure
from domain.projects.outlooks import AccuracyOutlook, CheckedModel, ForeseenWay
from domain.projects.projects import Project, ProjectState
from domain.quality.given_answers import ENOUGH_GOLD
from services.projects import ai_outlook
from storage.unit import UnitOfWork

OVERLAPS, CONFIDENCES = (2, 3, 5), (0.9, 0.95)
MOST, LARGEST = 5, 15  # answers at most of a way with a confidence; beyond it nothing is foretold
WAYS = (*((overlap, None) for overlap in OVERLAPS), *((MOST, confidence) for confidence in CONFIDENCES))
MOST_TASKS = 5_000  # that one press asks another way
SAMPLED = 2_000  # answers to check questions that are looked at, the latest


def of(unit: UnitOfWork, project: Project, price: Quote) -> AccuracyOutlook | None:
    """None where answers are no classes or nothing would be launched. Beside models of the project's own way alone, and
    of none before check questions show how good a model is."""
    if not _is_foretold(project) or not price.tasks:
        return None
    seen = unit.pilots.answers.of(project.id, SAMPLED, LARGEST)
    own = (project.largest(project.overlap), project.confidence)
    if project.models:
        found = _foreseen(unit, project, seen, own[0])
        beside = (_told(project, price, found, *own, True),) if found else ()
        return AccuracyOutlook(beside, len(seen.gold), models=True)
    ways: list[tuple[int, float | None]] = list(WAYS)
    if own not in ways and own[0] <= LARGEST:
        ways.append(own)
    told = tuple(_way(project, price, seen, *each, own == each) for each in sorted(ways, key=_order))
    may_choose = project.state is ProjectState.DRAFT and price.tasks <= MOST_TASKS
    return AccuracyOutlook(told, len(seen.gold), WAYS if may_choose else ())


def now(unit: UnitOfWork, project: Project) -> tuple[float, float, float] | None:
    """Of a launched project, by the check questions answered so far: the share of its results that will be right, and
    the range in which that lies; None before the first answer to one."""
    seen = unit.pilots.answers.of(project.id, SAMPLED, LARGEST) if _is_foretold(project) else Seen()
    found = _foreseen(unit, project, seen, project.largest(project.overlap)) if seen.gold else None
    return (found.accuracy, found.low, found.high) if found else None


def with_answers(unit: UnitOfWork, project: Project, overlap: int) -> float | None:
    """The share of its results that will be right with so many answers a task; None where that cannot be said."""
    if not _is_foretold(project):
        return None
    found = _foreseen(unit, project, unit.pilots.answers.of(project.id, SAMPLED, LARGEST), overlap)
    return found.accuracy if found else None


def _is_foretold(project: Project) -> bool:
    return kind_of(project.kind).learns is Learns.CLASSES and len(project.options) >= 2


def _foreseen(unit: UnitOfWork, project: Project, seen: Seen, most: int) -> Foreseen | None:
    """With so many answers a task, or that many at most: results are as good."""
    classes = len(project.options)
    if most > LARGEST:
        return None
    if not project.models:
        return foreseen(classes, seen, most)
    best = _best_model(unit, project)
    return foreseen_beside(classes, seen, most, best.right, best.seen) if best else None


def _best_model(unit: UnitOfWork, project: Project) -> CheckedModel | None:
    """The best of those that enough check questions have judged."""
    rows = unit.gold_tasks.answered_by_models(project.id, ai_outlook.CHECKED)
    found = (ai_outlook.checked(project, name, rows) for name in project.models)
    return max((each for each in found if each.seen >= ENOUGH_GOLD), key=lambda each: each.interval[0], default=None)


def _order(way: tuple[int, float | None]) -> tuple[float, int]:
    return way[1] or 0.0, way[0]


def _way(project: Project, price: Quote, seen: Seen, overlap: int, confidence: float | None, own: bool) -> ForeseenWay:
    classes = len(project.options)
    if confidence is None:
        found = foreseen(classes, seen, overlap)
    else:
        found = foreseen_sure(classes, seen, confidence, overlap)
    return _told(project, price, found, overlap, confidence, own)


def _told(
    project: Project, price: Quote, found: Foreseen, overlap: int, confidence: float | None, own: bool
) -> ForeseenWay:
    cost = _cost(project, price, found, overlap if confidence is None else project.overlap)
    return ForeseenWay(overlap, confidence, found.accuracy, found.low, found.high, found.answers, cost, own)


def _cost(project: Project, price: Quote, found: Foreseen, gold: int) -> Millionths:
    """Every check question is asked as often as the overlap says."""
    return Millionths(ceil(price.tasks * found.answers + price.gold * gold) * project.cost_each)
