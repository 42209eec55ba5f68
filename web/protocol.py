"""What cannot be read as HTTP is refused before its address is known, in JSON that programs of each door read."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import web

from web.api import problems
from web.api.problems import Problem
from web.mturk import faults

SAID = "This is no HTTP that can be read here. A body comes as it is, or with Content-Encoding: gzip or deflate."


class Protocol(web.RequestHandler):
    """aiohttp's, which answers what it cannot read with a line of text and names packages to install."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        refused = super().handle_error(request, status, exc, message)
        return unreadable(status) if 400 <= status < 500 else refused


def unreadable(status: int) -> web.Response:
    """A problem document of the API that is an error of Mechanical Turk's as well."""
    said = orjson.loads(Problem(status, "unreadable", SAID).body) | orjson.loads(faults.unreadable(SAID).body)
    response = web.Response(status=status, body=orjson.dumps(said), content_type=problems.TYPE)
    response.force_close()
    return response


def protocols(server: web.Server, **told: Any) -> Callable[[], Protocol]:
    """Makes a connection's protocol, `told` what aiohttp's server would tell its own."""
    return lambda: Protocol(server, loop=asyncio.get_running_loop(), **told)
