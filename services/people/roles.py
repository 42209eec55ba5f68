"""The requester role, granted and withdrawn by admins. Every change is in the audit log."""

from domain.people.messages import RoleGranted, RoleSet, RoleWithdrawn
from domain.refusals import BadInput
from services.act import Act
from services.people import menus
from services.people.lookup import find


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
