"""Telegram's command menu: of one person, and of everybody whose commands or roles changed with a start."""

import hashlib
import json
from typing import Any

from domain.people.accounts import Person, PersonId
from domain.people.onboarding import MENUS, CommandMenu
from services.act import Act, House
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

MENU_STATE_KEY = "menus"  # among the database's values: what menus were shown by, and how far a change has come
STEP_SECONDS, PEOPLE_PER_STEP, MENUS_PER_STEP = (
    2,
    500,
    10,
)  # seconds; people in a step; menus in a step, so that Telegram gets no burst

Basis = dict[str, Any]


def send_menu(act: Act, person: PersonId) -> None:
    """Send a person the command menu for their roles and language; a team has none.

    To be called after a change of roles or language, and when a suspension begins or ends."""
    recipient = act.unit.people.get(person)
    if recipient.is_team:  # it has no chat
        return
    act.unit.outbox.tell(person, _menu(act.house, recipient), klass="nudge")


def _menu(house: House, person: Person) -> CommandMenu:
    return CommandMenu(house.commands_of(person))


class ChangedMenus:
    """Sweep that sends people their menu again after a start with other admins, other requesters or other commands,
    some of them in each step.

    A change that meets an unfinished one concerns everybody, and so does the first start of this version."""

    def __init__(self, house: House) -> None:
        self._house, self._basis, self._began, self._done = house, menu_basis(house), house.clock(), False

    def __call__(self, unit: UnitOfWork) -> None:
        if self._done:
            return
        state = json.loads(unit.settings.get(MENU_STATE_KEY) or "null") or {
            "basis": None,
            "before": None,
            "reached": None,
        }
        if state["basis"] != self._basis:
            state = {"basis": self._basis, "before": state["basis"] if state["reached"] is None else None, "reached": 0}
        elif state["reached"] is None:
            self._done = True
            return
        state["reached"] = self._step(unit, state["before"], state["reached"])
        unit.settings.store(MENU_STATE_KEY, json.dumps(state))

    def _step(self, unit: UnitOfWork, before: Basis | None, reached: int) -> int | None:
        """Send the menu to people with ids above `reached`. Return the id of the last one looked at, or None after the
        last person."""
        menus_sent = 0
        people = unit.people.reached.list_after(PersonId(reached), PEOPLE_PER_STEP, self._began)
        for person in people:
            if before is None or _may_have_changed(self._house, person, before, self._basis):
                unit.outbox.tell(person.id, _menu(self._house, person), klass="nudge", lane=Lane.BROADCAST)
                menus_sent += 1
            if menus_sent == MENUS_PER_STEP:
                return person.id
        return people[-1].id if len(people) == PEOPLE_PER_STEP else None


def menu_basis(house: House) -> Basis:
    """Return what menus depend on apart from the person: admins, whether everybody may open projects, and a hash of
    each role's commands and of what menus show."""
    commands_by_role: dict[str, list[Any]] = {}
    for command in house.commands:
        commands_by_role.setdefault(command.role, []).append([command.name, command.means, command.stays])
    prints = {
        role: hashlib.sha256(json.dumps([commands, MENUS]).encode()).hexdigest()[:16]
        for role, commands in commands_by_role.items()
    }
    return {"admins": sorted(house.admins), "open": house.open_requesters, "commands": prints}


def _may_have_changed(house: House, person: Person, before: Basis, now: Basis) -> bool:
    """Return whether the person's menu may differ between the two bases."""
    if (person.telegram_id in before["admins"]) is not (person.telegram_id in now["admins"]):
        return True
    if before["open"] != now["open"] and not person.requester and not person.barred:
        return True
    return any(before["commands"].get(role) != now["commands"].get(role) for role in ("", *house.roles(person)))
