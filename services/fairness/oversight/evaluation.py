"""`pouce oversight`: the figures of the two-yearly evaluation, a quarter each, from the first person on."""

from domain.fairness import complaints
from domain.fairness.evaluation import Evaluation, Quarter, of_restrictions, quarters
from storage.fairness.evaluation import Span, begun
from storage.unit import UnitOfWork

MEASURES = ("later", "checks", "held")


def evaluate(unit: UnitOfWork) -> list[Evaluation]:
    """The oldest quarter first; none in an empty house."""
    first = begun(unit.connection)
    return [_of(unit, quarter) for quarter in quarters(first, unit.now)] if first is not None else []


def _of(unit: UnitOfWork, quarter: Quarter) -> Evaluation:
    span = Span(unit.connection, *quarter.bounds)
    answers, workers = span.answers()
    measures, acts = span.measures(), span.acts()
    return Evaluation(
        quarter=quarter.name,
        answers=answers,
        workers=workers,
        restrictions=of_restrictions(span.restrictions()),
        measures={
            **{kind: measures.get(kind, 0) for kind in MEASURES},
            "spared": acts.get(("spare", True), 0),
        },
        pauses={
            "by_machine": acts.get(("pause", False), 0),
            "resumed_by_machine": acts.get(("resumed", False), 0),
            "resumed_by_human": acts.get(("resumed", True), 0),
            "ended_by_human": acts.get(("stopped", True), 0) + acts.get(("ended", True), 0),
        },
        gold=span.gold(),
        appeals=span.appeals(),
        complaints=complaints.figures(span.complaints(), unit.now),
        pay=span.pay(),
    )
