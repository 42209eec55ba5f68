"""Starts the local Telegram in this process, on a port of its own."""

import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from aiohttp import web

from simulator.control import Control, answer_refusals
from simulator.crowd.client import Phone, Switchboard
from simulator.faults import Faults
from simulator.limits import Limits
from simulator.media.files import MAX_UPLOAD_BYTES
from simulator.server import Server, routes
from simulator.stats import CallStats
from simulator.updating.webhook import WebhookDelivery
from simulator.values import Clock, PhoneOwner
from simulator.world import Bot, World

PAGE = Path(__file__).with_name("page")
TOKEN = "1000001:local-telegram"  # noqa: S105 - opens nothing but a server on this machine


@dataclass(slots=True)
class Telegram:
    """A running local Telegram: where it listens and what goes on in it. `others` are further bots at the same address,
    each with chats of its own; who joins at several with one id is one person."""

    url: str
    token: str
    world: World
    switchboard: Switchboard
    others: tuple["Telegram", ...] = ()

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
    bots: int = 1,
) -> AsyncIterator[Telegram]:
    """Serve until the block ends; port 0 takes a free one. Everything is kept in memory.

    `listener` is a bound socket to serve on instead of `host` and `port`; it is closed at the end. Each of several
    `bots` has limits and chats of its own: its token's number, and its username, tell it from the first."""
    servers = []
    for place in range(bots):
        bot_token = token if not place else f"{_bot_id(token) + place}:{token.partition(':')[2]}"
        bot = Bot(_bot_id(bot_token), f"{username[:-4]}{place + 1}_bot" if place else username, {"": first_name})
        world = World(bot, limits or Limits(), clock, seed)
        webhook = WebhookDelivery(world.updates, world.faults, clock, pause=webhook_pause)
        servers.append(Server(bot_token, world, webhook))
    app = application(*servers)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await (web.SockSite(runner, listener) if listener else web.TCPSite(runner, host, port)).start()
        url = f"http://{host}:{runner.addresses[0][1]}"
        async with AsyncExitStack() as stack:
            boards = [await stack.enter_async_context(Switchboard(url + root_of(s, servers[0]))) for s in servers]
            first, *others = (Telegram(url, s.token, s.world, board) for s, board in zip(servers, boards, strict=True))
            first.others = tuple(others)
            yield first
    finally:
        for server in servers:
            await server.webhook.stop()
            server.world.updates.interrupt("terminated by a shutdown")
            server.world.live.end()
        await runner.cleanup()


def root_of(server: Server, first: Server) -> str:
    """Return the path under which a bot's control API is: `/bots/ID` for all but the first."""
    return "" if server is first else f"/bots/{server.world.bot.id}"


def _bot_id(token: str) -> int:
    head = token.split(":")[0]
    return int(head) if head.isdigit() else 1_000_001


def application(*servers: Server) -> web.Application:
    """Return the Bot API of all bots, their control APIs and the page, on one port."""
    app = web.Application(middlewares=[answer_refusals], client_max_size=MAX_UPLOAD_BYTES + 1024 * 1024)
    app.add_routes(routes(servers))
    for server in servers:
        for route in Control(server.world, server.phones, server.token).routes():
            app.router.add_route(route.method, root_of(server, servers[0]) + route.path, route.handler)
    app.add_routes([web.get("/", _index)])
    if PAGE.is_dir():
        app.add_routes([web.static("/page", PAGE)])
    return app


async def _index(request: web.Request) -> web.StreamResponse:
    if not (PAGE / "index.html").is_file():
        raise web.HTTPNotFound(text="The page is not installed; the control API is under /sim.")
    return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})
