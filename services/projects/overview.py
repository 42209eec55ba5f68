"""A project in the dashboard: its progress over time, its pay per hour, and the movements of its money."""

from dataclasses import dataclass

from domain.answers import kind_of
from domain.moments import DAY, HOUR, MINUTE, SECOND, Moment
from domain.money.ledger import requester_account
from domain.money.pricing import hourly_pay
from domain.projects.progress import ProjectProgress
from domain.projects.projects import ProjectId
from domain.projects.tasks import kind_of_column
from services.act import Act
from services.projects import progress, projects

STEPS = (5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY)
MAX_POINTS = 200  # of a chart
MAX_ENTRIES = 500  # movements of an account that are shown


@dataclass(frozen=True, slots=True)
class Overview:
    """A project with what a chat has no room for. `hourly` is the pay of a measured hour, None before any; `floor` the
    least that is owed, both in millionths; `topped_up`: paid on top of the pay so far. `classes` are the options that a
    result can be, `media` the columns that hold files."""

    progress: ProjectProgress
    kind: str
    instructions: tuple[str, ...]
    options: tuple[str, ...]
    classes: tuple[str, ...]
    columns: tuple[str, ...]
    media: tuple[str, ...]
    pay: int
    fee: int
    overlap: int
    confidence: float | None
    accept: str
    hourly: int | None
    floor: int
    topped_up: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Answers and finished tasks by steps of `step` milliseconds: (begin of the step, how many), steps without any left
    out."""

    step: int
    answers: tuple[tuple[Moment, int], ...]
    finished: tuple[tuple[Moment, int], ...]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A movement of the requester's free money; `project` is None where it is of none."""

    operation: int
    kind: str
    amount: int
    balance: int
    made_at: Moment
    project: int | None
    currency: str


def read_overview(act: Act, number: ProjectId) -> Overview:
    """Return a project of the requester's. Raise NotFound if it is not theirs."""
    unit, project = act.unit, projects.mine(act.unit, act.person, number)
    measured = unit.submissions.median_milliseconds(project.id)
    movements = unit.spending.sum_project_movements(project.id)
    return Overview(
        progress=progress.progress_of(unit, project.id),
        kind=project.kind,
        instructions=project.instructions,
        options=project.options,
        classes=project.options if kind_of(project.kind).most_votes_win else (),
        columns=project.columns,
        media=tuple(column for column in project.columns if kind_of_column(column) is not None),
        pay=project.pay,
        fee=project.fee,
        overlap=project.overlap,
        confidence=project.confidence,
        accept=project.accept,
        hourly=hourly_pay(project.pay, measured) if measured else None,
        floor=act.house.terms.floor,
        topped_up=sum(move.amount for move in movements if move.kind == "topup" and move.target == "worker"),
    )


def read_timeline(act: Act, number: ProjectId) -> Timeline:
    """Return a project's answers and finished tasks over time. Raise NotFound if it is not the requester's."""
    counts, project = act.unit.progress_counts, projects.mine(act.unit, act.person, number)
    first_and_last = counts.find_first_and_last(project.id)
    if first_and_last is None:
        return Timeline(STEPS[0], (), ())
    duration = first_and_last[1] - first_and_last[0]
    step = next((step for step in STEPS if duration / step <= MAX_POINTS), STEPS[-1])
    answers, finished = (
        tuple((Moment(int(at) * step), int(count)) for at, count in rows)
        for rows in counts.count_by_time(project.id, step)
    )
    return Timeline(step, answers, finished)


def list_ledger_lines(act: Act) -> tuple[LedgerLine, ...]:
    """Return the newest movements of the requester's free money, in all currencies."""
    account = requester_account(act.person)
    return tuple(
        LedgerLine(
            operation=entry.transfer,
            kind=entry.movement,
            amount=entry.amount,
            balance=entry.balance,
            made_at=entry.made_at,
            project=entry.project,
            currency=entry.currency,
        )
        for entry in act.unit.ledger.entries(account, MAX_ENTRIES)
    )
