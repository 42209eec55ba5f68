"""Deletes drafts that are not launched within the announced time."""

from domain.moments import later
from domain.projects.draft_messages import DraftLetGo
from domain.projects.drafts import KEPT, KEPT_DAYS
from domain.projects.projects import ProjectState
from storage.unit import UnitOfWork


def let_go(unit: UnitOfWork) -> None:
    """The oldest: a draft with its tasks, or the tasks that wait to be added to a project."""
    unit.drafts.forms.let_go(later(unit.now, -KEPT))
    old = unit.batches.old(later(unit.now, -KEPT))
    if old is None:
        return
    unit.projects.lock(old.project)
    project = unit.projects.get(old.project)
    whole = project.state is ProjectState.DRAFT
    if whole:
        unit.projects.hide(project.id)
    unit.batches.let_go(project.id)
    unit.outbox.tell(old.requester, DraftLetGo(project.id, project.title, KEPT_DAYS, whole))
