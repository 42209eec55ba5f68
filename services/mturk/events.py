"""Events of HITs: told to programs, and what review policies make of them."""

from domain.moments import Moment
from domain.mturk.errors import RequestError
from domain.mturk.hits import Hit, HitStatus
from domain.mturk.notifications import Event
from domain.work.assignments import AssignmentId
from services.mturk import notifications, review_policies
from storage.mturk.notifications import TurkEvent
from storage.mturk.review_results import ReviewAction
from storage.unit import UnitOfWork

AT_ONCE = 100
ENDINGS = (Event.SUBMITTED, Event.ABANDONED, Event.RETURNED, Event.EXPIRED)  # after which a HIT may be Reviewable


def gather(unit: UnitOfWork) -> bool:
    """Events become calls, results and intended actions; whether there may be more."""
    found = waiting(unit)
    for event in found:
        take(unit, event)
    return len(found) == AT_ONCE


def waiting(unit: UnitOfWork) -> list[TurkEvent]:
    return unit.turk_notifications.next(AT_ONCE)


def take(unit: UnitOfWork, event: TurkEvent) -> None:
    hit = unit.hits.get(event.hit)
    _tell(unit, hit, event.kind, event.at, event.assignment)
    if event.kind == Event.SUBMITTED and event.assignment is not None:
        review_policies.on_submitted(unit, hit, event.assignment)
    done = event.kind in ENDINGS and hit.status is HitStatus.REVIEWABLE
    done = done and not unit.turk_notifications.ends_later(hit.id, event.id, ENDINGS)  # they are told before
    if done and unit.turk_notifications.is_reviewable(hit.id, hit.submitted + hit.decided):
        _tell(unit, hit, Event.REVIEWABLE, event.at, None)
        review_policies.on_reviewable(unit, hit)
    unit.turk_notifications.done(event.id)


def skip(unit: UnitOfWork, event: TurkEvent) -> None:
    """One that cannot be taken is not tried again: it would hold up all behind it."""
    unit.turk_notifications.done(event.id)


def _tell(unit: UnitOfWork, hit: Hit, kind: str, at: Moment, assignment: AssignmentId | None) -> None:
    wanted = unit.turk_notifications.find(hit.type)
    if wanted is not None and wanted.active and kind in wanted.events:
        told = notifications.told_of(unit, hit, kind, at, assignment)
        notifications.tell(unit, hit.requester, wanted, told, hit.shape.called)


def intended(unit: UnitOfWork) -> list[ReviewAction]:
    return unit.review_results.intended(AT_ONCE)


def failed(unit: UnitOfWork, action: ReviewAction, error: Exception) -> None:
    """It is not tried again."""
    said = error.message if isinstance(error, RequestError) else type(error).__name__
    unit.review_results.end(action.id, "Failed", said)
