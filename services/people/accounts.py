"""Look-up of a person by Telegram id or @username, and the requester's role."""

from domain.people.accounts import Person, PersonId, RoleSet, RoleWithdrawn, pseudonym
from domain.people.role_requests import RoleInviteLink, is_username
from domain.people.teams import TEAM_PREFIX
from domain.refusals import BadInput, NotFound
from services.act import Act
from services.people import menus, role_requests
from storage.unit import UnitOfWork

UNKNOWN_NAME, INVITE = "", "invite"
TEAM_NUMBER_DIGITS = 15  # of a team's number
TELEGRAM_ID_LIMIT = 2**52  # Telegram promises that ids fit into 52 bits


def get_person(unit: UnitOfWork, who: str, create: bool = False) -> Person:
    """Return the person with this Telegram id, @username, or team's account (`team-5`).

    With `create` an unknown Telegram id is stored as a new person, who can receive a role or a deposit before their
    first message. Raise NotFound if nobody has the id or name."""
    name, person = who.strip(), None
    if name.isdecimal():
        telegram_id = int(name[:20])
        if 0 < telegram_id < TELEGRAM_ID_LIMIT:
            person = unit.people.find_by_telegram_id(telegram_id)
            if person is None and create:
                person = unit.people.upsert(telegram_id, None, UNKNOWN_NAME, "en", unit.now)
    elif name.lower().startswith(TEAM_PREFIX):
        number = name[len(TEAM_PREFIX) :]
        person = unit.people.find(-int(number)) if number.isdecimal() and len(number) < TEAM_NUMBER_DIGITS else None
    elif name:
        person = unit.people.find_by_username(name.removeprefix("@"))
    if person is None:
        raise NotFound(what="person", name=who)
    return person


def pseudonym_for(unit: UnitOfWork, requester: PersonId, worker: PersonId) -> str:
    """Return the worker's pseudonym for this requester."""
    return pseudonym(unit.settings.secret, requester, worker)


def set_role(act: Act, who: str, role: str, state: str) -> RoleSet | RoleInviteLink:
    """Grant or withdraw the requester's role, and tell the person if they have used the bot. Running projects go on.

    A withdrawal counts also where everybody may open projects. An unknown Telegram id is stored, an unknown @username
    is invited. `who` may be `invite`, with a number of people in `role`: return a link for them. Raise BadInput for
    another role or state than `requester` `on`/`off`, NotFound for an unknown name."""
    unit, on = act.unit, state.lower() == "on"
    if who.lower() == INVITE and not state:
        return role_requests.make_invitation(act, role)
    if not who or role.lower() != "requester" or state.lower() not in ("on", "off"):
        expected = ["/role PERSON requester on", "/role PERSON requester off", "/role invite"]
        raise BadInput(what="role", value=" ".join((who, role, state)).strip(), expected=expected)
    if is_username(who) and unit.people.find_by_username(who.removeprefix("@")) is None:
        return _invite_by_username(act, who, on)
    person = get_person(unit, who.lower(), create=True)
    if on:
        role_requests.grant_role(act, person)
        return RoleSet(person.label, on)
    unit.people.make_requester(person.id, on)
    unit.audit.note(act.person.id, "role", f"person:{person.id}", requester=on)
    if person.name:
        menus.send_menu(act, person.id)
        if person.id != act.person.id:
            unit.outbox.tell(person.id, RoleWithdrawn())
    return RoleSet(person.label, on)


def _invite_by_username(act: Act, username: str, on: bool) -> RoleSet:
    """Invite an unknown @username, or take the invitation back. Raise NotFound if there is none to take back."""
    if on:
        return RoleSet(username, on, role_requests.invite_by_username(act, username))
    if not act.unit.role_requests.remove_invitation(username.lower()):
        raise NotFound(what="person", name=username)
    return RoleSet(username, on)
