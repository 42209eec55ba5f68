"""Middleware of every request: its time is limited, refusals are counted, failures become a 500 and a log line."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from web.api.endpoint import ROOT
from web.api.problems import Problem
from web.limits import ConnectionLimits, Connections
from web.miniapp.root import ROOT as PAGES

CONNECTIONS = web.AppKey("connections", Connections)

SAID = {
    400: ("unreadable", "A header is not UTF-8, or what was sent is broken."),
    408: ("too_slow", "What was sent took too long."),
    500: ("failed", "This failed here. It was not done; it may be sent again."),
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
            response = await _answered(request, handler, _seconds(request, connections.limits))
        except web.HTTPException as refused:
            connections.bad.count(str(refused.status))
            raise
        if 400 <= response.status < 500:
            connections.bad.count(str(response.status))
        if last:
            response.force_close()
        return response


def _seconds(request: web.Request, limits: ConnectionLimits) -> float:
    return limits.files if request.path.startswith((ROOT, PAGES)) else limits.request


async def _answered(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]], seconds: float
) -> web.StreamResponse:
    if not _is_readable(request):
        return _closing(request, 400)
    try:
        async with asyncio.timeout(seconds):
            return await handler(request)
    except TimeoutError:
        return _closing(request, 503 if request.content.is_eof() else 408)
    except web.RequestPayloadError:
        return _closing(request, 400)
    except (web.HTTPException, ConnectionError):
        raise
    except Exception as error:
        log.error("A request failed", extra={"path": request.path}, exc_info=error)
        return _closing(request, 500)


def _closing(request: web.Request, status: int) -> web.Response:
    """A program of the API reads why."""
    response = web.Response(status=status)
    if request.path.startswith(ROOT):
        response = Problem(status, *SAID[status]).response
    response.force_close()
    return response


def _is_readable(request: web.Request) -> bool:
    """Whether all header bytes are UTF-8; aiohttp lets others through as surrogates."""
    try:
        b"".join(part for header in request.raw_headers for part in header).decode()
    except UnicodeDecodeError:
        return False
    return True
