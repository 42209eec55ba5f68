"""Stops a project or deletes a draft, each after a confirmation."""

from domain.people.people import Person
from domain.projects.messages import ConfirmDelete, ConfirmStop, DraftDeleted, ProjectStopped
from domain.projects.projects import ENDED, Project, ProjectId, ProjectState
from domain.refusals import WrongState
from services.act import Act
from services.projects import old_drafts
from services.projects.lifecycle import end, rests_between_reviews
from services.projects.ownership import mine
from storage.unit import UnitOfWork


def ask_to_stop(act: Act, number: ProjectId) -> ConfirmStop | ConfirmDelete:
    project = mine(act.unit, act.person, number)
    if project.state in ENDED and not rests_between_reviews(act.unit, project):
        raise WrongState(number=number, state=project.state.value)
    if project.state is ProjectState.DRAFT:
        return ConfirmDelete(project.id, project.title)
    counted = act.unit.progress_counts.progress(project.id)
    return ConfirmStop(project.id, project.title, counted.closed, counted.tasks, counted.held, project.currency)


def stop(act: Act, number: ProjectId, sure: bool) -> ConfirmStop | ConfirmDelete | ProjectStopped:
    """No new assignments; live ones may still be answered and are paid; the rest goes back now."""
    if not sure:
        return ask_to_stop(act, number)
    unit, project = act.unit, mine(act.unit, act.person, number)
    if project.state is not ProjectState.RUNNING and not rests_between_reviews(unit, project):
        raise WrongState(number=number, state=project.state.value)
    in_hand = unit.assignments.live(project.id)
    returned = end(unit, act.person, project, ProjectState.STOPPED) or 0
    undecided = sum(unit.reviews.undecided(project.id))
    return ProjectStopped(project.id, project.title, returned, in_hand, undecided, project.currency)


def delete(act: Act, number: ProjectId) -> DraftDeleted:
    """A draft goes, with its tasks, a little at a time."""
    project = _locked_draft(act.unit, act.person, number)
    old_drafts.take_out(act.unit, project)
    return DraftDeleted(project.id, project.title)


def _locked_draft(unit: UnitOfWork, requester: Person, number: ProjectId) -> Project:
    unit.projects.lock(mine(unit, requester, number).id)
    project = mine(unit, requester, number)
    if project.state is not ProjectState.DRAFT:
        raise WrongState(number=number, state=project.state.value)
    return project
