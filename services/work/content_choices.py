"""The choice of a worker who was warned of a project's content: its tasks, or none of them."""

from domain.projects.projects import ContentChoice, ProjectId
from domain.refusals import NotFound
from domain.work.messages import ContentAgreed
from services.act import Act
from services.work import dispatch, offers, submit, task_selection


def choose(act: Act, project: ProjectId, agrees: bool) -> None:
    """Store the worker's choice for the project. On yes, show a task of it in place of another project's task in hand,
    which goes to somebody else; on no, leave the project. Raise NotFound if the worker was not warned or the project is
    over, TooQuick for a double tap. Of two standing warnings the later press counts."""
    unit, worker = act.unit, act.person
    if unit.content_choices.find_choice(worker.id, project) is None:
        raise NotFound(what="offer", name="")
    dispatch.require_unhurried_ending(act)
    if not agrees:
        unit.content_choices.keep(worker.id, project, ContentChoice.REFUSED)
        submit.decline_project(act, project)
        return
    if not unit.enrolments.decline(worker.id, project, False):
        raise NotFound(what="withdrawn", name=str(project))
    unit.content_choices.keep(worker.id, project, ContentChoice.AGREED)
    chosen_project = unit.projects.get(project)
    unit.outbox.tell(worker.id, ContentAgreed(chosen_project.title), edits=act.message)
    if task_selection.has_task(unit, worker, chosen_project):
        offers.take_task(act, project)
    else:
        submit.show_work(unit, worker)
