"""An admin sees a HIT as workers get it, while its requester's first project waits for them."""

from domain.fairness.first_look import LookState
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.people import ADMIN
from domain.projects.media import Medium
from domain.projects.projects import Project
from domain.projects.tasks import Task, TaskId
from domain.refusals import NotYours
from domain.work.assignments import AssignmentId
from domain.work.page_task import PageAnswer, PageTask
from services.act import Act
from services.fairness.oversight import hit_looks
from services.mturk import pages


def look_shown(act: Act, number: int, opened: Moment) -> PageTask:
    """Return the page, or all of the form as text. Raise NotYours for whoever is no admin, and for a task of a project
    that waits for none."""
    project, task = _waiting(act, number)
    look, frame = hit_looks.look_at_task(act.unit, task), pages.preview_of(act.unit, task.id)
    text = look.text if look is not None and frame is None else ""
    nothing = Millionths(0)
    return PageTask(
        AssignmentId(0),
        project.kind,
        project.title,
        project.instructions,
        (),
        text,
        (),
        nothing,
        project.currency,
        frame=frame,
    )


def look_medium(act: Act, number: int, at: int, opened: Moment) -> Medium:
    raise NotYours()


def look_answered(act: Act, number: int, opened: Moment, answer: str) -> PageAnswer:
    """Nothing is handed in here."""
    raise NotYours()


def _waiting(act: Act, number: int) -> tuple[Project, Task]:
    act.require(ADMIN)
    task = act.unit.tasks.find(TaskId(number))
    look = act.unit.first_looks.find(task.project) if task is not None else None
    if task is None or look is None or look.state is not LookState.WAITING:
        raise NotYours()
    return act.unit.projects.get(task.project), task
