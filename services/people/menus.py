"""Telegram's command menu of one person; and of all of them, where commands or roles have changed at a start."""

import hashlib
import json
from typing import Any

from domain.people.accounts import Person, PersonId
from domain.people.onboarding import CommandMenu
from services.act import Act, House
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

KEPT = "menus"  # among the database's values: what menus were shown by, and how far a change has come
EVERY, LOOKED_AT, SHOWN = 2, 500, 10  # seconds; people in a step; menus in a step, so that Telegram gets no burst

Basis = dict[str, Any]


def show(act: Act, person: PersonId) -> None:
    """Sets it after a change of roles or language, and when a suspension begins or ends."""
    known = act.unit.people.get(person)
    if known.is_team:  # it has no chat
        return
    act.unit.outbox.tell(person, _menu(act.house, known), klass="nudge")


def _menu(house: House, person: Person) -> CommandMenu:
    return CommandMenu(house.commands_of(person), person.is_worker)


class ChangedMenus:
    """Shows people their menu again after a start with other admins, other requesters or other commands, some in a
    step. A change that meets an unfinished one concerns everybody, and so does the first start of this version."""

    def __init__(self, house: House) -> None:
        self._house, self._basis, self._began, self._done = house, basis_of(house), house.clock(), False

    def __call__(self, unit: UnitOfWork) -> None:
        if self._done:
            return
        kept = json.loads(unit.settings.get(KEPT) or "null") or {"basis": None, "before": None, "reached": None}
        if kept["basis"] != self._basis:
            kept = {"basis": self._basis, "before": kept["basis"] if kept["reached"] is None else None, "reached": 0}
        elif kept["reached"] is None:
            self._done = True
            return
        kept["reached"] = self._step(unit, kept["before"], kept["reached"])
        unit.settings.put(KEPT, json.dumps(kept))

    def _step(self, unit: UnitOfWork, before: Basis | None, reached: int) -> int | None:
        """The last person who was looked at; None behind the last one."""
        shown = 0
        people = unit.people.reached.after(PersonId(reached), LOOKED_AT, self._began)
        for person in people:
            if before is None or _concerns(self._house, person, before, self._basis):
                unit.outbox.tell(person.id, _menu(self._house, person), klass="nudge", lane=Lane.BROADCAST)
                shown += 1
            if shown == SHOWN:
                return person.id
        return people[-1].id if len(people) == LOOKED_AT else None


def basis_of(house: House) -> Basis:
    """What menus follow from, beside the person."""
    told: dict[str, list[Any]] = {}
    for each in house.commands:
        told.setdefault(each.role, []).append([each.name, each.means, each.stays])
    prints = {role: hashlib.sha256(json.dumps(each).encode()).hexdigest()[:16] for role, each in told.items()}
    return {"admins": sorted(house.admins), "open": house.open_requesters, "commands": prints}


def _concerns(house: House, person: Person, before: Basis, now: Basis) -> bool:
    """Whether this person's menu may be another one by now."""
    if (person.telegram_id in before["admins"]) is not (person.telegram_id in now["admins"]):
        return True
    if before["open"] != now["open"] and not person.requester and not person.barred:
        return True
    return any(before["commands"].get(role) != now["commands"].get(role) for role in ("", *house.roles(person)))
