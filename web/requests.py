"""Middleware of every request: its time is limited, refusals are counted, failures become a 500 and a log line.

A door that knows who asks gives a request the time that files take."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from formats.errors import is_disk_full
from web.api.endpoint import ROOT, Problem
from web.limits import Connections

CONNECTIONS = web.AppKey("connections", Connections)
DEADLINE = web.RequestKey("deadline", asyncio.Timeout)

SAID = {
    400: ("unreadable", "A header is not UTF-8, or what was sent is broken."),
    408: ("too_slow", "What was sent took too long."),
    500: ("failed", "This failed here. It was not done; it may be sent again."),
    507: ("no_room", "There is no room on this server's disk. It was not done; send it again later."),
    503: ("busy", "This took too long here. It may have been done: send it again under its Idempotency-Key."),
}
log = logging.getLogger(__name__)


@web.middleware
async def bounded(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    connections = request.app[CONNECTIONS]
    with connections.request(request.transport) as last:
        try:
            response = await _answered(request, handler, connections.limits.request)
        except web.HTTPException as refused:
            connections.bad.count(str(refused.status))
            raise
        if 400 <= response.status < 500:
            connections.bad.count(str(response.status))
        if last:
            response.force_close()
        return response


def give_time(request: web.Request) -> None:
    """To whom is known: what strangers send never lasts so long."""
    deadline = request[DEADLINE]
    if not deadline.expired():
        deadline.reschedule(asyncio.get_running_loop().time() + request.app[CONNECTIONS].limits.files)


async def _answered(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]], seconds: float
) -> web.StreamResponse:
    if not _is_readable(request):
        return _closing(request, 400)
    try:
        async with asyncio.timeout(seconds) as request[DEADLINE]:
            return await handler(request)
    except TimeoutError:
        return _closing(request, 503 if request.content.is_eof() else 408)
    except web.RequestPayloadError:
        return _closing(request, 400)
    except web.HTTPException:
        raise
    except Exception as error:
        if isinstance(error, ConnectionError) and _is_left(request):
            raise
        if is_disk_full(error):
            log.error("No room on the disk for what a request needs", extra={"path": request.path})
            return _closing(request, 507)
        log.error("A request failed", extra={"path": request.path}, exc_info=error)
        return _closing(request, 500)


def _closing(request: web.Request, status: int) -> web.Response:
    """A program of the API reads why. Behind the half of an answer another would be read as its rest."""
    if request.writer.output_size:
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError("An answer that was begun is broken off")
    response = web.Response(status=status)
    if request.path.startswith(ROOT):
        response = Problem(status, *SAID[status]).response
    response.force_close()
    return response


def _is_left(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _is_readable(request: web.Request) -> bool:
    """Whether all header bytes are UTF-8; aiohttp lets others through as surrogates."""
    try:
        b"".join(part for header in request.raw_headers for part in header).decode()
    except UnicodeDecodeError:
        return False
    return True
