"""Middleware of every request: its time is limited, refusals are counted, failures become a 500 and a log line.

Handlers that have authenticated the sender give the request the time that files take."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from formats.errors import is_disk_full
from web.api.endpoint import ROOT, Problem
from web.limits import Connections

CONNECTIONS = web.AppKey("connections", Connections)
DEADLINE = web.RequestKey("deadline", asyncio.Timeout)

PROBLEMS_BY_STATUS = {
    400: ("unreadable", "A header is not UTF-8, or what was sent is broken."),
    408: ("too_slow", "What was sent took too long."),
    500: ("failed", "This failed here. It was not done; it may be sent again."),
    507: ("no_room", "There is no room on this server's disk. It was not done; send it again later."),
    503: ("busy", "This took too long here. It may have been done: send it again under its Idempotency-Key."),
}
log = logging.getLogger(__name__)


@web.middleware
async def limit_request(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer a request within its time, count refusals, and close the connection if it has lived for too long."""
    connections = request.app[CONNECTIONS]
    with connections.track_request(request.transport) as is_last:
        try:
            response = await _respond(request, handler, connections.limits.request)
        except web.HTTPException as error:
            connections.bad_requests.count(str(error.status))
            raise
        if 400 <= response.status < 500:
            connections.bad_requests.count(str(response.status))
        if is_last:
            response.force_close()
        return response


def extend_deadline(request: web.Request) -> None:
    """Give the request the time that files take. Call it only for authenticated senders: requests of strangers
    never last so long."""
    deadline = request[DEADLINE]
    if not deadline.expired():
        deadline.reschedule(asyncio.get_running_loop().time() + request.app[CONNECTIONS].limits.files)


async def _respond(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]], seconds: float
) -> web.StreamResponse:
    """Return the handler's response, or 400, 408, 500, 503 or 507 for requests that cannot be read, take too long
    or fail. Raise ConnectionError if the sender has left."""
    if not _is_readable(request):
        return _closing_response(request, 400)
    try:
        async with asyncio.timeout(seconds) as request[DEADLINE]:
            return await handler(request)
    except TimeoutError:
        return _closing_response(request, 503 if request.content.is_eof() else 408)
    except web.RequestPayloadError:
        return _closing_response(request, 400)
    except web.HTTPException:
        raise
    except Exception as error:
        if isinstance(error, ConnectionError) and _is_disconnected(request):
            raise
        if is_disk_full(error):
            log.error("No room on the disk for what a request needs", extra={"path": request.path})
            return _closing_response(request, 507)
        log.error("A request failed", extra={"path": request.path}, exc_info=error)
        return _closing_response(request, 500)


def _closing_response(request: web.Request, status: int) -> web.Response:
    """Return the response of a request that failed, a problem document under the API's path; the connection is
    closed after it. Raise ConnectionResetError, and abort the connection, if an answer was begun: another one would
    be read as its rest."""
    if request.writer.output_size:
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError("An answer that was begun is broken off")
    response = web.Response(status=status)
    if request.path.startswith(ROOT):
        response = Problem(status, *PROBLEMS_BY_STATUS[status]).response
    response.force_close()
    return response


def _is_disconnected(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _is_readable(request: web.Request) -> bool:
    """Return whether all header bytes are UTF-8; aiohttp lets others through as surrogates."""
    try:
        b"".join(part for header in request.raw_headers for part in header).decode()
    except UnicodeDecodeError:
        return False
    return True
