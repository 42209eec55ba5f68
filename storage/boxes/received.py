"""Updates as they were received, before the inbox has them and after."""

from typing import Any

from domain.records import changed, record
from storage.drivers.records import pack

LARGEST_ID = 2**63


@record
class Received:
    """A raw update as Telegram sent it; `person` is the Telegram id whose lane it waits in, 0 for none; `begun` is how
    often a process died while it was in progress; `packed` is how the inbox keeps it, "" until it is `storable`."""

    update_id: int
    person: int
    payload: dict[str, Any]
    tries: int = 0
    begun: int = 0
    packed: str = ""


def received(payload: dict[str, Any]) -> Received:
    """A raw update with its person: the sender, else the chat, else 0. Of what people do in a group or channel nothing
    is kept but that there was an update."""
    for event in payload.values():
        if isinstance(event, dict):
            if _is_shared(event):
                return Received(int(payload["update_id"]), 0, {"update_id": payload["update_id"]})
            actor = event.get("from") or event.get("user") or event.get("actor_chat") or event.get("chat")
            return Received(int(payload["update_id"]), _id_of(actor), payload)
    return Received(int(payload["update_id"]), 0, payload)


def _is_shared(event: dict[str, Any]) -> bool:
    """Whether others are in its chat."""
    message = event.get("message")
    chat = event.get("chat") or (message.get("chat") if isinstance(message, dict) else None)
    return isinstance(chat, dict) and chat.get("type") in ("group", "supergroup", "channel")


def _id_of(actor: object) -> int:
    """The id; 0 where there is none that a database can hold."""
    number = actor.get("id") if isinstance(actor, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return 0
    return number if abs(number) < LARGEST_ID else 0


def storable(update: Received) -> Received:
    """The update, packed; of one with a number or text that cannot be stored only the id is kept, so that later ones do
    not wait."""
    if update.packed:
        return update
    try:
        return changed(update, packed=pack(update.payload))
    except TypeError:
        kept = {"update_id": update.payload["update_id"]}
        return changed(update, payload=kept, packed=pack(kept))
