"""Places in tasks: ownership of an assignment, and returning an unused place."""

from dataclasses import replace

from domain.answers import kind_of
from domain.moments import DAY, HOUR, later
from domain.money.amounts import Millionths
from domain.money.wallet import PendingPay
from domain.people.accounts import Person, PersonId
from domain.projects.preflight import EverybodySkipped
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import Task
from domain.refusals import AlreadyAnswered, AlreadySkipped, NotYours, TooLate
from domain.work import assignments
from domain.work.assignments import Assignment, AssignmentId, AssignmentState, Enrolment
from domain.work.dispatch import UNPARKED_WORKERS
from domain.work.messages import Qualified
from domain.work.offers import SetAside, SkippedLeft
from services import events
from services.money import transfers
from services.work import task_selection
from services.work.task_selection import is_asked, suits_preferences
from storage.unit import UnitOfWork

MAX_PEOPLE_CHECKED = 500  # people who may be asked, where a project asks some only
MAX_COUNTED_TASKS = 1_000  # tasks
MAX_KNOWN_PROJECTS = 5  # projects of one worker


def get_own_assignment(unit: UnitOfWork, worker: Person, assignment_id: AssignmentId) -> Assignment:
    """Return the assignment if it is this worker's and can still be answered. Raise NotYours, AlreadyAnswered,
    AlreadySkipped or TooLate otherwise. Notes that the worker is active again."""
    assignment = unit.assignments.find(assignment_id)
    if assignment is None or assignment.worker != worker.id:
        raise NotYours()
    unit.require_shard(assignment.project)
    if assignment.state is AssignmentState.SUBMITTED:
        raise AlreadyAnswered()
    if assignment.state is AssignmentState.SKIPPED:
        raise AlreadySkipped()
    if assignment.state not in (AssignmentState.ACTIVE, AssignmentState.EXPIRED):
        raise TooLate()
    if worker.unanswered:
        unit.people.clear_unanswered(worker.id)
    return assignment


def release_place(unit: UnitOfWork, project: Project, task: Task) -> None:
    """Offer the place again while its task is open; publish it for a program's task that is not open any more."""
    if project.state is ProjectState.RUNNING and unit.tasks.lock(task.id).state == "open":
        unit.openings.give_back(project.id, task.gold is not None, task.id)
        unit.people.unpark_for(project.id, task.id, UNPARKED_WORKERS)
    elif kind_of(project.kind).is_of_programs:
        events.publish(unit, events.PlaceLeft(project, task.id))


def return_assignment(unit: UnitOfWork, assignment: Assignment) -> None:
    """Return the place of a worker who is gone; do nothing if the assignment is not active."""
    if unit.assignments.end(assignment.id, AssignmentState.RETURNED):
        project = unit.projects.get(assignment.project)
        publish_for_program(unit, project, events.AssignmentReturned(assignment.task, assignment.id))
        release_place(unit, project, unit.tasks.get(assignment.task))


def publish_for_program(unit: UnitOfWork, project: Project, event: events.AssignmentEvent) -> None:
    """Publish the event of a project that a program keeps; nothing for other projects."""
    if kind_of(project.kind).is_of_programs:
        events.publish(unit, event)


def find_skipped_left(unit: UnitOfWork, worker: Person) -> SkippedLeft | None:
    """Return the tasks that are left because this worker skipped them, in the newest of their projects that has any;
    None without."""
    for known_project in unit.enrolments.known_to(worker.id, MAX_KNOWN_PROJECTS):
        tasks = (
            0
            if known_project.left or known_project.rests
            else unit.enrolments.left.count_skipped(worker.id, known_project.project, MAX_COUNTED_TASKS)
        )
        if tasks and suits_preferences(
            unit, worker, unit.projects.get(known_project.project)
        ):  # else more is left, which they do not read
            return SkippedLeft(known_project.project, known_project.title, tasks)
    return None


