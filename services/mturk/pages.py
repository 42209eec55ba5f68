"""The page of a HIT whose question is HTML or an address of its requester's, for the worker who has it in hand.

Whoever knows the ticket may read the page and hand its form in: it stands in the address of the worker's frame, and the
requester's own page learns it, as it must send the answer there. It is worth one answer to one assignment.
"""

from domain.mturk.ids import Kind, id_of, number_in, worker_id
from domain.mturk.questions import PageQuestion
from domain.people.people import Person
from domain.refusals import NotYours
from domain.work.assignments import Assignment, AssignmentId
from domain.work.page_task import HitFrame
from formats.mturk import question as questions
from storage.unit import UnitOfWork


def frame_of(unit: UnitOfWork, assignment: Assignment) -> HitFrame | None:
    """None for a task that no page asks."""
    hit = unit.hits.of_task(assignment.task)
    if hit is None:
        return None
    found = unit.hits.get(hit)
    asked = questions.read(found.question)
    if not isinstance(asked, PageQuestion):
        return None
    secret = unit.settings.secret
    return HitFrame(
        id_of(secret, Kind.PAGE, assignment.id),
        asked.url,
        asked.height,
        id_of(secret, Kind.ASSIGNMENT, assignment.id),
        id_of(secret, Kind.HIT, hit),
        worker_id(secret, found.requester, assignment.worker),
    )


def assignment_of(unit: UnitOfWork, ticket: str) -> AssignmentId:
    """Raises NotYours for what is no ticket."""
    number = number_in(unit.settings.secret, Kind.PAGE, ticket)
    if number is None:
        raise NotYours()
    return AssignmentId(number)


def worker_of(unit: UnitOfWork, ticket: str) -> Person:
    """Who has the task. Raises NotYours."""
    assignment = unit.assignments.find(assignment_of(unit, ticket))
    if assignment is None:
        raise NotYours()
    return unit.people.get(assignment.worker)


def html_of(unit: UnitOfWork, ticket: str) -> str:
    """Raises NotYours where the requester keeps no page here."""
    assignment = unit.assignments.find(assignment_of(unit, ticket))
    hit = unit.hits.of_task(assignment.task) if assignment is not None else None
    asked = questions.read(unit.hits.get(hit).question) if hit is not None else None
    if not isinstance(asked, PageQuestion) or asked.url:
        raise NotYours()
    return asked.html
