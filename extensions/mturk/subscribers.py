"""What programs are told of the core's events."""

from domain.mturk.notifications import Event
from services import events
from services.events import subscribe
from storage.unit import UnitOfWork

NAMES: dict[type[events.AssignmentEvent], Event] = {
    events.AssignmentAccepted: Event.ACCEPTED,
    events.AnswerSubmitted: Event.SUBMITTED,
    events.AssignmentReturned: Event.RETURNED,
    events.AssignmentExpired: Event.ABANDONED,
    events.PayReleased: Event.APPROVED,
}


@subscribe(events.AssignmentEvent)
def note_assignment_event(unit: UnitOfWork, event: events.AssignmentEvent) -> None:
    """Store the event for the program of the task's HIT, if it wants it."""
    unit.turk_notifications.note_task(event.task, NAMES[type(event)], event.assignment)
