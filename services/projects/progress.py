"""Progress of a project, and its live message."""

from typing import Literal

from domain.answers import kind_of
from domain.people.people import PersonId
from domain.projects.eta import answers_left, expected_finish
from domain.projects.messages import ListedProject, ProjectList, ProjectProgress
from domain.projects.projects import ENDED, Progress, Project, ProjectId, ProjectState
from services.act import Act, Reply
from services.fairness import counter_offers
from services.fairness.reviewing import review_order
from services.money import topups
from services.projects import ownership
from services.projects.authoring import accuracy_outlook
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

PAGE, LATEST = 10, 2**63 - 1  # projects in one message; behind all of them
COUNTED = (
    *("tasks", "closed", "gold", "submissions", "begun", "workers", "gold_right", "gold_seen"),
    *("in_hand", "held", "reserve", "spent"),
)


def progress(act: Act, number: ProjectId) -> Reply:
    """A new message that is edited in place while answers come in; the one before it goes quiet."""
    return watched(act.unit, ownership.mine(act.unit, act.person, number).id)


def watched(unit: UnitOfWork, number: ProjectId, done: object = None) -> Reply:
    """The same after the result of a request (`done`)."""
    return Reply(progress_of(unit, number), live=live_name(number), anew=True, done=done)


def projects_of(act: Act) -> ProjectList:
    """A page, the newest projects first."""
    return older_of(act, 0)


def older_of(act: Act, before: int) -> ProjectList:
    """The page behind a project; 0: the first."""
    unit, me = act.unit, act.person
    found = unit.projects.of(me.id, PAGE + 1, before or LATEST)
    listed = tuple(ListedProject(p.id, p.title, p.state.value, p.currency, p.pay) for p in found[:PAGE])
    older, total = len(found) > PAGE, unit.progress_counts.projects_of(me.id)
    return ProjectList(listed, unit.ratings.shown(me.id), me.team_name, total, older)


def progress_of(unit: UnitOfWork, number: ProjectId) -> ProjectProgress:
    project, counted = unit.projects.get(number), unit.progress_counts.progress(number)
    return ProjectProgress(
        *(project.id, project.title),
        state="paused" if project.paused and project.state is ProjectState.RUNNING else project.state.value,
        currency=project.currency,
        **{name: getattr(counted, name) for name in COUNTED},
        left=_left(unit, project, counted),
        to_review=review_order.waits(unit, project)[0],
        files=kind_of(project.kind).are_files,
        news=unit.projects.news(number),
        pay_voices=counter_offers.voices_of(unit, project) if project.state is ProjectState.RUNNING else None,
        questions=unit.questions.waiting(number),
        rests=project.paused if project.state is ProjectState.RUNNING else (),
        right=_right(unit, project, counted),
        debt=topups.owed(unit, number) if project.state in ENDED else 0,
        ended=project.state in ENDED,
        waiting=_waiting(unit, project),
        may_reopen=project.confidence is not None and project.state is ProjectState.RUNNING,
        ended_by_admin=project.state is ProjectState.STOPPED and unit.stops.of_project(number) is not None,
    )


def _waiting(unit: UnitOfWork, project: Project) -> int:
    """Return the number of tasks that were added and wait for a launch, check questions among them; 0 of a draft."""
    if project.state is ProjectState.DRAFT:
        return 0
    waiting = unit.batches.waiting(project.id)
    return waiting.tasks + waiting.gold


def _left(unit: UnitOfWork, project: Project, counted: Progress) -> tuple[int, int] | None:
    if project.state is not ProjectState.RUNNING or project.paused:
        return None
    arrivals = unit.submissions.arrivals(project.id)
    found = expected_finish(answers_left(project, counted), arrivals, counted.in_hand, unit.now)
    return (found.soonest, found.latest) if found else None


def _right(unit: UnitOfWork, project: Project, counted: Progress) -> tuple[float, float, float] | None:
    """How many results will be right, where check questions have answers."""
    asks = project.state in (ProjectState.RUNNING, ProjectState.COMPLETE)
    return accuracy_outlook.now(unit, project) if asks and counted.gold_seen else None


def live_name(project: ProjectId | Literal[""]) -> str:
    return f"project:{project}"


def show_progress(unit: UnitOfWork, watcher: PersonId, project: ProjectId) -> None:
    """Edits the requester's progress message."""
    shown = progress_of(unit, project)
    unit.outbox.tell(watcher, shown, live=live_name(project), lane=Lane.BROADCAST, klass="nudge")


def fold(unit: UnitOfWork) -> None:
    """Folds changes since the last run into the counts, so that progress reads few rows."""
    unit.progress_counts.fold()
