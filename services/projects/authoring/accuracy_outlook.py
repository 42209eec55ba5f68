"""How right the results of a launch will be, by the ways to ask for them, from what this project has shown so far."""

from math import ceil

from domain.answers import Learns, kind_of
from domain.money.amounts import Millionths
from domain.money.pricing import Quote
from domain.projects.authoring.foresight import Foreseen, Seen, foreseen, foreseen_sure
from domain.projects.outlooks import AccuracyOutlook, ForeseenWay
from domain.projects.projects import Project, ProjectState
from storage.unit import UnitOfWork

OVERLAPS, CONFIDENCES = (2, 3, 5), (0.9, 0.95)
MOST, LARGEST = 5, 15  # answers at most of a way with a confidence; beyond it nothing is foretold
WAYS = (*((overlap, None) for overlap in OVERLAPS), *((MOST, confidence) for confidence in CONFIDENCES))
MOST_TASKS = 5_000  # that one press asks another way
SAMPLED = 400  # tasks with answers that are looked at


def of(unit: UnitOfWork, project: Project, price: Quote) -> AccuracyOutlook | None:
    """None where answers are no classes, nothing would be launched, or models answer beside people."""
    classes = len(project.options)
    if kind_of(project.kind).learns is not Learns.CLASSES or classes < 2 or not price.tasks or project.models:
        return None
    seen = unit.pilots.answers.of(project.id, SAMPLED, LARGEST)
    ways: list[tuple[int, float | None]] = list(WAYS)
    own = (project.largest(project.overlap), project.confidence)
    if own not in ways and own[0] <= LARGEST:
        ways.append(own)
    told = tuple(_way(project, price, seen, classes, *each, own == each) for each in sorted(ways, key=_order))
    may_choose = project.state is ProjectState.DRAFT and price.tasks <= MOST_TASKS
    return AccuracyOutlook(told, len(seen.gold), WAYS if may_choose else ())


def _order(way: tuple[int, float | None]) -> tuple[float, int]:
    return way[1] or 0.0, way[0]


def _way(
    project: Project, price: Quote, seen: Seen, classes: int, overlap: int, confidence: float | None, own: bool
) -> ForeseenWay:
    if confidence is None:
        found = foreseen(classes, seen, overlap)
    else:
        found = foreseen_sure(classes, seen, confidence, overlap)
    cost = _cost(project, price, found, overlap if confidence is None else project.overlap)
    return ForeseenWay(overlap, confidence, found.accuracy, found.low, found.high, found.answers, cost, own)


def _cost(project: Project, price: Quote, found: Foreseen, gold: int) -> Millionths:
    """Every check question is asked as often as the overlap says."""
    return Millionths(ceil(price.tasks * found.answers + price.gold * gold) * project.cost_each)
