"""Allow lists of people who have not come yet: by @name or number at Telegram, matched when they want it."""

from domain.awaited_names import marks_of
from domain.people.people import Person
from domain.people.qualifications import TypeId
from storage.unit import UnitOfWork


def value_for(unit: UnitOfWork, type_: TypeId, worker: Person) -> int | None:
    """What this worker is to have; None where they are not awaited."""
    found = (unit.qualifications.awaited(type_, mark) for mark in _marks(unit, worker))
    return next((value for value in found if value is not None), None)


def arrived(unit: UnitOfWork, type_: TypeId, worker: Person) -> None:
    """They have it."""
    for mark in _marks(unit, worker):
        unit.qualifications.await_no_more(type_, mark)


def forget(unit: UnitOfWork, person: Person) -> None:
    """Nobody awaits them any more."""
    for mark in _marks(unit, person):
        unit.qualifications.await_nowhere(mark)


def _marks(unit: UnitOfWork, person: Person) -> list[str]:
    return marks_of(unit.settings.secret, person.username, person.telegram_id)
