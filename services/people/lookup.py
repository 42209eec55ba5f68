"""Finds a person by Telegram id or @username."""

from domain.people.people import Person
from domain.people.teams import PREFIX
from domain.refusals import NotFound
from storage.unit import UnitOfWork

NOBODY = ""
DIGITS = 15  # of a team's number
LARGEST_ID = 2**52  # Telegram promises that ids fit into 52 bits


def find(unit: UnitOfWork, who: str, meet: bool = False) -> Person:
    """By Telegram id, @username, or team-5. With `meet` an unknown id is stored: it can receive a role or a deposit."""
    name, person = who.strip(), None
    if name.isdecimal():
        telegram_id = int(name[:20])
        if 0 < telegram_id < LARGEST_ID:
            person = unit.people.by_telegram_id(telegram_id)
            if person is None and meet:
                person = unit.people.meet(telegram_id, None, NOBODY, "en", unit.now)
    elif name.lower().startswith(PREFIX):
        number = name[len(PREFIX) :]
        person = unit.people.find(-int(number)) if number.isdecimal() and len(number) < DIGITS else None
    elif name:
        person = unit.people.by_username(name.removeprefix("@"))
    if person is None:
        raise NotFound(what="person", name=who)
    return person
