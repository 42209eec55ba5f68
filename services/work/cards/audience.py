"""Whom a project is for."""

from collections.abc import Callable, Mapping

from domain.people.people import Person
from domain.people.qualifications import TypeId
from domain.projects.audience import (
    AT_MOST,
    COUNTRY,
    GOOD_IN,
    HOLDS,
    INVITED,
    NOT_COUNTRY,
    NOT_IN,
    QUALIFIED,
    SAYS,
    UNTOLD,
    Condition,
    conditions,
    is_good,
)
from domain.projects.projects import Project, ProjectId, ProjectState
from domain.projects.requirements import ACCEPTED, MASTERS, accepted_percent, is_master, requirement
from domain.work.qualification import BATCH
from domain.work.submissions import Enrolment
from storage.unit import UnitOfWork


def is_asked(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Whether it suits them, and they fit its conditions. Who has begun a task may finish it."""
    return suits(unit, worker, project) and (not project.who or _fits(unit, worker, project))


def suits(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Whether it is in a language they read, and of a kind they want."""
    if not worker.choosy:
        return project.speaks(worker.language)
    chosen = unit.preferences.of(worker.id)
    if not chosen.wants(project.kind, project.options):
        return False
    if chosen.languages and not project.languages:  # it is in its requester's language
        return unit.people.get(project.requester).language in chosen.languages
    return any(map(project.speaks, chosen.reads(worker.language)))


def _fits(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    return all(RULES[each.name](unit, worker, project, each) for each in conditions(project.who))


def _enrolments(unit: UnitOfWork, worker: Person, condition: Condition) -> list[Enrolment]:
    """In the projects it names."""
    found = (unit.enrolments.find(worker.id, ProjectId(number)) for number in condition.numbers)
    return [each for each in found if each is not None]


def _country(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return worker.choosy and unit.preferences.of(worker.id).country in condition.values


def _not_country(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    known = unit.preferences.of(worker.id).country if worker.choosy else ""
    return known not in ("", UNTOLD, *condition.values)


def _says(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    number, places = condition.value.split(":")
    said, question = unit.screening.of(worker.id).get(int(number)), unit.screening.find(int(number))
    return question is not None and said in [question.options[int(each)] for each in places.split("|")]


def _holds(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    asked = requirement(condition.value)
    if asked.type is not None:
        value = unit.qualifications.held(worker.id).get(TypeId(asked.type))
        known = value is not None or not asked.is_met(None) or unit.qualifications.find(asked.type) is not None
        return known and asked.is_met(value)  # one that was deleted nobody meets
    answered, rejected, waiting = unit.qualifications.answered(worker.id)
    if asked.subject == ACCEPTED:
        return asked.is_met(answered - rejected - waiting)
    if asked.subject == MASTERS:
        return asked.is_met(1 if is_master(answered, rejected) else None)
    return asked.is_met(accepted_percent(answered, rejected))


def _qualified(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return any(each.qualified for each in _enrolments(unit, worker, condition))


def _good_in(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return any(
        each.qualified and is_good(*_gold_of_full_batches(unit, each)) for each in _enrolments(unit, worker, condition)
    )


def _gold_of_full_batches(unit: UnitOfWork, enrolment: Enrolment) -> tuple[int, int]:
    """Return how many check questions the worker met in this project, and how many of them were right. Answers of a
    batch that is not full are left out: an offer that comes or goes after one answer would tell what it was."""
    newest = unit.skills.gold_of_newest(enrolment.worker, enrolment.project, enrolment.answered % BATCH)
    return enrolment.gold_seen - newest[0], enrolment.gold_right - newest[1]


def _not_in(unit: UnitOfWork, worker: Person, _: Project, condition: Condition) -> bool:
    return not any(each.answered for each in _enrolments(unit, worker, condition))


def _at_most(unit: UnitOfWork, worker: Person, project: Project, condition: Condition) -> bool:
    known = unit.enrolments.find(worker.id, project.id)
    return known is None or known.answered < condition.numbers[0]


def left_for(unit: UnitOfWork, worker: Person, project: Project, places: int) -> int:
    """Of so many places those that this worker can still be given."""
    limits = [each.numbers[0] for each in conditions(project.who) if each.name == AT_MOST]
    known = unit.enrolments.find(worker.id, project.id) if limits else None
    return min([places, *limits]) if known is None else max(0, min([places, *(n - known.answered for n in limits)]))


def takes_late(unit: UnitOfWork, worker: Person, project: Project) -> bool:
    """Whether an answer whose time was up may have a place again: who is offered nothing more has no claim to one, and
    the task in hand counts towards `at most`."""
    known = unit.enrolments.find(worker.id, project.id)
    if project.state is not ProjectState.RUNNING:
        return False
    if known is not None and (known.blocked or known.barred is not None or known.is_restricted(unit.now)):
        return False
    in_hand = unit.assignments.active_for(worker.id)
    begun = in_hand is not None and in_hand.project == project.id
    return left_for(unit, worker, project, 2) > begun


def _invited(unit: UnitOfWork, worker: Person, project: Project, _: Condition) -> bool:
    return unit.invitations.is_invited(worker.id, project.id)


RULES: Mapping[str, Callable[[UnitOfWork, Person, Project, Condition], bool]] = {
    AT_MOST: _at_most,
    NOT_IN: _not_in,
    QUALIFIED: _qualified,
    GOOD_IN: _good_in,
    COUNTRY: _country,
    NOT_COUNTRY: _not_country,
    HOLDS: _holds,
    SAYS: _says,
    INVITED: _invited,
}
