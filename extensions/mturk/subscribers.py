"""What the Mechanical Turk interface does with the core's events, and what it answers."""

from domain.fairness.first_look import QuestionLook
from domain.work.positions import PageFrame
from extensions.mturk.domain import qualification_types
from extensions.mturk.domain.notifications import HitEvent
from extensions.mturk.formats.pages import describe_question
from extensions.mturk.services import frames, places
from extensions.mturk.storage.assignments import TurkAssignments
from extensions.mturk.storage.hits import Hits, HitTypes
from extensions.mturk.storage.notifications import TurkImports, TurkNotifications
from services import events
from services.events import answer, subscribe
from storage.unit import UnitOfWork

EVENT_NAMES: dict[type[events.AssignmentEvent], HitEvent] = {
    events.AssignmentAccepted: HitEvent.ACCEPTED,
    events.AnswerSubmitted: HitEvent.SUBMITTED,
    events.AssignmentReturned: HitEvent.RETURNED,
    events.AssignmentExpired: HitEvent.ABANDONED,
    events.PayReleased: HitEvent.APPROVED,
}


@subscribe(events.AssignmentEvent)
def note_assignment_event(unit: UnitOfWork, event: events.AssignmentEvent) -> None:
    """Store the event for the program of the task's HIT, if it wants it."""
    unit.records(TurkNotifications).add_event_of_task(event.task, EVENT_NAMES[type(event)], event.assignment)


@subscribe(events.AnswerApproved)
def note_approval(unit: UnitOfWork, event: events.AnswerApproved) -> None:
    """Store the decision and its event."""
    unit.records(TurkAssignments).store_decision(event.submission.id, None)
    unit.records(TurkNotifications).add_event_of_task(
        event.submission.task, HitEvent.APPROVED, event.submission.assignment
    )


@subscribe(events.AnswerRejected)
def note_rejection(unit: UnitOfWork, event: events.AnswerRejected) -> None:
    """Store the decision with its reason, and its event."""
    unit.records(TurkAssignments).store_decision(event.submission.id, event.reason or None)
    unit.records(TurkNotifications).add_event_of_task(
        event.submission.task, HitEvent.REJECTED, event.submission.assignment
    )


@subscribe(events.PlaceLeft)
def move_place(unit: UnitOfWork, event: events.PlaceLeft) -> None:
    """Move the place to where its HIT lives on, or return its money."""
    places.move_place_to_new_type(unit, event.project, event.task)


@subscribe(events.DraftDiscarded)
def dispose_hits(unit: UnitOfWork, event: events.DraftDiscarded) -> None:
    """Dispose of the draft's HITs; the next HIT of their type begins another draft."""
    unit.records(TurkNotifications).add_event_of_project(event.project.id, HitEvent.DISPOSED)
    unit.records(Hits).dispose_in(event.project.id)
    unit.records(HitTypes).detach_project(event.project.requester, event.project.id)


@answer(events.FindFrame)
def find_frame(unit: UnitOfWork, event: events.FindFrame) -> PageFrame | None:
    """Return the page that asks the assignment's task, None if it is asked in the chat."""
    frame = frames.frame_of(unit, event.assignment)
    return frames.describe_frame(frame, event.house) if frame is not None else None


@answer(events.FindPreview)
def find_preview(unit: UnitOfWork, event: events.FindPreview) -> PageFrame | None:
    """Return the page as an admin sees it before the HIT starts, None if it is asked in the chat."""
    frame = frames.preview_of(unit, event.task)
    return frames.describe_frame(frame, event.house) if frame is not None else None


@answer(events.LookAtQuestion)
def look_at_question(unit: UnitOfWork, event: events.LookAtQuestion) -> QuestionLook | None:
    """Return what the task's HIT shows and asks, None if the task is of no HIT."""
    question = frames.find_question(unit, unit.records(Hits).of_task(event.task))
    return describe_question(question) if question is not None else None


@answer(events.FindImportedValue)
def claim_imported_value(unit: UnitOfWork, event: events.FindImportedValue) -> events.ImportedValue | None:
    """Claim the value that was imported for the Amazon worker id in the answers, which can be claimed once; None for
    another test."""
    if event.test != qualification_types.TEST or not unit.records(TurkImports).has_values(event.type):
        return None
    worker_id = event.answers.get(qualification_types.QUESTION, "")
    return events.ImportedValue(
        unit.records(TurkImports).claim_value(event.type, qualification_types.hash_worker_id(worker_id))
    )
