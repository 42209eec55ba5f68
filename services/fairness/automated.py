"""`/automated`: the register of automated decisions, page by page, and what of it touched the reader lately."""

from collections.abc import Sequence

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
    of_restrictions,
    quarters,
)
from domain.fairness.cases import CaseKind, WaitingCase
from domain.moments import DAY, Moment, later
from domain.money.ledger import available_account
from domain.projects.projects import ProjectId
from domain.quality.restrictions import Restriction
from domain.refusals import UnknownChoice
from services.act import Act, Reply
from services.fairness import (
    appeals,
    board,
    board_contests,
    first_look,
    questions,
    review,
)
from services.fairness import (
    reports as project_reports,
)
from services.quality.restrictions import described
from storage.fairness.stops import Span, begun
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
        complaints=cases.figures(span.complaints(), unit.now),
        pay=span.pay(),
    )


def of(act: Act, limit: int) -> list[list[WaitingCase]]:
    """A list for each kind."""
    unit, admin = act.unit, act.person.id
    return [
        _projects(act, CaseKind.LOOK, first_look.waiting_for(act, limit)),
        _projects(act, CaseKind.REPORTS, project_reports.waiting_for(act, limit)),
        _projects(act, CaseKind.REJECTIONS, review.get_waiting_pauses(act, limit)),
        [
            WaitingCase(CaseKind.QUESTION, each.id, unit.projects.get(each.project).title)
            for each in questions.get_reported_questions(act, limit)
        ],
        _numbers(CaseKind.APPEAL, [stop.id for stop in unit.stops.waiting(limit)]),
        _numbers(CaseKind.RULING, appeals.get_waiting_rulings(unit, admin, limit)),
        _numbers(CaseKind.POST, board.get_reported_posts(act, limit)),
        _numbers(CaseKind.CONTEST, board_contests.get_waiting_contests(act, limit)),
        _numbers(CaseKind.PETITION, unit.petitions.asked_of_house(limit)),
    ]


def _projects(act: Act, kind: CaseKind, projects: list[ProjectId]) -> list[WaitingCase]:
    return [WaitingCase(kind, project, act.unit.projects.get(project).title) for project in projects]


def _numbers(kind: CaseKind, numbers: Sequence[int]) -> list[WaitingCase]:
    return [WaitingCase(kind, number) for number in numbers]
