"""Allow lists of people who have not come yet: by @name or number at Telegram, matched when they want it."""

from domain.awaited_names import marks_of
from domain.people.people import Person
from domain.people.qualifications import QualificationType, TypeId
from services.people.qualifications.grants import grant
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


def let_in(unit: UnitOfWork, type_: QualificationType) -> int:
    """Those who asked for it before they were on the list: how many have it now."""
    count = 0
    for request in unit.qualifications.waiting(type_.requester, type_.id, 0, AT_ONCE):
        worker = unit.people.get(request.worker)
        if (value := value_for(unit, type_.id, worker)) is not None:
            grant(unit, type_, worker.id, value)
            arrived(unit, type_.id, worker)
            count += 1
    return count


def forget(unit: UnitOfWork, person: Person) -> None:
    """Nobody awaits them any more."""
    for mark in _marks(unit, person):
        unit.qualifications.await_nowhere(mark)


def _marks(unit: UnitOfWork, person: Person) -> list[str]:
    return marks_of(unit.settings.secret, person.username, person.telegram_id)
