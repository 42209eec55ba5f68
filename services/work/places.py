"""Places in tasks: ownership of an assignment, and returning an unused place."""

from domain.answers import kind_of
from domain.moments import DAY
from domain.mturk.notifications import Event
from domain.people.people import Person
from domain.projects.outlooks import EverybodySkipped
from domain.projects.projects import Project, ProjectState
from domain.projects.tasks import Task, TaskId
from domain.refusals import AlreadyAnswered, AlreadySkipped, NotYours, TooLate
from domain.work.assignments import Assignment, AssignmentId, AssignmentState
from domain.work.dispatch import UNPARKED
from domain.work.offers import SkippedLeft
from services.money import transfers
from services.work.cards.audience import is_asked
from storage.unit import UnitOfWork

LOOKED_AT = 500  # people who may be asked, where a project asks some only
COUNTED = 1_000  # tasks
KNOWN = 5  # projects of one worker


def mine(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> Assignment:
    """Checks the row: whose assignment it is, and its state."""
    assignment = unit.assignments.find(assignment_id)
    if assignment is None or assignment.worker != worker.id:
        raise NotYours()
    unit.needs_shard(assignment.project)
    if assignment.state is AssignmentState.SUBMITTED:
        raise AlreadyAnswered()
    if assignment.state is AssignmentState.SKIPPED:
        raise AlreadySkipped()
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


def skipped_left(unit: UnitOfWork, worker: Person) -> SkippedLeft | None:
    """What is left for this worker is what they skipped, in the newest of their projects where that is so."""
    for known in unit.enrolments.known_to(worker.id, KNOWN):
        tasks = 0 if known.left or known.rests else unit.enrolments.skipped_by(worker.id, known.project, COUNTED)
        if tasks:
            return SkippedLeft(known.project, known.title, tasks)
    return None


def tell_if_all_skipped(unit: UnitOfWork, project: Project) -> None:
    """After a skip: once a day its requester hears that nobody can be asked who has not had what is left."""
    if project.state is not ProjectState.RUNNING or project.paused or kind_of(project.kind).is_of_programs:
        return
    if unit.assignments.live(project.id):
        return
    found = unit.people.who_can(project.id, LOOKED_AT)
    if len(found) == LOOKED_AT or any(is_asked(unit, unit.people.get(each), project) for each in found):
        return
    tasks, skips, people = unit.assignments.skipped_left(project.id, COUNTED)
    if not tasks:
        return
    skipped = EverybodySkipped(
        number=project.id,
        title=project.title,
        tasks=tasks,
        skips=skips,
        people=people,
        reports=len(unit.reports.open_in(project.id)),
        questions=unit.questions.waiting(project.id),
        pay=len(unit.counter_offers.of(project.id)),
    )
    unit.outbox.tell(project.requester, skipped, key=f"skipped:{project.id}:{unit.now // DAY}")
