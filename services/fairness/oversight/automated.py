"""`/automated`: the register of automated decisions, page by page, and what of it touched the reader lately."""

from domain.conduct.restrictions import Restriction
from domain.fairness.automated import BY_NAME
from domain.fairness.messages.automated import (
    AutomatedDecision,
    AutomatedSystems,
    Touched,
    TouchingMeasure,
    TouchingRestriction,
    TouchingTopup,
)
from domain.moments import DAY, Moment, later
from domain.money.ledger import available_account
from domain.refusals import UnknownChoice
from services.act import Act, Reply
from services.quality.restrictions import described
from storage.unit import UnitOfWork

LATELY = 30  # days
AT_MOST = 4  # of each


def show(act: Act) -> Reply:
    """The first page; a press edits its message."""
    found = touching(act)
    count = len(found.restrictions) + len(found.measures) + len(found.topups)
    return Reply(AutomatedSystems(count), edits=act.message)


def explain(act: Act, name: str) -> Reply:
    if name not in BY_NAME:
        raise UnknownChoice()
    return Reply(AutomatedDecision(name), edits=act.message)


def show_touched(act: Act) -> Reply:
    return Reply(touching(act), edits=act.message)


def touching(act: Act) -> Touched:
    """The reader's own: restrictions, soft measures, top-ups."""
    unit, worker = act.unit, act.person
    since = later(unit.now, -LATELY * DAY)
    restrictions = [each for each in unit.restrictions.of(worker.id, AT_MOST) if _is_recent(each, since)]
    measures = unit.soft_measures.of(worker.id, since, AT_MOST)
    topups = unit.oversight.topups_of(available_account(worker), since, AT_MOST)
    return Touched(
        days=LATELY,
        restrictions=tuple(_restriction(unit, each) for each in restrictions),
        measures=tuple(TouchingMeasure(m.project, m.title, m.kind, m.since, m.ended_at) for m in measures),
        topups=tuple(TouchingTopup(*row) for row in topups),
    )


def _is_recent(known: Restriction, since: Moment) -> bool:
    return known.state == "standing" or known.imposed_at > since


def _restriction(unit: UnitOfWork, known: Restriction) -> TouchingRestriction:
    cause = next(each for each in known.evidence if each.suspicion == known.reason)
    objects = known.may_be_appealed(unit.now)
    return TouchingRestriction(described(unit, known), cause, objects, known.lapsed, known.words or "")
