"""Places in tasks: ownership of an assignment, and returning an unused place."""

from dataclasses import replace

from domain.answers import kind_of
from domain.moments import DAY, HOUR, later
from domain.money.amounts import Millionths
from domain.money.wallet import PendingPay
from domain.mturk.hits import Hit
from domain.mturk.notifications import Event
from domain.people.accounts import Person, PersonId
from domain.projects.preflight import EverybodySkipped
from domain.projects.projects import (
    ENDED,
    Project,
    ProjectId,
    ProjectState,
)
from domain.projects.tasks import Task, TaskId
from domain.refusals import (
    AlreadyAnswered,
    AlreadySkipped,
    FundsMissing,
    NotYours,
    TeamRefusal,
    TooLate,
)
from domain.work import assignments
from domain.work.assignments import (
    Assignment,
    AssignmentId,
    AssignmentState,
    Enrolment,
)
from domain.work.dispatch import UNPARKED
from domain.work.messages import Qualified
from domain.work.offers import SetAside, SkippedLeft
from services.money import topups, transfers
from services.people import team_spending
from services.projects.lifecycle import resume
from services.work import task_selection
from services.work.task_selection import is_asked, suits
from storage.projects.batches import EVERY
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
        unit.people.clear_unanswered(worker.id)
    return assignment


def free_place(unit: UnitOfWork, project: Project, task: Task) -> None:
    """Offers the place again, while its task is open."""
    if project.state is ProjectState.RUNNING and unit.tasks.lock(task.id).state == "open":
        unit.openings.give_back(project.id, task.gold is not None, task.id)
        unit.people.unpark_for(project.id, task.id, UNPARKED)
    elif kind_of(project.kind).is_of_programs:  # its HIT's time is up, or it has another type by now
        _come_along(unit, project, task.id)


def _come_along(unit: UnitOfWork, project: Project, before: TaskId) -> None:
    """A HIT has ended, or is asked elsewhere by now (UpdateHITTypeOfHIT). Returns what the place cost there, and holds
    what it costs where the HIT lives on, as far as there is money: else it has one assignment less."""
    requester = unit.people.get(project.requester)
    if project.state is ProjectState.RUNNING:
        transfers.return_places(unit, requester, project, project.cost_each)
    number = unit.hits.of_task(before)
    hit = unit.hits.get(number) if number is not None else None
    if hit is None or hit.task == before or hit.expires_at <= unit.now or hit.disposed_at is not None:
        return
    unit.needs_house()
    if project.state in ENDED:
        transfers.return_unused_budget(unit, requester, project)
    unit.projects.lock(hit.project)
    new = unit.projects.get(hit.project)
    if new.state in (ProjectState.RUNNING, ProjectState.COMPLETE) and _is_held(unit, requester, new):
        _offer(unit, new, hit)


def _is_held(unit: UnitOfWork, requester: Person, project: Project) -> bool:
    """As far as there is money; of a team's as far as the member's cap who asked for the project."""
    promised = unit.topups.find_promise(project.id)
    seconds = promised.expected / 1000 if promised else 0.0
    needed = Millionths(project.cost_each + max(0, topups.get_reserve_shortfall(unit, project, seconds, 1)))

    def hold() -> None:
        unit.spending.stated.add(project.id, needed)
        transfers.hold_places(unit, requester, project, 1)
        topups.raise_reserve(unit, requester, project, seconds)

    try:
        transfers.require_funds(unit, requester, project, needed)
        team_spending.run_charged_to_asker(unit, project, needed, hold)
    except (FundsMissing, TeamRefusal):
        return False
    return True


