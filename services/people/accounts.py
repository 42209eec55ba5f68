"""Finds a person by Telegram id or @username."""

from domain.people.accounts import (
    Person,
    PersonId,
    RoleGranted,
    RoleSet,
    RoleWithdrawn,
    pseudonym,
)
from domain.people.teams import PREFIX
from domain.refusals import BadInput, NotFound
from services.act import Act
from services.people import menus
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


def pseudonym_for(unit: UnitOfWork, requester: PersonId, worker: PersonId) -> str:
    return pseudonym(unit.settings.secret, requester, worker)


def set_role(act: Act, who: str, role: str, state: str) -> RoleSet:
    """Grants or takes the requester's role, also where everybody has it; running projects go on."""
    unit, on = act.unit, state.lower() == "on"
    if not who or role.lower() != "requester" or state.lower() not in ("on", "off"):
        expected = ["/role PERSON requester on", "/role PERSON requester off"]
        raise BadInput(what="role", value=" ".join((who, role, state)).strip(), expected=expected)
    person = find(unit, who.lower(), meet=True)
    unit.people.make_requester(person.id, on)
    unit.audit.note(act.person.id, "role", f"person:{person.id}", requester=on)
    if person.name:
        menus.show(act, person.id)
        if person.id != act.person.id:
            unit.outbox.tell(person.id, RoleGranted() if on else RoleWithdrawn())
    return RoleSet(person.label, on)
