"""Ids of HITs, assignments and workers, each of the requester who asks. Others' are not found."""

from domain.mturk.errors import ASSIGNMENT_STATE, INVALID, NO_ASSIGNMENT, NO_HIT, NO_TYPE, NO_WORKER, RequestError
from domain.mturk.hits import Hit, HitType, TurkAssignment
from domain.mturk.ids import Kind, id_of, number_in, page_in, worker_in
from domain.people.people import Person
from domain.work.assignments import AssignmentId, AssignmentState
from services.act import Act

READABLE = "This operation can be called with a status of: Reviewable,Approved,Rejected"


def named(act: Act, kind: Kind, number: int) -> str:
    return id_of(act.unit.settings.secret, kind, number)


def numbered(act: Act, kind: Kind, text: str) -> int | None:
    """None for what is no id of this kind."""
    return number_in(act.unit.settings.secret, kind, text)


def hit(act: Act, text: str) -> Hit:
    number = numbered(act, Kind.HIT, text)
    found = act.unit.hits.find(number) if number is not None else None
    if found is None or found.requester != act.person.id:
        raise RequestError(NO_HIT, f"Hit {text} does not exist.")
    return found


def hit_type(act: Act, text: str) -> HitType:
    number = numbered(act, Kind.TYPE, text)
    found = act.unit.hit_types.find(number) if number is not None else None
    if found is None or found.requester != act.person.id:
        raise RequestError(NO_TYPE, f"HitType {text} does not exist.")
    return found


def assignment(act: Act, text: str) -> TurkAssignment:
    """One that was submitted."""
    number = numbered(act, Kind.ASSIGNMENT, text)
    found = act.unit.turk_assignments.of(AssignmentId(number)) if number is not None else None
    if found is not None and act.unit.hits.get(found.hit).requester == act.person.id:
        return found
    held = act.unit.assignments.find(AssignmentId(number)) if number is not None else None
    mine = held is not None and act.unit.projects.get(held.project).requester == act.person.id
    if found is None and held is not None and mine and held.state is AssignmentState.ACTIVE:
        raise RequestError(ASSIGNMENT_STATE, f"This Assignment is currently in the state 'Accepted'. {READABLE}")
    raise RequestError(NO_ASSIGNMENT, f"Assignment {text} does not exist.")


def worker(act: Act, text: str) -> Person:
    """One who was ever given a task of this requester's, or asked for a qualification of theirs."""
    number = worker_in(act.unit.settings.secret, act.person.id, text)
    if number is not None:
        found = act.unit.people.find(number)
        if found is not None and _knows(act, found):
            return found
    raise RequestError(NO_WORKER, f"Worker {text} does not exist.")


def _knows(act: Act, person: Person) -> bool:
    unit, requester = act.unit, act.person.id
    return unit.turk_assignments.has_worked(person.id, requester) or unit.qualifications.knows(requester, person.id)


def page_begins(act: Act, kind: Kind, token: str) -> int:
    """The number that a NextToken stands for; 0 without one."""
    if not token:
        return 0
    number = page_in(act.unit.settings.secret, act.person.id, kind, token)
    if number is None:
        raise RequestError(INVALID, "The NextToken is not one of this list's.")
    return number
