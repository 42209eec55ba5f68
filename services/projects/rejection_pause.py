"""Pauses a project with too many rejections until an admin has looked: it goes on, or ends (oversight/stops.py)."""

from domain.fairness.messages.cases import CaseClosed, CaseEnd
from domain.fairness.messages.review import PauseDecided, PauseToDecide, ProjectRests
from domain.fairness.review import PAUSE, is_too_many
from domain.projects.projects import Project, ProjectId
from domain.refusals import NotFound
from services.act import Act, Reply
from services.fairness.oversight import cases, impartial
from services.projects import bulk_updates
from storage.unit import UnitOfWork


def pause_if_too_many(unit: UnitOfWork, project: Project, admins: frozenset[int]) -> ProjectRests | None:
    """The message to the requester where the project was paused; admins are notified."""
    rejected, decided = unit.reviews.counts(project.id)
    if not is_too_many(rejected, decided) or not unit.reviews.pause(project.id):
        return None
    unit.projects.pause(project.id, PAUSE)
    asked = _to_decide(unit, project)
    for admin in impartial.deciders(unit, admins, (project.requester,)):
        cases.show(unit, admin, cases.pause(project.id), asked)
    unit.audit.note(None, "pause", f"project:{project.id}", rejected=rejected, decided=decided)
    return ProjectRests(project.id, project.title, rejected, decided)


def _to_decide(unit: UnitOfWork, project: Project) -> PauseToDecide:
    who = unit.people.get(project.requester).label
    return PauseToDecide(who, project.id, project.title, *unit.reviews.counts(project.id))


def show(act: Act, project: ProjectId) -> Reply:
    """`/admin` leads here: the case once more, where it still waits."""
    known = act.unit.projects.find(project)
    if known is None or PAUSE not in known.paused:
        raise NotFound(what="project", name=str(project))
    return cases.shown(cases.pause(known.id), _to_decide(act.unit, known))


def waiting_for(act: Act, limit: int) -> list[ProjectId]:
    """Projects about whose pause this admin may decide."""
    unit, admins = act.unit, act.house.admins
    paused = (unit.projects.get(project) for project in unit.reviews.paused(limit))
    return [each.id for each in paused if act.person.id in impartial.deciders(unit, admins, (each.requester,))]


def resume(act: Act, project: ProjectId) -> PauseDecided | None:
    """An admin lets it go on. A second press changes nothing."""
    unit, known = act.unit, act.unit.projects.find(project)
    if known is None:
        raise NotFound(what="project", name=str(project))
    alone = impartial.check(act, known.requester)
    if not unit.reviews.end_pause(project, "resumed", act.person.id):
        return None
    unit.projects.resume(project, PAUSE)
    closed = CaseClosed(known.title, CaseEnd.GOES_ON, act.person.label)
    cases.close(unit, act.house.admins, cases.pause(project), closed)
    bulk_updates.wake_workers(unit, project)
    unit.audit.note(act.person.id, "resumed", f"project:{project}", alone=alone)
    decided = PauseDecided(project, known.title, True)
    if known.requester != act.person.id:
        unit.outbox.tell(known.requester, decided)
    return decided
