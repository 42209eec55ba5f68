"""Progress of a project, its live message, and in the dashboard its progress over time, its pay per hour and the
movements of its money."""

from dataclasses import dataclass, replace
from typing import Literal

from domain.answers import kind_of
from domain.moments import DAY, HOUR, MINUTE, SECOND, Moment
from domain.money.ledger import Entry, requester_account
from domain.money.pricing import hourly_pay
from domain.people.accounts import PersonId
from domain.people.settings import next_clock_hour
from domain.people.teams import OWN_ACCOUNT, Hears, TeamNumber, is_team, team_number_of
from domain.programs import ProjectLine, Projects
from domain.projects.preflight import DigestedProject, DigestSet, RequesterDigest
from domain.projects.progress import ListedProject, ProjectList, ProjectProgress, count_answers_left, expected_finish
from domain.projects.projects import ENDED, NO_SETBACKS, CountedProgress, Project, ProjectId, ProjectState
from domain.projects.tasks import kind_of_column
from services.act import Act, Reply
from services.fairness import counter_offers, review_order
from services.money import topups
from services.projects import preflight, projects
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

DIGEST_HOUR = 9
AT_ONCE = 20  # requesters
LISTED = 10  # projects in one message
LOOKED_AT = 100  # of a requester's latest projects


def begin_digests(unit: UnitOfWork, requester: PersonId) -> None:
    """Begin the requester's daily digests at a launch, unless they have begun before or were switched off."""
    unit.progress_counts.digests.begin(requester, _next_digest_at(unit, requester))


def send_digests(unit: UnitOfWork) -> None:
    """Send the digests that are due, to requesters whose projects had news. Digests end once no project runs or
    waits."""
    digests = unit.progress_counts.digests
    last = digests.last_answer()
    for due in digests.due(AT_ONCE):
        own = unit.projects.list_of_requester(due.person, LOOKED_AT)
        news = [_digest_project(unit, project, due.seen, last) for project in own if _is_news(unit, project)]
        digested_projects = tuple(
            digested for digested in news if digested.answers or digested.to_review or digested.questions
        )
        if digested_projects:
            _send_to_readers(unit, due.person, digested_projects)
        if news:
            digests.schedule_next(due.person, _next_digest_at(unit, due.person), last)
        else:
            digests.end(due.person)


def _send_to_readers(unit: UnitOfWork, requester: PersonId, digested_projects: tuple[DigestedProject, ...]) -> None:
    """Send the digest to the requester; of a team to each member who wants it, about all projects or those that the
    member made or launched."""
    if not is_team(requester):
        return _send_digest(unit, requester, digested_projects)
    for member, hears in unit.team_ties.list_digest_readers(requester):
        members_projects = tuple(
            digested
            for digested in digested_projects
            if hears is Hears.ALL or unit.teams.find_leader(ProjectId(digested.number)) == member
        )
        if members_projects:
            _send_digest(unit, member, members_projects, team_number_of(requester))
    return None


def _send_digest(
    unit: UnitOfWork, reader: PersonId, digested_projects: tuple[DigestedProject, ...], team: int = 0
) -> None:
    digest = RequesterDigest(digested_projects[:LISTED], len(digested_projects), team)
    unit.outbox.tell(reader, digest, lane=Lane.BROADCAST, klass="nudge")


def switch_digest(act: Act, on: bool, team: TeamNumber = OWN_ACCOUNT) -> DigestSet:
    """`team` says whose digest the button was for; each member of a team has a choice of their own."""
    if act.member is not None:
        act.unit.team_ties.set_digest(act.person.id, act.member.id, on)
        return DigestSet(on, DIGEST_HOUR, team)
    act.unit.progress_counts.digests.begin(act.person.id, _next_digest_at(act.unit, act.person.id))
    act.unit.progress_counts.digests.turn(act.person.id, not on)
    return DigestSet(on, DIGEST_HOUR, team)


def _next_digest_at(unit: UnitOfWork, requester: PersonId) -> Moment:
    return next_clock_hour(unit.preferences.get_stored(requester).zone, DIGEST_HOUR, unit.now)


