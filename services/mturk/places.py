"""The project of a HIT type, and the money of a HIT's places: held before they are given out, returned when nobody can
take them any more."""

from dataclasses import replace

from domain.answers import kind_of, list_kinds
from domain.fairness.first_look import LookState
from domain.fairness.stops import NO_LAUNCH
from domain.moments import MINUTE, SECOND
from domain.money.amounts import Millionths, fee_for_reward
from domain.money.ledger import requester_account
from domain.mturk import hits
from domain.mturk.hits import (
    DENIED,
    EMPTY,
    FUNDS,
    INVALID,
    HitId,
    HitType,
    Kind,
    RequestError,
    Shape,
    id_of,
    number_in,
    worker_id,
)
from domain.mturk.questions import PageQuestion
from domain.people.accounts import Person
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.tasks import TaskId
from domain.refusals import NotYours, WrongState
from domain.work.assignments import Assignment, AssignmentId
from domain.work.positions import HitFrame
from formats.mturk import question as questions
from services.act import Act
from services.fairness import first_look
from services.money import topups, transfers
from services.mturk.hit_types import audience
from services.projects import launches, lifecycle
from services.projects.lifecycle import resume
from services.projects.preflight import price_of
from services.projects.projects import lead
from storage.projects.batches import EVERY
from storage.unit import UnitOfWork

NO_ASSIGNMENT = "ASSIGNMENT_ID_NOT_AVAILABLE"  # what pages read where nobody has accepted the HIT


def frame_of(unit: UnitOfWork, assignment: Assignment) -> HitFrame | None:
    """Return the page of the assignment's task, or None for a task that no page asks."""
    hit = unit.hits.of_task(assignment.task)
    question = _find_page(unit, hit)
    if hit is None or question is None:
        return None
    secret, requester = unit.settings.secret, unit.hits.get(hit).requester
    return HitFrame(
        id_of(secret, Kind.PAGE, assignment.id),
        question.url,
        question.height,
        id_of(secret, Kind.ASSIGNMENT, assignment.id),
        id_of(secret, Kind.HIT, hit),
        worker_id(secret, requester, assignment.worker),
    )


def preview_of(unit: UnitOfWork, task: TaskId) -> HitFrame | None:
    """Return the page as an admin sees it before the HIT starts, or None for a task that no page asks."""
    return _preview(unit, unit.hits.of_task(task))


def _preview(unit: UnitOfWork, hit: HitId | None) -> HitFrame | None:
    question = _find_page(unit, hit)
    if hit is None or question is None:
        return None
    secret = unit.settings.secret
    ticket, number = id_of(secret, Kind.PREVIEW, hit), id_of(secret, Kind.HIT, hit)
    return HitFrame(ticket, question.url, question.height, NO_ASSIGNMENT, number, "", for_admin=True)


def frame_by_ticket(unit: UnitOfWork, ticket: str) -> HitFrame:
    """Raise NotYours for what is no ticket."""
    hit = number_in(unit.settings.secret, Kind.PREVIEW, ticket)
    frame = _preview(unit, HitId(hit)) if hit is not None else frame_of(unit, _assignment_by(unit, ticket))
    if frame is None:
        raise NotYours()
    return frame


def assignment_of(unit: UnitOfWork, ticket: str) -> AssignmentId:
    """Raises NotYours for what is no worker's ticket."""
    number = number_in(unit.settings.secret, Kind.PAGE, ticket)
    if number is None:
        raise NotYours()
    return AssignmentId(number)


def worker_of(unit: UnitOfWork, ticket: str) -> Person:
    """Who has the task. Raises NotYours."""
    return unit.people.get(_assignment_by(unit, ticket).worker)


def html_of(unit: UnitOfWork, ticket: str) -> str:
    """The page's HTML. Raises NotYours where the requester keeps no page here."""
    hit = number_in(unit.settings.secret, Kind.PREVIEW, ticket)
    found = HitId(hit) if hit is not None else unit.hits.of_task(_assignment_by(unit, ticket).task)
    question = _find_page(unit, found)
    if question is None or question.url:
        raise NotYours()
    return question.html


