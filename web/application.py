"""Opens the HTTP door: webhook, health, metrics, API. A new door is a module with its handlers and a line here."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from aiohttp import web

from web import health, metrics, webhook
from web.api import door as api
from web.door import DOOR, PATIENCE, HttpDoor
from web.limits import (
    BadRequests,
    ConnectionLimits,
    Connections,
    protocols,
)
from web.metrics import MONEY, Money
from web.miniapp import door as miniapp
from web.mturk import door as mturk
from web.requests import CONNECTIONS, bounded

BACKLOG = 64  # connections the system accepts before we do


def application(door: HttpDoor, connections: Connections) -> web.Application:
    app = web.Application(client_max_size=connections.limits.body, middlewares=[bounded])
    app[DOOR] = door
    app[CONNECTIONS] = connections
    app[MONEY] = Money(door.database, door.clock)
    app.router.add_get("/healthz", health.show)
    app.router.add_get("/metrics", metrics.show)
    app.router.add_get("/record-key", health.show_record_key)
    if door.house is not None:
        api.add(app, door.house, door.words, door.pace)
        if door.pages is not None:
            miniapp.add(app, door.house, door.pages)
        mturk.add(app, door.house, door.words, door.turk_pace, webhook.receive if door.hook == "/" else None)
    if door.hook and not (door.hook == "/" and door.house):
        app.router.add_post(door.hook, webhook.receive)
    return app


@asynccontextmanager
async def opened(
    door: HttpDoor,
    host: str,
    port: int,
    limits: ConnectionLimits | None = None,
    *,
    listener: socket.socket | None = None,
) -> AsyncIterator[int]:
    """Listens until the block ends, on `listener` where a bound socket is given; yields the port. Raises OSError when
    the address can't be bound."""
    limits = limits or ConnectionLimits()
    bad = BadRequests()
    connections = Connections(limits, bad)
    served: dict[str, Any] = {"access_log": None, "logger": bad.server_log(), **limits.of_server}
    runner = web.AppRunner(application(door, connections), shutdown_timeout=2, **served)
    await runner.setup()
    try:
        guarded = connections.guarded(protocols(cast(web.Server, runner.server), **served))
        place: dict[str, Any] = {"sock": listener} if listener else {"host": host, "port": port}
        listening = await asyncio.get_running_loop().create_server(guarded, **place, backlog=BACKLOG)
        try:
            yield int(listening.sockets[0].getsockname()[1])
        finally:
            listening.close()
    finally:
        async with asyncio.timeout(PATIENCE):
            await runner.cleanup()
        bad.tell()
