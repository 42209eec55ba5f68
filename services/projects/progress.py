"""Progress of a project, and its live message."""

from typing import Literal

from domain.answers import kind_of
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.people.settings import next_clock_hour
from domain.people.teams import OWN_ACCOUNT, Hears, TeamNumber, is_team, team_number_of
from domain.programs import ProjectLine, Projects
from domain.projects.preflight import DigestedProject, DigestSet, RequesterDigest
from domain.projects.progress import ListedProject, ProjectList, ProjectProgress, count_answers_left, expected_finish
from domain.projects.projects import ENDED, NO_SETBACKS, CountedProgress, Project, ProjectId, ProjectState
from services.act import Act, Reply
from services.fairness import counter_offers, review_order
from services.money import topups
from services.projects import preflight, projects
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

HOUR = 9
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
        return DigestSet(on, HOUR, team)
    act.unit.progress_counts.digests.begin(act.person.id, _next_digest_at(act.unit, act.person.id))
    act.unit.progress_counts.digests.turn(act.person.id, not on)
    return DigestSet(on, HOUR, team)


def _next_digest_at(unit: UnitOfWork, requester: PersonId) -> Moment:
    return next_clock_hour(unit.preferences.get_stored(requester).zone, HOUR, unit.now)


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
    listed = tuple(ListedProject(p.id, p.title, p.state.value, p.currency, p.pay) for p in rows[:PAGE])
    older, total = len(rows) > PAGE, unit.progress_counts.projects_of(me.id)
    return ProjectList(listed, unit.ratings.find_public_figures(me.id), me.team_name, total, older)


def progress_of(unit: UnitOfWork, number: ProjectId) -> ProjectProgress:
    project, counted = unit.projects.get(number), unit.progress_counts.progress(number)
    return ProjectProgress(
        project.id,
        project.title,
        state="paused" if project.paused and project.state is ProjectState.RUNNING else project.state.value,
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
    lines = tuple(map(_to_line, rows[:limit]))
    return Projects(lines, lines[-1].number if len(rows) > limit else None)


def get_progress(act: Act, number: ProjectId) -> ProjectProgress:
    return progress_of(act.unit, projects.mine(act.unit, act.person, number).id)


def _to_line(project: Project) -> ProjectLine:
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
    )
