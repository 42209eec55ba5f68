"""The Mechanical Turk interface: `POST /` with X-Amz-Target, signed by AWS Signature Version 4, in JSON 1.1.

An operation is a line in `operations/<what>.py`: its name, what a key must be allowed to, the service, and how what
the service returns is written. Inputs are checked by `model.json`, the shapes of Amazon's own model; a service gets
them by the names of its parameters: `MaxResults` is `max_results`. Errors: faults.py and domain/hits.py. The
contract, with every difference from Amazon's: docs/reference/mturk-differences.md.
"""

from typing import Any

import orjson
from aiohttp import web

from extensions.mturk.web import faults
from extensions.mturk.web.door import add_operations, build_turk_pace
from extensions.mturk.web.frames import Frames
from web import webhook
from web.door import HttpDoor
from web.miniapp.door import MINI_APP


def add_routes(app: web.Application, door: HttpDoor) -> None:
    """Answer `POST /`, and pass on the updates of Telegram that come there; show requesters' pages in the Mini App, if
    there is one."""
    if door.house is not None:
        fallback = webhook.receive_update if door.hook == "/" else None
        add_operations(app, door.house, door.words, door.paces.get("mturk") or build_turk_pace(), fallback)
    if MINI_APP in app:
        mini_app = app[MINI_APP]
        pages = mini_app.pages
        Frames(mini_app.house, mini_app.files, pages.frames, pages.worded, mini_app.pace).add_to(app)


def describe_unreadable(text: str) -> dict[str, Any]:
    """Return the members of the error that a request which is no HTTP gets."""
    members: dict[str, Any] = orjson.loads(faults.unreadable(text).body)
    return members
