"""`/automated`: the register of automated decisions, page by page, and recent decisions about its reader."""

from domain.fairness import cases
from domain.fairness.automated import (
    BY_NAME,
    AutomatedDecision,
    AutomatedSystems,
    Evaluation,
    Quarter,
    Touched,
    TouchingMeasure,
    TouchingRestriction,
    TouchingTopup,
    count_restrictions,
    quarters,
)
from domain.moments import DAY, Moment, later
from domain.money.ledger import available_account
from domain.quality.restrictions import Restriction
from domain.refusals import UnknownChoice
from services.act import Act, Reply
from services.quality.restrictions import to_known_restriction
from storage.fairness.stops import EvaluationSpan, find_first_join
from storage.unit import UnitOfWork

RECENT_DAYS = 30  # days
MAX_ITEMS_PER_KIND = 4  # of each


def show_register(act: Act) -> Reply:
    """Return the register's first page with the number of recent decisions about the reader."""
    recent_decisions = get_recent_decisions(act)
    count = len(recent_decisions.restrictions) + len(recent_decisions.measures) + len(recent_decisions.topups)
    return Reply(AutomatedSystems(count), edits=act.message)


def explain_decision(act: Act, name: str) -> Reply:
    """Return the page of one decision of the register. Raise UnknownChoice for an unknown name."""
    if name not in BY_NAME:
        raise UnknownChoice()
    return Reply(AutomatedDecision(name), edits=act.message)


def show_recent_decisions(act: Act) -> Reply:
    return Reply(get_recent_decisions(act), edits=act.message)


def get_recent_decisions(act: Act) -> Touched:
    """Return the recent automated decisions about the reader: restrictions, soft measures and top-ups."""
    unit, worker = act.unit, act.person
    since = later(unit.now, -RECENT_DAYS * DAY)
    restrictions = [
        restriction
        for restriction in unit.restrictions.list_of_worker(worker.id, MAX_ITEMS_PER_KIND)
        if _is_recent(restriction, since)
    ]
    measures = unit.soft_measures.list_recent(worker.id, since, MAX_ITEMS_PER_KIND)
    topups = unit.oversight.topups_of(available_account(worker), since, MAX_ITEMS_PER_KIND)
    return Touched(
        days=RECENT_DAYS,
        restrictions=tuple(_to_touching_restriction(unit, restriction) for restriction in restrictions),
        measures=tuple(TouchingMeasure(m.project, m.title, m.kind, m.since, m.ended_at) for m in measures),
        topups=tuple(TouchingTopup(*row) for row in topups),
    )


def _is_recent(restriction: Restriction, since: Moment) -> bool:
    return restriction.state == "standing" or restriction.imposed_at > since


def _to_touching_restriction(unit: UnitOfWork, restriction: Restriction) -> TouchingRestriction:
    cause = next(evidence for evidence in restriction.evidence if evidence.suspicion == restriction.reason)
    may_object = restriction.may_be_appealed(unit.now)
    return TouchingRestriction(
        to_known_restriction(unit, restriction), cause, may_object, restriction.lapsed, restriction.words or ""
    )


MEASURES = ("later", "checks", "held")


def evaluate_quarters(unit: UnitOfWork) -> list[Evaluation]:
    """Return an evaluation for each quarter, the oldest first; none for an empty installation."""
    first_moment = find_first_join(unit.connection)
    return (
        [_evaluate_quarter(unit, quarter) for quarter in quarters(first_moment, unit.now)]
        if first_moment is not None
        else []
    )


def _evaluate_quarter(unit: UnitOfWork, quarter: Quarter) -> Evaluation:
    span = EvaluationSpan(unit.connection, *quarter.bounds)
    answers, workers = span.answers()
    measures, acts = span.measures(), span.acts()
    return Evaluation(
        quarter=quarter.name,
        answers=answers,
        workers=workers,
        restrictions=count_restrictions(span.restrictions()),
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
        complaints=cases.complaint_figures(span.complaints(), unit.now),
        pay=span.pay(),
    )
