"""Requesters' pages that ask HITs: where each is shown, who may read it, what it stores, which form comes back."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit, urlunsplit

from domain.people.accounts import Person
from domain.people.question_forms import QuestionForm
from domain.projects.tasks import TaskId
from domain.refusals import NotYours
from domain.work.assignments import Assignment, AssignmentId
from domain.work.positions import PageAnswer, PageFrame, PageOutcome
from extensions.mturk.domain.hits import EMPTY, HitId, IdKind, decode_id, encode_id, encode_worker_id
from extensions.mturk.domain.notifications import FormsLost
from extensions.mturk.domain.questions import PageQuestion
from extensions.mturk.formats import question as questions
from extensions.mturk.storage.hits import Hits
from formats.values import origin_of
from services.act import Act, House
from services.work import pages
from storage.unit import UnitOfWork

NO_ASSIGNMENT = "ASSIGNMENT_ID_NOT_AVAILABLE"  # what pages read where nobody has accepted the HIT


@dataclass(frozen=True, slots=True)
class HitFrame:
    """A requester's page. `url` is that of their own server, empty where the page is kept here; `height` in pixels,
    0 fits; the ids are those that the requester knows. Who has the `ticket` may read the page and hand its form in. An
    admin's preview (`for_admin`) shows the page to an admin: it takes no answer and stores nothing."""

    ticket: str
    url: str
    height: int
    assignment_id: str
    hit_id: str
    worker_id: str
    for_admin: bool = False


def frame_of(unit: UnitOfWork, assignment: Assignment) -> HitFrame | None:
    """Return the page of the assignment's task, or None for a task that no page asks."""
    hit = unit.records(Hits).of_task(assignment.task)
    question = _find_page(unit, hit)
    if hit is None or question is None:
        return None
    secret, requester = unit.settings.secret, unit.records(Hits).get(hit).requester
    return HitFrame(
        encode_id(secret, IdKind.PAGE, assignment.id),
        question.url,
        question.height,
        assignment_id=encode_id(secret, IdKind.ASSIGNMENT, assignment.id),
        hit_id=encode_id(secret, IdKind.HIT, hit),
        worker_id=encode_worker_id(secret, requester, assignment.worker),
    )


def preview_of(unit: UnitOfWork, task: TaskId) -> HitFrame | None:
    """Return the page as an admin sees it before the HIT starts, or None for a task that no page asks."""
    return _preview(unit, unit.records(Hits).of_task(task))


def _preview(unit: UnitOfWork, hit: HitId | None) -> HitFrame | None:
    question = _find_page(unit, hit)
    if hit is None or question is None:
        return None
    secret = unit.settings.secret
    ticket, number = encode_id(secret, IdKind.PREVIEW, hit), encode_id(secret, IdKind.HIT, hit)
    return HitFrame(
        ticket, question.url, question.height, assignment_id=NO_ASSIGNMENT, hit_id=number, worker_id="", for_admin=True
    )


def frame_by_ticket(unit: UnitOfWork, ticket: str) -> HitFrame:
    """Raise NotYours for what is no ticket."""
    hit = decode_id(unit.settings.secret, IdKind.PREVIEW, ticket)
    frame = _preview(unit, HitId(hit)) if hit is not None else frame_of(unit, _assignment_by(unit, ticket))
    if frame is None:
        raise NotYours()
    return frame


def assignment_of(unit: UnitOfWork, ticket: str) -> AssignmentId:
    """Raises NotYours for what is no worker's ticket."""
    number = decode_id(unit.settings.secret, IdKind.PAGE, ticket)
    if number is None:
        raise NotYours()
    return AssignmentId(number)


def worker_of(unit: UnitOfWork, ticket: str) -> Person:
    """Return the worker whose task the ticket shows. Raise NotYours for any other text and for an admin's ticket."""
    return unit.people.get(_assignment_by(unit, ticket).worker)