def storage_of(unit: UnitOfWork, ticket: str) -> str:
    """The document (`domain/mturk/hits.py`) that pages of this requester stored for this worker; an empty one
    for an admin's ticket. Raises NotYours."""
    if number_in(unit.settings.secret, Kind.PREVIEW, ticket) is not None:
        return EMPTY
    assignment = _assignment_by(unit, ticket)
    requester = unit.projects.get(assignment.project).requester
    return unit.hits.page_storage.find(requester, assignment.worker) or EMPTY


def store(unit: UnitOfWork, ticket: str, document: str) -> None:
    """Keep this document for the requester and the worker; an empty text deletes it. Raise NotYours for what is no
    worker's ticket, and for a worker who left or whose account is being erased."""
    assignment = _assignment_by(unit, ticket)
    worker, requester = unit.people.get(assignment.worker), unit.projects.get(assignment.project).requester
    if worker.leaving_at is not None or worker.telegram_id is None:
        raise NotYours()
    if document:
        unit.hits.page_storage.save(requester, worker.id, document)
    else:
        unit.hits.page_storage.delete(requester, worker.id)


def _assignment_by(unit: UnitOfWork, ticket: str) -> Assignment:
    assignment = unit.assignments.find(assignment_of(unit, ticket))
    if assignment is None:
        raise NotYours()
    return assignment


def _find_page(unit: UnitOfWork, hit: HitId | None) -> PageQuestion | None:
    question = questions.read_question(unit.hits.get(hit).question) if hit is not None else None
    return question if isinstance(question, PageQuestion) else None


LONGEST_MINUTES = 10_080
TEMPLATE = "{text}\n{image}\n{audio}\n{video}"
FILE = "HITs"


def project_of(act: Act, type_: HitType) -> Project:
    """Where its HITs are tasks: a draft before its first launch; a new one after its requester stopped it."""
    unit = act.unit
    if type_.project is not None:
        known = unit.projects.get(type_.project)
        if known.state is not ProjectState.STOPPED:
            return known
    asked = audience(unit, act.person, type_.shape.requirements)
    drafted = _drafted(act, type_.shape)
    lines = (*drafted.instructions, *asked.lines)
    number = unit.projects.add(replace(drafted, who=asked.who, content=asked.content, instructions=lines))
    batch = unit.batches.begin(number, act.person.id, f"mturk:{type_.id}:{number}", FILE, 0)
    unit.batches.show(batch)
    unit.hit_types.keep_in(type_.id, number)
    lead(act, number)
    return unit.projects.get(number)


