"""Opens the HTTP door: webhook, health, metrics."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from web import health, metrics, webhook
from web.door import DOOR, PATIENCE, Door
from web.money import MONEY, Money

LARGEST = 1024 * 1024  # bytes of a body


def application(door: Door) -> web.Application:
    app = web.Application(client_max_size=LARGEST)
    app[DOOR] = door
    app[MONEY] = Money(door.database, door.clock)
    app.router.add_get("/healthz", health.show)
    app.router.add_get("/metrics", metrics.show)
    if door.hook:
        app.router.add_post(door.hook, webhook.receive)
    return app


@asynccontextmanager
async def opened(door: Door, host: str, port: int) -> AsyncIterator[int]:
    """Listens until the block ends; gives the port. OSError when it can't."""
    runner = web.AppRunner(application(door), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        async with asyncio.timeout(PATIENCE):
            await runner.cleanup()