def html_of(unit: UnitOfWork, ticket: str) -> str:
    """The page's HTML. Raises NotYours where the requester keeps no page here."""
    hit = decode_id(unit.settings.secret, IdKind.PREVIEW, ticket)
    hit_id = HitId(hit) if hit is not None else unit.records(Hits).of_task(_assignment_by(unit, ticket).task)
    question = _find_page(unit, hit_id)
    if question is None or question.url:
        raise NotYours()
    return question.html


def storage_of(unit: UnitOfWork, ticket: str) -> str:
    """The document (`read_document`) that pages of this requester stored for this worker; an empty one
    for an admin's ticket. Raises NotYours."""
    if decode_id(unit.settings.secret, IdKind.PREVIEW, ticket) is not None:
        return EMPTY
    assignment = _assignment_by(unit, ticket)
    requester = unit.projects.get(assignment.project).requester
    return unit.records(Hits).page_storage.find(requester, assignment.worker) or EMPTY


def store(unit: UnitOfWork, ticket: str, document: str) -> None:
    """Keep this document for the requester and the worker; an empty text deletes it. Raise NotYours for what is no
    worker's ticket, and for a worker who left or whose account is being erased."""
    assignment = _assignment_by(unit, ticket)
    worker, requester = unit.people.get(assignment.worker), unit.projects.get(assignment.project).requester
    if worker.leaving_at is not None or worker.telegram_id is None:
        raise NotYours()
    if document:
        unit.records(Hits).page_storage.save(requester, worker.id, document)
    else:
        unit.records(Hits).page_storage.delete(requester, worker.id)


def _assignment_by(unit: UnitOfWork, ticket: str) -> Assignment:
    assignment = unit.assignments.find(assignment_of(unit, ticket))
    if assignment is None:
        raise NotYours()
    return assignment


def find_question(unit: UnitOfWork, hit: HitId | None) -> QuestionForm | PageQuestion | None:
    """Return the question of a HIT; None without a HIT."""
    return questions.read_question(unit.records(Hits).get(hit).question) if hit is not None else None


def _find_page(unit: UnitOfWork, hit: HitId | None) -> PageQuestion | None:
    question = find_question(unit, hit)
    return question if isinstance(question, PageQuestion) else None


def describe_frame(frame: HitFrame, house: House) -> PageFrame:
    """Return how the page is shown in the Mini App."""
    base = f"{house.pages}/hit/{frame.ticket}"
    ids = {"assignmentId": frame.assignment_id, "hitId": frame.hit_id, "workerId": frame.worker_id}
    query = urlencode({**{name: value for name, value in ids.items() if value}, "turkSubmitTo": base})
    lost_form_address = f"{base}/left" if frame.url and not frame.for_admin else ""
    page_frame = PageFrame(f"{base}?{query}", True, frame.for_admin, f"{base}/browser", lost_form_address)
    if not frame.url:
        return page_frame
    try:
        walled = origin_of(frame.url) == origin_of(house.page_origin)
    except ValueError:  # from before such addresses were refused
        return page_frame
    parts = urlsplit(frame.url)
    src = urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, query)))))
    return replace(page_frame, src=src, walled=walled)


def hand_in_without_fields(act: Act, assignment_id: AssignmentId) -> PageAnswer:
    """Hand in an answer without fields, and tell the requester about it, once a project. An answer that was handed in
    before stays as it is. Raise NotYours for a task that no page of a requester's own server asks."""
    unit = act.unit
    assignment = unit.assignments.find(assignment_id)
    frame = frame_of(unit, assignment) if assignment is not None else None
    if assignment is None or frame is None or not frame.url:
        raise NotYours()
    project = unit.projects.get(assignment.project)
    submission = unit.submissions.of_assignment(assignment_id)
    if submission is not None:
        return PageAnswer(PageOutcome.AGAIN, submission.pay, project.currency)
    answer = pages.hand_in(act, assignment_id, None, "{}")
    unit.outbox.tell(project.requester, FormsLost(project.id, project.title), key=f"forms lost:{project.id}")
    return answer
