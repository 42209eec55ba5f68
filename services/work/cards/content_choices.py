"""A worker who was warned of a project's content wants its tasks, or none of them."""

from domain.projects.content import ContentChoice
from domain.projects.projects import ProjectId
from domain.refusals import NotFound
from domain.work.content_messages import ContentAgreed
from services.act import Act
from services.work import leaving, offers, session, submit
from services.work.cards import content_warnings


def choose(act: Act, project: ProjectId, agrees: bool) -> None:
    """Said once for the project: a task of it follows, in place of another project's in hand, which goes to somebody
    else; or its tasks are left. Raise NotFound for who was not warned. Of two warnings that stand the later press
    counts."""
    unit, worker = act.unit, act.person
    if unit.content_choices.of(worker.id, project) is None:
        raise NotFound(what="offer", name="")
    session.check_ending(act)
    if not agrees:
        unit.content_choices.keep(worker.id, project, ContentChoice.REFUSED)
        leaving.decline(act, project)
        return
    if not unit.enrolments.decline(worker.id, project, False):
        raise NotFound(what="withdrawn", name=str(project))
    unit.content_choices.keep(worker.id, project, ContentChoice.AGREED)
    found = unit.projects.get(project)
    unit.outbox.tell(worker.id, ContentAgreed(found.title), edits=act.message)
    if content_warnings.has_task(unit, worker, found):
        offers.take(act, project)
    else:
        submit.work(unit, worker)
