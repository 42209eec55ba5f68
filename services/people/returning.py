"""An erased person who comes back: a new account; former tasks are not offered again, restrictions stay, and so do an
admin's decisions that they may not open projects, or are suspended."""

from dataclasses import replace

from domain.conduct.restrictions import Restriction
from domain.people.people import Person
from domain.quality.messages.restrictions import Restricted
from services.fairness.oversight import stops
from storage.unit import UnitOfWork


def recognise(unit: UnitOfWork, person: Person) -> None:
    """At consent, before a first task: excludes the tasks that this person had before an erasure."""
    if person.telegram_id is None:
        return
    for other in unit.remembered.kin(person.id, person.telegram_id):
        unit.payees.meet(person.id, other)
    for former in unit.remembered.selves(person.id, person.telegram_id):
        unit.remembered.carry_skill(former, person.id)
        for known in unit.restrictions.all_standing(former):
            _go_on(unit, person, known)


def stay_barred(unit: UnitOfWork, person: Person) -> None:
    """At their first word: requesters need not agree to the workers' terms before they open a project."""
    if person.telegram_id is not None and unit.remembered.bar(person.id, person.telegram_id):
        unit.audit.note(None, "role", f"person:{person.id}", requester=False, continues=True)
    if person.telegram_id is not None:
        _stay_suspended(unit, person, person.telegram_id)


def _stay_suspended(unit: UnitOfWork, person: Person, telegram_id: int) -> None:
    """A suspension from before goes on, with a notice that can be appealed."""
    for former in unit.remembered.selves(person.id, telegram_id):
        before = unit.stops.of_person(former)
        stop = unit.stops.add(None, person.id, before.reason, before.made_by) if before else None
        if before and stop:
            stops.enforce(unit, person, stop)
            unit.audit.note(None, "suspended", f"person:{person.id}", continues=before.id)


def _go_on(unit: UnitOfWork, person: Person, known: Restriction) -> None:
    """Restores a restriction until the same day, with a new notice: it can be appealed like any other. A human's word
    goes on, and so does the time until which one is needed."""
    found = [replace(each, worker=person.id) for each in known.evidence]
    cause = next(each for each in found if each.suspicion == known.reason)
    notice = f"restricted:{person.id}:{known.project}:{unit.now}"
    unit.enrolments.enrol(person.id, known.project)
    made = unit.restrictions.restrict(person.id, known.project, cause, found, known.ends_at, notice, known.confirm_by)
    if made is not None:
        told = Restricted(made, unit.projects.get(known.project).title, known.ends_at, cause, known.confirm_by)
        unit.outbox.tell(person.id, told, key=notice)
        unit.audit.note(None, "restrict", f"restriction:{made}", project=known.project, continues=known.id)
        if known.decided_by is not None:
            unit.restrictions.confirm(made, known.decided_by, known.words or "")
