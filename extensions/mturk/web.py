"""The HTTP routes of the Mechanical Turk interface."""

from typing import Any

import orjson
from aiohttp import web

from web import webhook
from web.door import HttpDoor
from web.miniapp.door import MINI_APP
from web.mturk import faults
from web.mturk.door import add, turk_pace
from web.mturk.frames import Frames


def add_routes(app: web.Application, door: HttpDoor) -> None:
    """Answer `POST /`, and pass on the updates of Telegram that come there; show requesters' pages in the Mini App, if
    there is one."""
    if door.house is not None:
        other = webhook.receive_update if door.hook == "/" else None
        add(app, door.house, door.words, door.paces.get("mturk") or turk_pace(), other)
    if MINI_APP in app:
        mini_app = app[MINI_APP]
        pages = mini_app.pages
        Frames(mini_app.house, mini_app.files, pages.frames, pages.worded, mini_app.pace).add_to(app)


def describe_unreadable(text: str) -> dict[str, Any]:
    """Return the members of the error that a request which is no HTTP gets."""
    members: dict[str, Any] = orjson.loads(faults.unreadable(text).body)
    return members
