"""The page of a HIT whose question is HTML or an address of its requester's, for the worker who has it in hand.

Whoever knows the ticket may read the page, hand its form in and change what it stores: the ticket stands in the address
of the worker's frame, and the requester's own page learns it, as it must send the answer there. It is worth one answer
to one assignment. An admin's ticket shows the page alone.
"""

from domain.mturk.hits import HitId
from domain.mturk.ids import Kind, id_of, number_in, worker_id
from domain.mturk.page_storage import EMPTY
from domain.mturk.questions import PageQuestion
from domain.people.people import Person
from domain.projects.tasks import TaskId
from domain.refusals import NotYours
from domain.work.assignments import Assignment, AssignmentId
from domain.work.page_task import HitFrame
from formats.mturk import question as questions
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
    """The document (`domain/mturk/page_storage.py`) that pages of this requester stored for this worker; an empty one
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
    question = questions.read(unit.hits.get(hit).question) if hit is not None else None
    return question if isinstance(question, PageQuestion) else None
