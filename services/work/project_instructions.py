"""`/instructions`: a project's instructions, for workers who had a task of it."""

from domain.messages import Message
from domain.projects.projects import ProjectId
from domain.refusals import NotFound
from services.act import Act
from services.projects.authoring import versions


def show(act: Act, project: ProjectId) -> tuple[Message, ...]:
    """Of the project that was named, else (0) of the task in hand, or of the last answer. Of a task in hand those it
    was given out with."""
    unit, worker = act.unit, act.person
    in_hand = unit.assignments.active_for(worker.id)
    number = project or (in_hand.project if in_hand else unit.submissions.latest_project(worker.id))
    if number is None or unit.enrolments.find(worker.id, number) is None:
        raise NotFound(what="offer", name="")
    of = unit.projects.get(number)
    held = in_hand.version if in_hand and in_hand.project == number else of.version
    return versions.shown(versions.under(unit, of, held), versions.cited(of, held))
