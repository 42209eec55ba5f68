"""The end of a project: complete when its last task closes, stopped by its requester. The rest of the budget goes
back."""

from domain.people.people import Person
from domain.projects.messages import ProjectComplete
from domain.projects.projects import Project, ProjectState
from services.fairness.ratings import asking
from services.money import topups, transfers
from services.projects import bulk_updates
from storage.unit import UnitOfWork


def end_if_done(unit: UnitOfWork, project: Project) -> None:
    """Completes the project when no ordinary task is open any more."""
    if unit.openings.any_left(project.id) or unit.tasks.unfinished(project.id):
        return
    requester = unit.people.get(project.requester)
    rest = end(unit, requester, project, ProjectState.COMPLETE)
    if rest is not None:
        done = ProjectComplete(project.id, project.title, rest, project.currency)
        unit.outbox.tell(requester.id, done, key=f"complete:{project.id}:{project.launched_at}")


def end(unit: UnitOfWork, requester: Person, project: Project, state: ProjectState) -> int | None:
    """Ends the project and returns the sum given back; None when it had ended before."""
    if not unit.projects.end(project.id, state, unit.now):
        return None
    bulk_updates.close_tasks(unit, project.id)
    asking.after_end(unit, project)
    return give_back(unit, requester, project)


def give_back(unit: UnitOfWork, requester: Person, project: Project) -> int:
    """Returns the money that neither a live assignment nor a top-up can need."""
    return topups.close(unit, requester, project) + transfers.return_rest(unit, requester, project)