def _is_news(unit: UnitOfWork, project: Project) -> bool:
    """Return whether a project belongs in a digest: it runs, or has ended and answers wait for a decision, since
    silence pays them."""
    return project.state is ProjectState.RUNNING or review_order.count_waiting_answers(unit, project)[0] > 0


def _digest_project(unit: UnitOfWork, project: Project, seen: int, last: int) -> DigestedProject:
    counted, (to_review, until) = (
        unit.progress_counts.progress(project.id),
        review_order.count_waiting_answers(unit, project),
    )
    return DigestedProject(
        project.id,
        project.title,
        tasks=counted.tasks,
        closed=counted.closed,
        answers=unit.progress_counts.digests.answers_since(project.id, seen, last),
        to_review=to_review,
        questions=unit.questions.count_open(project.id),
        held=counted.held,
        currency=project.currency,
        until=until,
    )


PAGE, LATEST = 10, 2**63 - 1  # projects in one message; behind all of them
COUNTED = (
    *("tasks", "closed", "gold", "submissions", "begun", "workers", "gold_right", "gold_seen"),
    *("in_hand", "held", "reserve", "spent"),
)


def show_progress_anew(act: Act, number: ProjectId) -> Reply:
    """A new message that is edited in place while answers come in; the one before it goes quiet."""
    return progress_reply(act.unit, projects.mine(act.unit, act.person, number).id)


def progress_reply(unit: UnitOfWork, number: ProjectId, done: object = None) -> Reply:
    """Return a new live progress message, and the result of a request (`done`) with it."""
    return Reply(progress_of(unit, number), live=live_name(number), anew=True, done=done)


def list_projects(act: Act) -> ProjectList:
    """A page, the newest projects first."""
    return list_older(act, 0)


def list_older(act: Act, before: int) -> ProjectList:
    """Return the page of projects behind the one with number `before`; the first page for 0."""
    unit, me = act.unit, act.person
    rows = unit.projects.list_of_requester(me.id, PAGE + 1, before or LATEST)
    counts = _count_tasks(unit, rows[:PAGE])
    listed = tuple(_to_listed_project(project, counts[project.id]) for project in rows[:PAGE])
    older, total = len(rows) > PAGE, unit.progress_counts.projects_of(me.id)
    return ProjectList(listed, unit.ratings.find_public_figures(me.id), me.team_name, total, older)


def _count_tasks(unit: UnitOfWork, rows: list[Project]) -> dict[ProjectId, tuple[int, int]]:
    """Return the numbers of tasks and of finished tasks of these projects, which have one requester."""
    if not rows:
        return {}
    numbers = [project.id for project in rows]
    return unit.progress_counts.count_tasks_by_project(rows[0].requester, min(numbers), max(numbers))


def _to_listed_project(project: Project, counts: tuple[int, int]) -> ListedProject:
    listed = ListedProject(project.id, project.title, _get_shown_state(project), project.currency, project.pay)
    if project.state is ProjectState.DRAFT:
        return listed
    return replace(listed, tasks=counts[0], closed=counts[1])


def _get_shown_state(project: Project) -> str:
    """Return the project's state; paused for one that runs but offers nothing."""
    return "paused" if project.paused and project.state is ProjectState.RUNNING else project.state.value


def progress_of(unit: UnitOfWork, number: ProjectId) -> ProjectProgress:
    project, counted = unit.projects.get(number), unit.progress_counts.progress(number)
    return ProjectProgress(
        project.id,
        project.title,
        state=_get_shown_state(project),
        currency=project.currency,
        **{name: getattr(counted, name) for name in COUNTED},
        left=_time_left(unit, project, counted),
        to_review=review_order.count_waiting_answers(unit, project)[0],
        files=kind_of(project.kind).are_files,
        news=unit.projects.news(number),
        pay_voices=counter_offers.find_pay_voices(unit, project) if project.state is ProjectState.RUNNING else None,
        questions=unit.questions.count_open(number),
        rests=project.paused if project.state is ProjectState.RUNNING else (),
        right=_accuracy_so_far(unit, project, counted),
        debt=topups.count_owed(unit, number) if project.state in ENDED else 0,
        ended=project.state in ENDED,
        waiting=_count_waiting(unit, project),
        may_reopen=project.confidence is not None and project.state is ProjectState.RUNNING,
        setbacks=unit.progress_counts.get_setbacks(number) if project.state is ProjectState.RUNNING else NO_SETBACKS,
        ended_by_admin=project.state is ProjectState.STOPPED and unit.stops.find_project_stop(number) is not None,
    )


