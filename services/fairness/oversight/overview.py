"""A project of somebody else as an admin sees it: `/project N` and `/stop N`."""

from domain.fairness.messages.reports import EndReasonWanted
from domain.fairness.messages.stops import ProjectForAdmin
from domain.projects.messages import ConfirmDelete, ConfirmStop
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import content_of
from services.act import Act, Reply
from services.fairness.oversight import stops
from services.projects import ownership, progress, stopping
from storage.unit import UnitOfWork

SAMPLES = 3


def project(act: Act, number: ProjectId) -> Reply | ProjectForAdmin:
    """One's own with its progress; an admin sees every other one, too, and can end it."""
    known = _of_another(act, number)
    return progress.progress(act, number) if known is None else _card(act.unit, known)


def ask_to_stop(act: Act, number: ProjectId) -> ConfirmStop | ConfirmDelete | EndReasonWanted:
    """One's own is confirmed; an admin gives a reason for another's."""
    return stopping.ask_to_stop(act, number) if _of_another(act, number) is None else stops.ask_end(act, number)


def _of_another(act: Act, number: ProjectId) -> Project | None:
    if "admin" not in act.roles or ownership.owned(act.unit, act.person, number) is not None:
        return None
    return act.unit.projects.find(number)


def _card(unit: UnitOfWork, known: Project) -> ProjectForAdmin:
    counted = unit.progress_counts.progress(known.id)
    return ProjectForAdmin(
        project=known.id,
        title=known.title,
        who=unit.people.get(known.requester).label,
        person=known.requester,
        state=known.state.value,
        rests=known.paused,
        instructions=known.instructions,
        samples=tuple(content_of(known, task).text[:300] for task in unit.tasks.sample(known.id, SAMPLES)),
        tasks=counted.tasks,
        closed=counted.closed,
        submissions=counted.submissions,
        workers=counted.workers,
        pay=known.pay,
        held=counted.held,
        currency=known.currency,
        ends=known.state is ProjectState.RUNNING,
    )
