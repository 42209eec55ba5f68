"""Places in tasks: ownership of an assignment, and returning an unused place."""

from domain.answers import kind_of
from domain.mturk.notifications import Event
from domain.people.people import Person
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Task, TaskId
from domain.refusals import AlreadyAnswered, NotYours, TooLate
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from domain.work.dispatch import UNPARKED
from services.money import transfers
from storage.unit import UnitOfWork


def mine(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> Assignment:
    """Checks the row: whose assignment it is, and its state."""
    assignment = unit.assignments.find(assignment_id)
    if assignment is None or assignment.worker != worker.id:
        raise NotYours()
    unit.needs_shard(assignment.project)
    if assignment.state is AssignmentState.SUBMITTED:
        raise AlreadyAnswered()
    if assignment.state not in (AssignmentState.ACTIVE, AssignmentState.EXPIRED):
        raise TooLate()
    if worker.unanswered:
        unit.people.acted(worker.id)
    return assignment


def free_place(unit: UnitOfWork, project: Project, task: Task) -> None:
    """Offers the place again, while its task is open."""
    if project.state is not ProjectState.RUNNING:
        return
    if unit.tasks.lock(task.id).state == "open":
        unit.openings.give_back(project.id, task.gold is not None, task.position, task.id)
        unit.people.unpark_for(project.id, task.id, UNPARKED)
    elif kind_of(project.kind).is_of_programs:  # its HIT's time is up: nobody else is asked
        transfers.return_places(unit, unit.people.get(project.requester), project, project.cost_each)


def hand_back(unit: UnitOfWork, assignment: Assignment) -> None:
    """Returns the place of a worker who is gone."""
    if unit.assignments.end(assignment.id, AssignmentState.RETURNED):
        project = unit.projects.get(assignment.project)
        note_for_program(unit, project, assignment.task, assignment.id, Event.RETURNED)
        free_place(unit, project, unit.tasks.get(assignment.task))


def note_for_program(unit: UnitOfWork, project: Project, task: TaskId, assignment: AssignmentId, event: Event) -> None:
    """What happens to an assignment of a program's HIT, where the program wants to know."""
    if kind_of(project.kind).is_of_programs:
        unit.turk_notifications.note_task(task, event, assignment)
