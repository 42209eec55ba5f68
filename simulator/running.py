"""Starts the local Telegram in this process, on a port of its own."""

import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from aiohttp import web

from simulator.control import Control, answer_refusals
from simulator.crowd.client import Phone, Switchboard
from simulator.faults import Faults
from simulator.limits import Limits
from simulator.media.files import MAX_UPLOAD_BYTES
from simulator.server import Server
from simulator.stats import CallStats
from simulator.updating.webhook import WebhookDelivery
from simulator.values import Clock, PhoneOwner
from simulator.world import Bot, World

PAGE = Path(__file__).with_name("page")
TOKEN = "1000001:local-telegram"  # noqa: S105 - opens nothing but a server on this machine


@dataclass(slots=True)
class Telegram:
    """A running local Telegram: where it listens and what goes on in it."""

    url: str
    token: str
    world: World
    switchboard: Switchboard

    @property
    def people(self) -> list[PhoneOwner]:
        return list(self.world.people.values())

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def stats(self) -> CallStats:
        return self.world.stats

    async def phone(self, first_name: str, **details: object) -> Phone:
        """Add a person and return their phone; details as in POST /sim/people."""
        return await self.switchboard.join(first_name, **details)


def fresh_token() -> str:
    """Return a token for this server alone: a bot that another run left behind, whose server had the same port, is
    refused."""
    return f"{TOKEN.split(':')[0]}:{token_hex(16)}"


@asynccontextmanager
async def serve(
    token: str = TOKEN,
    host: str = "127.0.0.1",
    port: int = 0,
    limits: Limits | None = None,
    *,
    clock: Clock = time.time,
    seed: int = 0,
    first_name: str = "Pouce",
    username: str = "pouce_bot",
    webhook_pause: float = 0.5,
    listener: socket.socket | None = None,
) -> AsyncIterator[Telegram]:
    """Serve until the block ends; port 0 takes a free one. Everything is kept in memory.

    `listener` is a bound socket to serve on instead of `host` and `port`; it is closed at the end."""
    bot = Bot(_bot_id(token), username, {"": first_name})
    world = World(bot, limits or Limits(), clock, seed)
    webhook = WebhookDelivery(world.updates, world.faults, clock, pause=webhook_pause)
    runner = web.AppRunner(
        application(token, world, webhook), handler_cancellation=True, access_log=None, shutdown_timeout=1
    )
    await runner.setup()
    try:
        await (web.SockSite(runner, listener) if listener else web.TCPSite(runner, host, port)).start()
        url = f"http://{host}:{runner.addresses[0][1]}"
        async with Switchboard(url) as switchboard:
            yield Telegram(url, token, world, switchboard)
    finally:
        await webhook.stop()
        world.updates.interrupt("terminated by a shutdown")
        world.live.end()
        await runner.cleanup()


def _bot_id(token: str) -> int:
    head = token.split(":")[0]
    return int(head) if head.isdigit() else 1_000_001


def application(token: str, world: World, webhook: WebhookDelivery) -> web.Application:
    """Return the Bot API, the control API and the page, on one port."""
    server = Server(token, world, webhook)
    app = web.Application(middlewares=[answer_refusals], client_max_size=MAX_UPLOAD_BYTES + 1024 * 1024)
    app.add_routes(server.routes())
    app.add_routes(Control(world, server.phones, token).routes())
    app.add_routes([web.get("/", _index)])
    if PAGE.is_dir():
        app.add_routes([web.static("/page", PAGE)])
    return app


async def _index(request: web.Request) -> web.StreamResponse:
    if not (PAGE / "index.html").is_file():
        raise web.HTTPNotFound(text="The page is not installed; the control API is under /sim.")
    return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})