def _drafted(act: Act, shape: Shape) -> Project:
    terms = act.house.terms
    return Project(
        id=ProjectId(0),
        requester=act.person.id,
        title=shape.called,
        instructions=tuple(filter(None, map(str.strip, shape.description.splitlines()))),
        kind=kind_of_programs(),
        options=(),
        template=TEMPLATE,
        columns=("text",),
        currency=terms.currency,
        pay=shape.reward,
        fee=fee_for_reward(shape.reward, terms.fee_percent),
        overlap=1,
        max_overlap=1,
        confidence=None,
        accept="review",
        minutes=min(LONGEST_MINUTES, -(-shape.duration * SECOND // MINUTE)),
        purpose="",
        languages=(),
        state=ProjectState.DRAFT,
        created_at=act.unit.now,
        launched_at=None,
        ended_at=None,
    )


def kind_of_programs() -> str:
    return next(name for name in list_kinds() if kind_of(name).is_of_programs)


def running(act: Act, project: Project, seconds: float) -> Project:
    """Launches it, or lets it go on after its last HIT was done. Raises RequestError where it may not, and WrongState
    while the tasks of a stopped one are still being closed: nothing is held for them any more."""
    unit = act.unit
    if not NO_LAUNCH.isdisjoint(project.paused):
        raise RequestError(DENIED, "An admin stopped this HIT type after a report. /projects in the chat says more.")
    if project.state is ProjectState.RUNNING:
        return project
    unit.projects.lock(project.id)
    if project.state is ProjectState.STOPPED and unit.bulk_updates.find(project.id, "close"):
        raise WrongState(number=project.id, state="ending")
    if unit.batches.waiting(project.id).tasks:  # they waited for an admin, who let another project start
        launches.start_project(unit, act.person, project, launches.require_ready(act, act.person, project))
        return unit.projects.get(project.id)
    topups.pay_arrears(unit, act.person, project.currency)
    resume(unit, project)
    floor, took = act.house.terms.floor, round(seconds * 1000)
    unit.batches.launch(project.id, EVERY)
    if floor:
        unit.topups.store_promise(project.id, floor, took, took)
    return unit.projects.get(project.id)


def fund(act: Act, project: Project, places: int, seconds: float) -> None:
    """Holds reward and fee of so many more answers, and the reserve of the wage floor. Raises FundsMissing."""
    needed = places * project.cost_each + max(0, topups.get_reserve_shortfall(act.unit, project, seconds, places))
    act.unit.spending.stated.add(project.id, needed)
    transfers.hold_places(act.unit, act.person, project, places)
    topups.raise_reserve(act.unit, act.person, project, seconds)


def opened(act: Act, project: Project, places: int, seconds: float) -> tuple[Project, str]:
    """The project with the money for so many more answers, and the state of their task: a draft while an admin looks at
    its requester's first project."""
    if not first_look.needs_first_look(act, act.person, project):
        project = running(act, project, seconds)
        fund(act, project, places, seconds)
        return project, "open"
    await_look(act, project, places)
    return project, "draft"


def await_look(act: Act, project: Project, places: int) -> None:
    """So many more answers are paid once an admin agrees. Raises RequestError where none did, or money lacks."""
    look, cost = act.unit.first_looks.find(project.id), places * project.cost_each
    if look is not None and look.state is LookState.REFUSED:
        raise RequestError(DENIED, f"An admin did not let your first project start: {look.reason}")
    there = act.unit.ledger.balance(requester_account(act.person), project.currency)
    if there < cost:
        told = f"{hits.written(cost)} {project.currency}; {hits.written(there)} is available."
        raise RequestError(FUNDS, f"This HIT takes {told}")
    act.unit.api_keys.awaited += cost


def expect(act: Act, project: Project, places: int, seconds: float, before: Project | None = None) -> None:
    """Policies of a HIT may add so many places later, when no key is at hand: they count for this one now. Of a HIT
    that was of another project `before`, what they cost more here."""
    if places > 0:
        each = project.cost_each - (before.cost_each if before else 0)
        act.unit.api_keys.awaited += places * max(0, each) + max(
            0, topups.get_reserve_shortfall(act.unit, project, seconds, places)
        )


def offer(act: Act, project: Project, state: str) -> None:
    """A new task: workers hear of it, or the admins and the requester whose first project waits for them, once, as the
    HITs that follow are of the same type."""
    if state != "draft":
        wake(act.unit, project)
    elif act.unit.first_looks.find(project.id) is None:
        waits = first_look.ask_for_first_look(act, project, price_of(act.unit, project, act.house.terms))
        act.unit.outbox.tell(project.requester, waits)


def give_back(unit: UnitOfWork, project: Project, places: int) -> None:
    """Of a running project; the sweep over ended ones returns what is left there."""
    if places > 0 and project.state is ProjectState.RUNNING:
        requester = unit.people.get(project.requester)
        transfers.return_places(unit, requester, project, Millionths(places * project.cost_each))


def check_pay(act: Act, requester: Person, project: Project, seconds: float) -> None:
    """Raises RequestError for less than the wage floor: cheap, a launcher may try again for ever."""
    floor = act.house.terms.floor
    needed = -(-floor * round(seconds * 1000) // 3_600_000)
    if project.pay < needed:
        least = hits.written(-(-needed // 10_000) * 10_000)
        raise RequestError(
            INVALID,
            f"Reward {hits.written(project.pay)} is below the wage floor of {hits.written(floor)}"
            f" {project.currency} an hour: an answer takes about {round(seconds)} seconds, so it is {least} at least.",
        )


def wake(unit: UnitOfWork, project: Project) -> None:
    lifecycle.wake_workers(unit, project.id)
