"""Middleware of every request: its time is limited, refusals are counted, failures become a 500 and a log line."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from web.api.endpoint import ROOT
from web.limits import ConnectionLimits, Connections
from web.miniapp.root import ROOT as PAGES

CONNECTIONS = web.AppKey("connections", Connections)

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
        return _closing(400)
    try:
        async with asyncio.timeout(seconds):
            return await handler(request)
    except TimeoutError:
        return _closing(503 if request.content.is_eof() else 408)
    except web.RequestPayloadError:
        return _closing(400)
    except (web.HTTPException, ConnectionError):
        raise
    except Exception as error:
        log.error("A request failed", extra={"path": request.path}, exc_info=error)
        return _closing(500)


def _closing(status: int) -> web.Response:
    response = web.Response(status=status)
    response.force_close()
    return response


def _is_readable(request: web.Request) -> bool:
    """Whether all header bytes are UTF-8; aiohttp lets others through as surrogates."""
    try:
        b"".join(part for header in request.raw_headers for part in header).decode()
    except UnicodeDecodeError:
        return False
    return True
