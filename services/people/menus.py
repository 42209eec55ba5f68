"""Telegram's command menu of one person."""

from domain.people.messages import CommandMenu
from domain.people.people import PersonId
from services.act import Act


def show(act: Act, person: PersonId) -> None:
    """Sets it after a change of roles or language, and when a suspension begins or ends."""
    known = act.unit.people.get(person)
    if known.is_team:  # it has no chat
        return
    menu = CommandMenu(act.house.commands_of(known), known.is_worker)
    act.unit.outbox.tell(person, menu, klass="nudge")
