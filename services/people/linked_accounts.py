"""People who share a bank account, and members of a team: once known, neither works for the other, judges for them or
rates them."""

from domain.people.accounts import PersonId
from services.people import settings
from services.work import answer_messages, places
from storage.unit import UnitOfWork


def part(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> None:
    """Gives the worker's assignments of this requester back and drops their rating; pay stays. Others' work may come to
    them again."""
    unit.enrolments.bar(worker, requester)
    unit.ratings.drop(requester, worker)
    in_hand = unit.assignments.active_for(worker)
    if in_hand is not None and unit.projects.get(in_hand.project).requester == requester:
        places.hand_back(unit, in_hand)
        answer_messages.gone(unit, in_hand)
        settings.wait(unit, worker)
    unit.assignments.forget_late(worker, requester)
    judging = unit.appeals.in_hand(worker)
    if judging is not None and unit.appeals.is_party(unit.appeals.lock(judging.appeal), worker):
        unit.appeals.leave(judging, "expired")
        settings.wait(unit, worker)


def keep_apart(unit: UnitOfWork, worker: PersonId, team: PersonId) -> None:
    """A member of a team, or who shares a bank account with one, does not work for it: neither later, since who was a
    member knows its check questions."""
    if unit.payees.meet(worker, team):
        part(unit, worker, team)
