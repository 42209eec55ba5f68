"""A worker who was warned of a project's content wants its tasks, or none of them."""

from domain.projects.projects import ContentChoice, ProjectId
from domain.refusals import NotFound
from domain.work.messages import ContentAgreed
from services.act import Act
from services.work import (
    dispatch,
    offers,
    submit,
    task_selection,
)


def choose(act: Act, project: ProjectId, agrees: bool) -> None:
    """Said once for the project: a task of it follows, in place of another project's in hand, which goes to somebody
    else; or its tasks are left. Raise NotFound for who was not warned. Of two warnings that stand the later press
    counts."""
    unit, worker = act.unit, act.person
    if unit.content_choices.of(worker.id, project) is None:
        raise NotFound(what="offer", name="")
    dispatch.check_ending(act)
    if not agrees:
        unit.content_choices.keep(worker.id, project, ContentChoice.REFUSED)
        submit.decline(act, project)
        return
    if not unit.enrolments.decline(worker.id, project, False):
        raise NotFound(what="withdrawn", name=str(project))
    unit.content_choices.keep(worker.id, project, ContentChoice.AGREED)
    found = unit.projects.get(project)
    unit.outbox.tell(worker.id, ContentAgreed(found.title), edits=act.message)
    if task_selection.has_task(unit, worker, found):
        offers.take(act, project)
    else:
        submit.work(unit, worker)