def find_set_aside(unit: UnitOfWork, worker: Person) -> SetAside | None:
    """Return a running project where others are asked before this worker, with their pending pay there; None without
    one."""
    set_aside = unit.enrolments.find_set_aside(worker.id, unit.now)
    if set_aside is None:
        return None
    pending = (
        PendingPay(
            held_pay.project,
            held_pay.title,
            count=held_pay.submissions,
            amount=held_pay.amount,
            currency=held_pay.currency,
            until=held_pay.until,
            review=held_pay.review,
        )
        for held_pay in unit.submissions.held_by_project(worker.id)
        if held_pay.project == set_aside.project
    )
    return replace(set_aside, pending=next(pending, None))


def tell_if_all_skipped(unit: UnitOfWork, project: Project) -> None:
    """Tell the requester, once a day, that everybody who could be asked has had the tasks that are left. Does nothing
    while a task is in hand or anybody can still be asked."""
    if project.state is not ProjectState.RUNNING or project.paused or kind_of(project.kind).is_of_programs:
        return
    if unit.assignments.live(project.id):
        return
    people_ids = unit.people.list_possible_workers(project.id, MAX_PEOPLE_CHECKED)
    if len(people_ids) == MAX_PEOPLE_CHECKED or any(
        is_asked(unit, unit.people.get(person_id), project) for person_id in people_ids
    ):
        return
    tasks, skips, people = unit.assignments.skipped_left(project.id, MAX_COUNTED_TASKS)
    if not tasks:
        return
    skipped = EverybodySkipped(
        number=project.id,
        title=project.title,
        tasks=tasks,
        skips=skips,
        people=people,
        reports=len(unit.reports.list_open(project.id)),
        questions=unit.questions.count_open(project.id),
        pay=len(unit.counter_offers.list_offers(project.id)),
    )
    unit.outbox.tell(project.requester, skipped, key=f"skipped:{project.id}:{unit.now // DAY}")


WORKERS_PER_SWEEP = 25
UNFINISHED_BATCH_TIME = HOUR  # after an answer, the worker is taken to have left the batch unfinished
SWEEP_POSITION_SETTING = "probation"  # under which is kept how far the sweep has come: worker and project


def qualify_after_answer(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    """Return whether the reward of the answer that was just counted is available at once. A worker who has met gold
    qualifies only with the last answer of a batch; if no task follows, `qualify` is called then."""
    if enrolment.gold_seen and not assignments.is_batch_full(enrolment.answered):
        return enrolment.qualified
    return qualify(unit, worker, project, enrolment)


def qualify(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    """Return whether the worker's rewards are available at once. A worker who qualifies now gets the pending pay and is
    told."""
    if enrolment.qualified:
        return True
    if not _has_proven(unit, worker, project, enrolment):
        return False
    unit.enrolments.qualify(worker.id, project.id)
    released = transfers.release_all_pay(unit, worker, project)
    if released:
        amount = Millionths(sum(submission.pay for submission in released))
        unit.outbox.tell(worker.id, Qualified(project.title, amount, project.currency))
    return True


def end_stranded(unit: UnitOfWork) -> None:
    """Qualify workers who have proven themselves within a batch that they left unfinished an hour ago, and workers whom
    no gold can reach because it is used up or the project has ended."""
    position = unit.settings.get(SWEEP_POSITION_SETTING)
    worker, project = map(int, (position or "0 0").split())
    stranded = unit.submissions.stranded(
        PersonId(worker), ProjectId(project), later(unit.now, -UNFINISHED_BATCH_TIME), WORKERS_PER_SWEEP
    )
    for worker_id, project_id in stranded:
        enrolment = unit.enrolments.find(worker_id, project_id)
        if enrolment is not None:
            qualify(unit, unit.people.get(worker_id), unit.projects.get(project_id), enrolment)
    if stranded or position not in (None, "0 0"):
        worker, project = stranded[-1] if len(stranded) == WORKERS_PER_SWEEP else (PersonId(0), ProjectId(0))
        unit.settings.store(SWEEP_POSITION_SETTING, f"{worker} {project}")


def _has_proven(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    """Return whether gold, or agreement where no gold can come, qualifies this worker."""
    if task_selection.can_meet_gold(unit, enrolment, project):
        return assignments.is_qualified(enrolment, is_gold_left=True)
    compared, agreeing = unit.skills.agreeing(worker.id, project.id)
    return assignments.is_qualified(enrolment, False, compared, agreeing)
