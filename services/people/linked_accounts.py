"""Separates people who share a bank account, and members of a team: neither works for the other, judges for them or
rates them."""

from domain.people.accounts import PersonId
from services.people import settings
from services.work import answer_messages, places
from storage.unit import UnitOfWork


def separate(unit: UnitOfWork, worker: PersonId, requester: PersonId) -> None:
    """Bar the worker from this requester's projects: give back the task in hand and leave a jury of which the requester
    is a party.

    The worker's rating of the requester is dropped; pay stays. Tasks of others may be pushed to them again."""
    unit.enrolments.bar(worker, requester)
    unit.ratings.delete_rating(requester, worker)
    in_hand = unit.assignments.active_for(worker)
    if in_hand is not None and unit.projects.get(in_hand.project).requester == requester:
        places.return_assignment(unit, in_hand)
        answer_messages.tell_gone(unit, in_hand)
        settings.update_push_window(unit, worker)
    unit.assignments.forget_late(worker, requester)
    judging = unit.appeals.find_active_judgement(worker)
    if judging is not None and unit.appeals.is_party(unit.appeals.lock(judging.appeal), worker):
        unit.appeals.release_place(judging, "expired")
        settings.update_push_window(unit, worker)


def keep_apart(unit: UnitOfWork, worker: PersonId, team: PersonId) -> None:
    """Separate the worker from the team if they are a member of it, or share a bank account with one.

    The separation lasts after the membership: a former member knows the team's check questions."""
    if unit.payees.add_mates(worker, team):
        separate(unit, worker, team)
