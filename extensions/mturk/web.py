"""The HTTP routes of the Mechanical Turk interface."""

from typing import Any

import orjson
from aiohttp import web

from web import webhook
from web.door import HttpDoor
from web.mturk import faults
from web.mturk.door import add, turk_pace


def add_routes(app: web.Application, door: HttpDoor) -> None:
    """Answer `POST /`; updates of Telegram that come to the same address are passed on."""
    if door.house is not None:
        other = webhook.receive_update if door.hook == "/" else None
        add(app, door.house, door.words, door.paces.get("mturk") or turk_pace(), other)


def describe_unreadable(text: str) -> dict[str, Any]:
    """Return the members of the error that a request which is no HTTP gets."""
    members: dict[str, Any] = orjson.loads(faults.unreadable(text).body)
    return members
