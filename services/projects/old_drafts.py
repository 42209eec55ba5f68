"""Deletes drafts, and those that are not launched within the announced time."""

from domain.answers import kind_of
from domain.moments import later
from domain.mturk.notifications import Event
from domain.projects.draft_messages import DraftLetGo
from domain.projects.drafts import KEPT, KEPT_DAYS
from domain.projects.projects import Project, ProjectState
from storage.projects.batches import EVERY
from storage.unit import UnitOfWork


def let_go(unit: UnitOfWork) -> bool:
    """The oldest: a draft with its tasks, or the tasks that wait to be added to a project. There may be more then."""
    unit.drafts.forms.let_go(later(unit.now, -KEPT))
    old = unit.batches.old(later(unit.now, -KEPT))
    if old is None:
        return False
    unit.projects.lock(old.project)
    project = unit.projects.get(old.project)
    whole = project.state is ProjectState.DRAFT
    if whole:
        take_out(unit, project)
    else:
        unit.batches.let_go(project.id)
    unit.outbox.tell(old.requester, DraftLetGo(project.id, project.title, KEPT_DAYS, whole))
    return True


def take_out(unit: UnitOfWork, draft: Project) -> None:
    """Nobody sees it any more; its tasks go a little at a time. Those of a program stay, as HITs that are disposed of:
    the next one of their type begins another draft."""
    unit.projects.hide(draft.id)
    if not kind_of(draft.kind).is_of_programs:
        unit.batches.let_go(draft.id)
        return
    unit.turk_notifications.note_project(draft.id, Event.DISPOSED)
    unit.hits.dispose_in(draft.id)
    unit.hit_types.leave(draft.requester, draft.id)
    unit.batches.launch(draft.id, EVERY)  # it waits for nothing any more