def _offer(unit: UnitOfWork, project: Project, hit: Hit) -> None:
    if project.state is ProjectState.COMPLETE:  # all that was asked there was answered
        resume(unit, project)
        unit.batches.launch(project.id, EVERY)
    task = unit.tasks.lock(hit.task)
    if not unit.hits.ask_more(task.id, 1):
        unit.hits.put_task(task.id, "open")
        unit.hits.open(hit.id, True)
        unit.hits.reviewing(hit.id, False)
        unit.openings.give_back(project.id, False, task.id)
    unit.people.unpark_for(project.id, task.id, UNPARKED)


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
        tasks = (
            0 if known.left or known.rests else unit.enrolments.left.count_skipped(worker.id, known.project, COUNTED)
        )
        if tasks and suits(unit, worker, unit.projects.get(known.project)):  # else more is left, which they do not read
            return SkippedLeft(known.project, known.title, tasks)
    return None


def find_set_aside(unit: UnitOfWork, worker: Person) -> SetAside | None:
    """Return a running project where others are asked before this worker, with what of their pay is pending there, or
    None."""
    found = unit.enrolments.find_set_aside(worker.id, unit.now)
    if found is None:
        return None
    pending = (
        PendingPay(pay.project, pay.title, pay.submissions, pay.amount, pay.currency, pay.until, pay.review)
        for pay in unit.submissions.held_by_project(worker.id)
        if pay.project == found.project
    )
    return replace(found, pending=next(pending, None))


def tell_if_all_skipped(unit: UnitOfWork, project: Project) -> None:
    """After a skip: once a day its requester hears that nobody can be asked who has not had what is left."""
    if project.state is not ProjectState.RUNNING or project.paused or kind_of(project.kind).is_of_programs:
        return
    if unit.assignments.live(project.id):
        return
    found = unit.people.list_possible_workers(project.id, LOOKED_AT)
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
        reports=len(unit.reports.list_open(project.id)),
        questions=unit.questions.count_open(project.id),
        pay=len(unit.counter_offers.list_offers(project.id)),
    )
    unit.outbox.tell(project.requester, skipped, key=f"skipped:{project.id}:{unit.now // DAY}")


AT_ONCE = 25
LEFT = HOUR  # after an answer, the worker is taken to have left the batch unfinished
REACHED = "probation"  # under which is kept how far the sweep has come: worker and project


def qualify_after_answer(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    """Return whether the reward of the answer that was just counted is available at once. Who has met gold qualifies
    only with the last answer of a batch; where no task follows, `qualify` is called then."""
    if enrolment.gold_seen and not assignments.is_batch_full(enrolment.answered):
        return enrolment.qualified
    return qualify(unit, worker, project, enrolment)


def qualify(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    """Whether rewards are available at once; a worker who qualifies now gets the pending pay."""
    if enrolment.qualified:
        return True
    if not _has_proven(unit, worker, project, enrolment):
        return False
    unit.enrolments.qualify(worker.id, project.id)
    released = transfers.release_all_pay(unit, worker, project)
    if released:
        amount = Millionths(sum(each.pay for each in released))
        unit.outbox.tell(worker.id, Qualified(project.title, amount, project.currency))
    return True


def end_stranded(unit: UnitOfWork) -> None:
    """Ends the probation of workers who have proven themselves within a batch that they left unfinished an hour ago,
    and of workers whom no gold can reach: it is used up, or the project has ended."""
    reached = unit.settings.get(REACHED)
    worker, project = map(int, (reached or "0 0").split())
    found = unit.submissions.stranded(PersonId(worker), ProjectId(project), later(unit.now, -LEFT), AT_ONCE)
    for number, where in found:
        enrolment = unit.enrolments.find(number, where)
        if enrolment is not None:
            qualify(unit, unit.people.get(number), unit.projects.get(where), enrolment)
    if found or reached not in (None, "0 0"):
        worker, project = found[-1] if len(found) == AT_ONCE else (PersonId(0), ProjectId(0))
        unit.settings.put(REACHED, f"{worker} {project}")


def _has_proven(unit: UnitOfWork, worker: Person, project: Project, enrolment: Enrolment) -> bool:
    if task_selection.can_meet_gold(unit, enrolment, project):
        return assignments.is_qualified(enrolment, gold_left=True)
    compared, agreeing = unit.skills.agreeing(worker.id, project.id)
    return assignments.is_qualified(enrolment, False, compared, agreeing)
