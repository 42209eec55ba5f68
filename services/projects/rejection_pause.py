"""Pauses a project with too many rejections until an admin has looked at it."""

from domain.fairness.messages.review import PauseDecided, PauseToDecide, ProjectRests
from domain.fairness.review import PAUSE, is_too_many
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.refusals import NotFound
from services.act import Act
from services.projects import bulk_updates
from services.projects.lifecycle import end
from storage.unit import UnitOfWork


def pause_if_too_many(unit: UnitOfWork, project: Project, admins: frozenset[int]) -> ProjectRests | None:
    """The message to the requester where the project was paused; admins are notified."""
    rejected, decided = unit.reviews.counts(project.id)
    if not is_too_many(rejected, decided) or not unit.reviews.pause(project.id):
        return None
    unit.projects.pause(project.id, PAUSE)
    who = unit.people.get(project.requester).label
    for admin in unit.people.with_telegram_ids(tuple(sorted(admins))):
        unit.outbox.tell(admin, PauseToDecide(who, project.id, project.title, rejected, decided))
    unit.audit.note(None, "pause", f"project:{project.id}", rejected=rejected, decided=decided)
    return ProjectRests(project.id, project.title, rejected, decided)


def decide(act: Act, project: ProjectId, resume: bool) -> PauseDecided | None:
    """An admin's decision. A second press changes nothing."""
    unit, known = act.unit, act.unit.projects.find(project)
    if known is None:
        raise NotFound(what="project", name=str(project))
    outcome = "resumed" if resume else "stopped"
    if not unit.reviews.end_pause(project, outcome, act.person.id):
        return None
    unit.projects.resume(project, PAUSE)
    if not resume and known.state is ProjectState.RUNNING:
        end(unit, unit.people.get(known.requester), unit.projects.get(project), ProjectState.STOPPED)
    bulk_updates.wake_workers(unit, project)
    unit.audit.note(act.person.id, outcome, f"project:{project}")
    decided = PauseDecided(project, known.title, resume)
    if known.requester != act.person.id:
        unit.outbox.tell(known.requester, decided)
    return decided