def _count_waiting(unit: UnitOfWork, project: Project) -> int:
    """Return the number of tasks that were added and wait for a launch, check questions among them; 0 of a draft."""
    if project.state is ProjectState.DRAFT:
        return 0
    waiting = unit.batches.waiting(project.id)
    return waiting.tasks + waiting.gold


def _time_left(unit: UnitOfWork, project: Project, counted: CountedProgress) -> tuple[int, int] | None:
    if project.state is not ProjectState.RUNNING or project.paused:
        return None
    arrivals = unit.submissions.arrivals(project.id)
    finish = expected_finish(count_answers_left(project, counted), arrivals, counted.in_hand, unit.now)
    return (finish.soonest, finish.latest) if finish else None


def _accuracy_so_far(unit: UnitOfWork, project: Project, counted: CountedProgress) -> tuple[float, float, float] | None:
    """Return the forecast share of right results and its range, if check questions have answers; else None."""
    asks = project.state in (ProjectState.RUNNING, ProjectState.COMPLETE)
    return preflight.accuracy_so_far(unit, project) if asks and counted.gold_seen else None


def live_name(project: ProjectId | Literal[""]) -> str:
    return f"project:{project}"


def show_progress(unit: UnitOfWork, watcher: PersonId, project: ProjectId) -> None:
    """Edit the requester's live progress message."""
    progress_message = progress_of(unit, project)
    unit.outbox.tell(watcher, progress_message, live=live_name(project), lane=Lane.BROADCAST, klass="nudge")


def fold_counts(unit: UnitOfWork) -> None:
    """Folds changes since the last run into the counts, so that progress reads few rows."""
    unit.progress_counts.fold()


def page_of_projects(act: Act, after: int, limit: int) -> Projects:
    rows = act.unit.projects.page(act.person.id, after, limit + 1)
    counts = _count_tasks(act.unit, rows[:limit])
    lines = tuple(_to_line(project, counts[project.id]) for project in rows[:limit])
    return Projects(lines, lines[-1].number if len(rows) > limit else None)


def get_progress(act: Act, number: ProjectId) -> ProjectProgress:
    return progress_of(act.unit, projects.mine(act.unit, act.person, number).id)


def _to_line(project: Project, counts: tuple[int, int]) -> ProjectLine:
    return ProjectLine(
        project.id,
        project.title,
        state=project.state.value,
        kind=project.kind,
        currency=project.currency,
        pay=project.pay,
        overlap=project.overlap,
        created_at=project.created_at,
        launched_at=project.launched_at,
        ended_at=project.ended_at,
        rests=tuple(project.paused),
        tasks=counts[0],
        closed=counts[1],
    )


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
        progress=progress_of(unit, project.id),
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
    ledger, account = act.unit.ledger, requester_account(act.person)
    entries = [
        entry for currency in ledger.currencies(account) for entry in ledger.entries(account, MAX_ENTRIES, currency)
    ]
    newest = sorted(entries, key=lambda entry: entry.transfer, reverse=True)
    return tuple(map(_to_ledger_line, newest[:MAX_ENTRIES]))


def list_project_lines(act: Act, number: ProjectId) -> tuple[LedgerLine, ...]:
    """Return the newest movements between the requester's free money and a project. Raise NotFound if it is not
    theirs."""
    project, account = projects.mine(act.unit, act.person, number), requester_account(act.person)
    entries = act.unit.ledger.list_entries_of_project(account, MAX_ENTRIES, project.currency, project.id)
    return tuple(map(_to_ledger_line, entries))


def _to_ledger_line(entry: Entry) -> LedgerLine:
    return LedgerLine(
        operation=entry.transfer,
        kind=entry.movement,
        amount=entry.amount,
        balance=entry.balance,
        made_at=entry.made_at,
        project=entry.project,
        currency=entry.currency,
    )
