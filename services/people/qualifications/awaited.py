"""Allow lists of people who have not come yet: by @name or number at Telegram, matched when they want it."""

from domain.awaited_names import marks_of
from domain.people.people import Person
from domain.people.qualification_messages import QualificationOffered
from domain.people.qualifications import QualificationType, TypeId
from services.people.qualifications.grants import requester_of
from storage.unit import UnitOfWork

AT_ONCE = 500  # requests that wait


def value_for(unit: UnitOfWork, type_: TypeId, worker: Person) -> int | None:
    """What this worker is to have; None where they are not awaited."""
    found = (unit.qualifications.awaited(type_, mark) for mark in _marks(unit, worker))
    return next((value for value in found if value is not None), None)


def arrived(unit: UnitOfWork, type_: TypeId, worker: Person) -> None:
    """They have it."""
    for mark in _marks(unit, worker):
        unit.qualifications.await_no_more(type_, mark)


def offer_anew(unit: UnitOfWork, type_: QualificationType) -> None:
    """To those who asked for it before they were on the list. It is theirs once they say yes: were it granted at once,
    a list of one name would tell which worker has it."""
    for request in unit.qualifications.waiting(type_.requester, type_.id, 0, AT_ONCE):
        if value_for(unit, type_.id, unit.people.get(request.worker)) is not None:
            about = (request.id, type_.name, type_.description, requester_of(unit, type_))
            unit.outbox.tell(request.worker, QualificationOffered(*about, named=True), key=f"awaited:{request.id}")


def forget(unit: UnitOfWork, person: Person) -> None:
    """Nobody awaits them any more."""
    for mark in _marks(unit, person):
        unit.qualifications.await_nowhere(mark)


def _marks(unit: UnitOfWork, person: Person) -> list[str]:
    return marks_of(unit.settings.secret, person.username, person.telegram_id)
