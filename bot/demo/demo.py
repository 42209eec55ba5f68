"""`pouce demo`: the whole product on this machine. A local Telegram, the real bot, a crowd, a real data set."""

import asyncio
import os
import secrets
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from webbrowser import BaseBrowser

from bot import logs
from bot.clock import Clock, wall_clock
from bot.delivery.rate_limit import PER_SECOND, REST
from bot.demo import story
from bot.demo.browsers import find_browser
from bot.demo.summary import Summary, summarise
from bot.demo.visit import Supply, receive
from bot.running import run
from bot.schedule import SWEEPS, AnySweep
from bot.settings import Settings, read_settings
from domain.money.wage_floors import COUNTRIES
from simulator.crowd.behaviour import workers
from simulator.crowd.crowd import Crowd, Plan
from simulator.limits import Limits
from simulator.running import TOKEN, Telegram, serve

USUAL_PORT = 8300  # of the page, where it is free
STOP_SECONDS = 20.0  # within which the bot must end
TASKS, GOLD, CROWD = 100, 10, 12
HASTE = 8.0  # the headless crowd reacts so many times faster than people
PATIENCE = 240.0  # seconds until a headless story that does not end has failed


def main(headless: bool = False, shows_browser: bool = True) -> int:
    """Return 0 when the story ended well, 1 when a promise was broken. Raises BadSetting where the bot can't start."""
    logs.set_up(os.environ.get("LOG_LEVEL", "WARNING"), TOKEN, "")
    with tempfile.TemporaryDirectory(prefix="pouce-demo-") as folder:
        try:
            return asyncio.run(_headless(folder) if headless else _visited(folder, shows_browser))
        except KeyboardInterrupt:
            return 0


@asynccontextmanager
async def house(
    folder: str,
    *,
    page: socket.socket | None = None,
    mini_app: socket.socket | None = None,
    unhurried: bool = True,
    clock: Clock = wall_clock,
    sweeps: Sequence[AnySweep] = SWEEPS,
    **changes: Any,
) -> AsyncIterator[tuple[Telegram, str]]:
    """A local Telegram and the real bot on a scratch database, until the block ends; yields the Telegram and the
    database's address. A bot that fails ends the block, and its exception is raised.

    `page` and `mini_app` are bound sockets: of Telegram's page (any free port by default), and of the bot's HTTP door
    (closed by default). `unhurried`: within Telegram's limits; `changes` are settings.
    """
    if mini_app is not None:
        port = mini_app.getsockname()[1]
        changes = {"http_port": port, "public_url": f"http://127.0.0.1:{port}", **changes}
    async with serve(limits=Limits() if unhurried else Limits.off(), listener=page) as telegram:
        url = f"sqlite:///{Path(folder) / 'pouce.db'}"
        settings = _settings(telegram, url, changes)
        stop = asyncio.Event()
        per_second, rest = (PER_SECOND, REST) if unhurried else (0, 0.0)
        pace: dict[str, Any] = {"per_second": per_second, "rest": rest, "clock": clock, "sweeps": sweeps}
        async with _at_work(run(settings, stop, listener=mini_app, **pace), stop):
            yield telegram, url


def _settings(telegram: Telegram, url: str, changes: dict[str, Any]) -> Settings:
    """The demo's settings. The wage floor is set as an operator sets it: a visitor can't look up a newer one."""
    floor = COUNTRIES["FR"].floor
    return read_settings(
        _env_file=None,
        bot_token=TOKEN,
        bot_api_url=telegram.url,
        database_url=url,
        admin_ids=(story.ADMIN,),
        webhook_url="",
        open_requesters=False,
        **{"secrets_key": secrets.token_hex(), "wage_floor_per_hour": floor, **changes},
    )


@asynccontextmanager
async def _at_work(bot: Coroutine[Any, Any, None], stop: asyncio.Event) -> AsyncIterator[None]:
    """Runs the bot beside the block and stops it afterwards. A bot that fails cancels the block; what failed is raised,
    TimeoutError where the bot does not stop."""
    try:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(bot)
            try:
                yield
            finally:
                stop.set()
                async with asyncio.timeout(STOP_SECONDS):
                    await asyncio.wait((running,))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _headless(folder: str) -> int:
    began = time.monotonic()
    chosen = story.snippets(TASKS, GOLD)
    async with house(folder) as (telegram, url):
        told = await story.prepare(telegram)
        plan = Plan(story.PLEASED, story.DISPLEASED, speed=HASTE, agree=("✅", "▶️"), ask="/work", patience=8)
        async with Crowd(telegram.url, workers(CROWD), plan) as crowd:
            await story.all_in(crowd)
            await story.launch(told, story.task_file(chosen))
            try:
                await told.requester.wait_for("is complete", PATIENCE)
            except TimeoutError:
                print("The crowd did not finish in time.", file=sys.stderr)
            await story.collect(told)
            await story.ask_balances(told, [hand.phone for hand in crowd.hands])
        summary = summarise(told, chosen, telegram, url, time.monotonic() - began)
    return _tell(summary)


async def _visited(folder: str, shows_browser: bool) -> int:
    """Runs until Ctrl-C; the visitor has three phones and works beside the crowd."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    browser = find_browser() if shows_browser else None
    with listen(USUAL_PORT) as page, listen() as mini_app:
        async with house(folder, page=page, mini_app=mini_app) as (telegram, _):
            visit = asyncio.create_task(receive(telegram, Supply(), lambda: _welcome(telegram.url, browser)))
            stopped = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait((visit, stopped), return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (visit, stopped):
                    task.cancel()
                await asyncio.wait((visit, stopped))
    if not visit.cancelled() and (problem := visit.exception()):
        raise problem
    print("\nThe demo has ended; nothing was kept.")
    return 0


def _welcome(url: str, browser: BaseBrowser | None) -> None:
    address = f"{url}/#p={story.VISITOR},{story.REQUESTER},{story.ADMIN}"
    print(
        f"""
  Pouce is running on this machine. Open

      {address}

  On the left you are a worker: press Start, agree, and answer your first task. A crowd of twelve begins with you.
  After it /tasks offers tasks that are answered on a page of their own, a Mini App.
  In the middle Rosa asks: watch her progress message, press 📄 Results.
  On the right Ada runs the bot: /admin, /balance @you, /ledger.
  Ctrl-C ends it.
""",
        flush=True,
    )
    if browser is not None:  # beside the demo: some browsers are waited for
        Thread(target=browser.open, args=(address,), daemon=True).start()


def _tell(summary: Summary) -> int:
    print(summary.text())
    for broken in summary.broken:
        print(f"BROKEN: {broken}", file=sys.stderr)
    return 1 if summary.broken else 0


def listen(port: int = 0) -> socket.socket:
    """Return a socket that listens on this machine: on `port`, or on any free one where that is taken. It listens at
    once, so that nothing else can take its port before a server accepts on it."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))
