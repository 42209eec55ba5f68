"""The HTTP server: webhook, health, metrics, API, Mini App, dashboard, Mechanical Turk. New handlers are a
module and a line here."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from aiohttp import hdrs, web

from domain.extensions import load_parts
from web import health, metrics, webhook
from web.api import door as api
from web.dashboard import door as dashboard
from web.door import DOOR, PATIENCE, HttpDoor
from web.limits import BadRequests, ConnectionLimits, Connections, protocol_factory
from web.metrics import MONEY_FIGURES, MoneyFigures
from web.miniapp import door as miniapp
from web.requests import CONNECTIONS, limit_request

BACKLOG = 64  # connections the system accepts before we do


def build_application(door: HttpDoor, connections: Connections) -> web.Application:
    """Return the aiohttp application with the routes that the door has services for."""
    app = web.Application(client_max_size=connections.limits.body, middlewares=[limit_request])
    app[DOOR] = door
    app[CONNECTIONS] = connections
    app[MONEY_FIGURES] = MoneyFigures(door.database, door.clock)
    app.router.add_get("/healthz", health.show_health)
    app.router.add_get("/metrics", metrics.show_metrics)
    app.router.add_get("/record-key", health.show_record_key)
    if door.house is not None:
        stream = door.pages.sources.stream if door.pages is not None else None
        api.add_api(app, door.house, door.words, door.pace, stream)
        if door.pages is not None:
            miniapp.add_mini_app(app, door.house, door.pages)
            dashboard.add_dashboard(app, door.house, door.pages, door.cards)
        for part in load_parts("web"):
            part.add_routes(app, door)
    if door.hook and not _has_route(app, door.hook):  # an extension that answers there passes updates on
        app.router.add_post(door.hook, webhook.receive_update)
    for path in door.more_hooks:
        app.router.add_post(path, webhook.receive_update)
    return app


def _has_route(app: web.Application, path: str) -> bool:
    """Return whether POST requests to the path are answered already."""
    return any(route.method == hdrs.METH_POST and route.get_info().get("path") == path for route in app.router.routes())


@asynccontextmanager
async def serve(
    door: HttpDoor,
    host: str,
    port: int,
    limits: ConnectionLimits | None = None,
    *,
    listener: socket.socket | None = None,
) -> AsyncIterator[int]:
    """Serve HTTP until the block ends, on `listener` if a bound socket is given; yield the port. Raise OSError if
    the address can't be bound."""
    limits = limits or ConnectionLimits()
    bad_requests = BadRequests()
    connections = Connections(limits, bad_requests)
    options: dict[str, Any] = {"access_log": None, "logger": bad_requests.server_log(), **limits.server_options}
    runner = web.AppRunner(build_application(door, connections), shutdown_timeout=2, **options)
    await runner.setup()
    try:
        guarded_factory = connections.wrap(protocol_factory(cast(web.Server, runner.server), **options))
        address: dict[str, Any] = {"sock": listener} if listener else {"host": host, "port": port}
        server = await asyncio.get_running_loop().create_server(guarded_factory, **address, backlog=BACKLOG)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
    finally:
        async with asyncio.timeout(PATIENCE):
            await runner.cleanup()
        bad_requests.write_log()
