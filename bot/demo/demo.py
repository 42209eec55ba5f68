"""`pouce demo`: the whole product on this machine. A local Telegram, the real bot, a crowd, a real data set."""

import asyncio
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot import logs
from bot.clock import Clock, wall_clock
from bot.delivery.rate_limit import PER_SECOND, REST
from bot.demo import story
from bot.demo.summary import Summary, summarise
from bot.demo.visit import Supply, receive
from bot.running import run
from bot.schedule import SWEEPS, AnySweep
from bot.settings import read_settings
from simulator.crowd.behaviour import workers
from simulator.crowd.crowd import Crowd, Plan
from simulator.limits import Limits
from simulator.running import TOKEN, Telegram, serve

PORT = 8300
TASKS, GOLD, CROWD = 100, 10, 12
HASTE = 8.0  # the headless crowd reacts so many times faster than people
PATIENCE = 240.0  # seconds until a headless story that does not end has failed


def main(headless: bool = False) -> int:
    """Exit 0 when the story ended well, 1 when a promise was broken."""
    logs.set_up(os.environ.get("LOG_LEVEL", "WARNING"), TOKEN, "")
    with tempfile.TemporaryDirectory(prefix="pouce-demo-") as folder:
        try:
            return asyncio.run(_headless(folder) if headless else _visited(folder))
        except KeyboardInterrupt:
            return 0


@asynccontextmanager
async def house(
    folder: str,
    port: int,
    unhurried: bool = True,
    clock: Clock = wall_clock,
    sweeps: Sequence[AnySweep] = SWEEPS,
    **changes: Any,
) -> AsyncIterator[tuple[Telegram, str]]:
    """A local Telegram and the real bot on a scratch database; `unhurried`: within Telegram's limits; `changes` are
    settings."""
    async with serve(port=port, limits=Limits() if unhurried else Limits.off()) as telegram:
        url = f"sqlite:///{Path(folder) / 'pouce.db'}"
        settings = read_settings(
            _env_file=None,
            bot_token=TOKEN,
            bot_api_url=telegram.url,
            database_url=url,
            admin_ids=(story.ADMIN,),
            webhook_url="",
            open_requesters=False,
            **{"secrets_key": secrets.token_hex(), **changes},
        )
        stop = asyncio.Event()
        per_second, rest = (PER_SECOND, REST) if unhurried else (0, 0.0)
        running = asyncio.create_task(run(settings, stop, per_second=per_second, rest=rest, clock=clock, sweeps=sweeps))
        try:
            yield telegram, url
        finally:
            stop.set()
            await asyncio.wait_for(running, 20)


async def _headless(folder: str) -> int:
    began = time.monotonic()
    chosen = story.snippets(TASKS, GOLD)
    async with house(folder, 0) as (telegram, url):
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


async def _visited(folder: str) -> int:
    """Runs until Ctrl-C; the visitor has three phones and works beside the crowd."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    pages = _free_port()
    async with house(folder, _free_port(), http_port=pages, public_url=f"http://127.0.0.1:{pages}") as (telegram, _):
        visit = asyncio.create_task(receive(telegram, Supply(), lambda: _welcome(telegram.url)))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait((visit, stopped), return_when=asyncio.FIRST_COMPLETED)
        for task in (visit, stopped):
            task.cancel()
        await asyncio.wait((visit, stopped))
    if not visit.cancelled() and (problem := visit.exception()):
        raise problem
    print("\nThe demo has ended; nothing was kept.")
    return 0


def _welcome(url: str) -> None:
    print(
        f"""
  Pouce is running on this machine. Open

      {url}/#p={story.VISITOR},{story.REQUESTER},{story.ADMIN}

  On the left you are a worker: press Start, agree, and answer your first task. A crowd of twelve begins with you.
  In the middle Rosa asks: watch her progress message, press 📄 Results.
  On the right Ada runs the bot: /admin, /balance @you, /ledger.
  Ctrl-C ends it.
""",
        flush=True,
    )


def _tell(summary: Summary) -> int:
    print(summary.text())
    for broken in summary.broken:
        print(f"BROKEN: {broken}", file=sys.stderr)
    return 1 if summary.broken else 0


def _free_port() -> int:
    """The usual port where it is free, else any."""
    import socket

    with socket.socket() as probe:
        return 0 if probe.connect_ex(("127.0.0.1", PORT)) == 0 else PORT
