"""The sender of an update: a new person, one known by another name, or one who had blocked the bot."""

from domain.people.people import Person
from services.people import returning
from services.work import sweeps
from storage.unit import UnitOfWork


def greet(unit: UnitOfWork, telegram_id: int, username: str | None, name: str, language: str) -> Person:
    """The person who acts. Stores new names; a person who writes is reachable again."""
    known = unit.people.by_telegram_id(telegram_id)
    if known is None or (known.username, known.name) != (username, name):
        fresh = known is None or not known.name
        known = unit.people.meet(telegram_id, username, name, language, unit.now)
        if fresh:
            unit.people.speak(known.id, language)
            returning.stay_barred(unit, known)
            known = unit.people.get(known.id)
    if not known.reachable:
        sweeps.back_in_contact(unit, known.id)
        known = unit.people.get(known.id)
    return known


def left(unit: UnitOfWork, telegram_id: int) -> None:
    """They blocked the bot."""
    known = unit.people.by_telegram_id(telegram_id)
    if known is not None:
        sweeps.lost_contact(unit, known.id)


def returned(unit: UnitOfWork, telegram_id: int) -> None:
    """They let it write again."""
    known = unit.people.by_telegram_id(telegram_id)
    if known is not None and not known.reachable:
        sweeps.back_in_contact(unit, known.id)
