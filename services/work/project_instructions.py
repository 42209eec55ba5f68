"""`/instructions`: a project's instructions, for workers who had a task of it."""

from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.refusals import NotFound
from domain.work.messages import ProjectInstructions
from services.act import Act
from storage.unit import UnitOfWork


def show(act: Act, project: ProjectId) -> ProjectInstructions:
    """Of the project that was named, else (0) of the task in hand, or of the last answer."""
    unit, worker = act.unit, act.person
    number = project or _latest(unit, worker.id)
    if number is None or unit.enrolments.find(worker.id, number) is None:
        raise NotFound(what="offer", name="")
    of = unit.projects.get(number)
    return ProjectInstructions(of.title, of.instructions)


def _latest(unit: UnitOfWork, worker: PersonId) -> ProjectId | None:
    in_hand = unit.assignments.active_for(worker)
    return in_hand.project if in_hand else unit.submissions.latest_project(worker)
