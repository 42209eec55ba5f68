"""`pouce demo`: the whole product on this machine. A local Telegram, the real bot, a crowd, a real data set."""

import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
import tempfile
import time
import webbrowser
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from webbrowser import BaseBrowser

from bot import logs
from bot.clock import Clock, wall_clock
from bot.delivery.rate_limit import PER_SECOND, REST
from bot.demo import story
from bot.demo.story import Summary, summarise
from bot.running import run
from bot.settings import Settings, read_settings
from bot.sweeps import SWEEPS, AnySweep
from domain.money.pricing import COUNTRIES
from simulator.crowd.behaviour import workers
from simulator.crowd.client import ControlRefusal, Phone, buttons_of, text_of
from simulator.crowd.crowd import CrowdPlan, ScriptedCrowd
from simulator.limits import Limits
from simulator.running import TOKEN, Telegram, serve
from simulator.values import Json

TERMINAL_BROWSERS = ("www-browser", "links", "elinks", "lynx", "w3m")  # would take the terminal that shows the address


def find_browser() -> webbrowser.BaseBrowser | None:
    """Return the browser that this system opens addresses with; None where there is none with a window of its own."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return None
    return None if Path(browser.name).name in TERMINAL_BROWSERS else browser


MAX_VISITORS = 3  # people beside the crowd for whom every check question is kept
OVERLAP = 3  # answers a task, as the caption says
PAGES_DEPOSIT = 10  # euros, for the Mini App's tasks
REST_SECONDS = 10.0  # of a project that lacks a reserve, in which the visitor may add it before Rosa does
START_CHECK_SECONDS = 0.2  # seconds between two checks for a visitor's Start

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Supply:
    """The demo's amounts: `tasks` and `gold` of each part, `pages`: tasks for the Mini App, `crowd`: its people;
    `deposit` (euros) pays a part, `speed` is the crowd's."""

    tasks: int = 240
    gold: int = 24
    pages: int = 40
    crowd: int = 12
    deposit: int = 60
    speed: float = 1.5
    patience: float = 30.0

    @property
    def gold_answers(self) -> int:
        """Answers to a check question: more than the crowd has people, so that visitors meet some."""
        return self.crowd + MAX_VISITORS

    @property
    def answers(self) -> int:
        """The crowd's answers until the next part is launched: fewer than a part asks for."""
        return self.tasks * OVERLAP


async def serve_visitor(telegram: Telegram, supply: Supply, ready: Callable[[], None]) -> None:
    """Run the story for a visitor until cancelled; `ready` is called when the visitor can come."""
    the_story = await story.prepare_house(telegram)
    visitor = await telegram.phone("You", id=story.VISITOR, username="you", role="worker")
    parts = story.snippet_parts(supply.tasks, supply.gold)
    await story.launch_project(the_story, story.task_file(next(parts), supply.gold_answers))
    ready()
    await _wait_for_visitor(telegram)
    plan = CrowdPlan(
        story.PLEASED,
        story.DISPLEASED,
        speed=supply.speed,
        agree=("✅", "▶️"),
        ask="/work",
        leave=story.LEAVE_PROJECT,
        patience=supply.patience,
    )
    one_launch = asyncio.Lock()  # Rosa's phone can follow one launch at a time
    async with ScriptedCrowd(telegram.url, workers(supply.crowd), plan) as crowd, asyncio.TaskGroup() as group:
        group.create_task(_offer_pages(the_story, visitor, supply.pages, one_launch))
        group.create_task(_add_reserves(the_story, one_launch))
        for number, part in enumerate(parts, 2):
            await crowd.until(supply.answers * (number - 1), timeout=None)
            async with one_launch:
                await _launch_further(
                    the_story, story.task_file(part, supply.gold_answers), story.part_caption(number), supply.deposit
                )


async def _wait_for_visitor(telegram: Telegram) -> None:
    """Wait until the visitor, or a person added on the page, presses Start."""
    staff = (story.ADMIN, story.REQUESTER)
    while not any(person.started for person in telegram.people if person.id not in staff):  # noqa: ASYNC110 - no event
        await asyncio.sleep(START_CHECK_SECONDS)


async def _offer_pages(the_story: story.Story, visitor: Phone, tasks: int, one_launch: asyncio.Lock) -> None:
    """Launch a project for the Mini App once the visitor has a second task: the first one shall come in the chat."""
    first_text = text_of(await visitor.wait_for_button(story.PLEASED, None))
    options = (story.PLEASED, story.DISPLEASED)
    await visitor.wait_for(
        lambda message: text_of(message) != first_text and any(b["text"] in options for b in buttons_of(message)), None
    )
    async with one_launch:
        await _launch_further(the_story, story.page_file(tasks), story.PAGE_CAPTION, PAGES_DEPOSIT)


async def _add_reserves(the_story: story.Story, one_launch: asyncio.Lock) -> None:
    """Add the reserve of each project that rests because answers take long: a visitor who reads slowly, or a slow
    machine, would end the demo's work."""
    messages = asyncio.Queue[Json]()
    the_story.requester.listeners.append(messages.put_nowait)
    while True:
        message = await messages.get()
        if story.ADD_RESERVE in (button["text"] for button in buttons_of(message)):
            await asyncio.sleep(REST_SECONDS)
            async with one_launch:
                with suppress(ControlRefusal):  # the visitor did
                    await the_story.requester.press(story.ADD_RESERVE, on=message)


async def _launch_further(the_story: story.Story, content: bytes, caption: str, deposit: int) -> None:
    """Launch a further project. The visitor uses these phones too: if a step fails because of that, log it; the next
    launch comes anyway."""
    try:
        await story.record_deposit(the_story, deposit)
        await story.launch_project(the_story, content, caption)
    except (TimeoutError, LookupError) as error:
        log.warning("A further project could not be launched", extra={"reason": type(error).__name__})


PAGE_PORT = 8300  # of the page, where it is free
STOP_SECONDS = 20.0  # within which the bot must end
TASKS, GOLD, CROWD = 100, 10, 12
CROWD_SPEED = 8.0  # the headless crowd reacts so many times faster than people
CROWD_SECONDS = 240.0  # seconds until a headless story that does not end has failed


def main(headless: bool = False, shows_browser: bool = True) -> int:
    """Run the demo. Return 0 when the story ended well, 1 when a promise was broken. Raise BadSetting if the bot
    can't start."""
    logs.set_up_logging(os.environ.get("LOG_LEVEL", "WARNING"), TOKEN, "")
    with tempfile.TemporaryDirectory(prefix="pouce-demo-") as folder:
        try:
            return asyncio.run(_run_headless(folder) if headless else _run_for_visitor(folder, shows_browser))
        except KeyboardInterrupt:
            return 0


@asynccontextmanager
async def running_house(
    folder: str,
    *,
    page: socket.socket | None = None,
    mini_app: socket.socket | None = None,
    unhurried: bool = True,
    clock: Clock = wall_clock,
    sweeps: Sequence[AnySweep] = SWEEPS,
    **changes: Any,
) -> AsyncIterator[tuple[Telegram, str]]:
    """Context manager: a local Telegram and the real bot on a scratch database; yields the Telegram and the
    database's address. A bot that fails ends the block, and its exception is raised.

    `page` and `mini_app` are bound sockets: of Telegram's page (any free port by default), and of the bot's HTTP
    server (closed by default). `unhurried`: within Telegram's limits; `changes` are settings."""
    if mini_app is not None:
        port = mini_app.getsockname()[1]
        changes = {"http_port": port, "public_url": f"http://127.0.0.1:{port}", **changes}
    async with serve(limits=Limits() if unhurried else Limits.off(), listener=page) as telegram:
        url = f"sqlite:///{Path(folder) / 'pouce.db'}"
        settings = _settings(telegram, url, changes)
        stop = asyncio.Event()
        per_second, rest = (PER_SECOND, REST) if unhurried else (0, 0.0)
        pace: dict[str, Any] = {"per_second": per_second, "rest": rest, "clock": clock, "sweeps": sweeps}
        async with _running_bot(run(settings, stop, listener=mini_app, **pace), stop):
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
        payer_name="Pouce demo",
        payer_iban="FR1420041010050500013M02606",  # an example's: the demo pays nobody
        payer_bic="PSSTFRPPXXX",
        payment_provider_token="284685063:TEST:local",  # noqa: S106 - the local Telegram plays the provider
        **{"secrets_key": secrets.token_hex(), "wage_floor_per_hour": floor, **changes},
    )


@asynccontextmanager
async def _running_bot(bot: Coroutine[Any, Any, None], stop: asyncio.Event) -> AsyncIterator[None]:
    """Context manager: run the bot beside the block and stop it afterwards. A bot that fails cancels the block; the
    failure is raised, TimeoutError if the bot does not stop."""
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


async def _run_headless(folder: str) -> int:
    """Run the story to its end and print its summary; return 1 if a promise was broken, else 0."""
    began = time.monotonic()
    chosen = story.choose_snippets(TASKS, GOLD)
    async with running_house(folder) as (telegram, url):
        the_story = await story.prepare_house(telegram)
        plan = CrowdPlan(story.PLEASED, story.DISPLEASED, speed=CROWD_SPEED, agree=("✅", "▶️"), ask="/work", patience=8)
        async with ScriptedCrowd(telegram.url, workers(CROWD), plan) as crowd:
            await story.wait_for_crowd(crowd)
            await story.launch_project(the_story, story.task_file(chosen))
            try:
                await the_story.requester.wait_for("is complete", CROWD_SECONDS)
            except TimeoutError:
                print("The crowd did not finish in time.", file=sys.stderr)
            await story.collect_files(the_story)
            await story.ask_balances(the_story, [hand.phone for hand in crowd.hands])
        summary = summarise(the_story, chosen, telegram, url, time.monotonic() - began)
    return _print_summary(summary)


async def _run_for_visitor(folder: str, shows_browser: bool) -> int:
    """Run the demo until Ctrl-C; the visitor has three phones and works beside the crowd. Raise what ended the
    story."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    browser = find_browser() if shows_browser else None
    with listen_on(PAGE_PORT) as page, listen_on() as mini_app:
        async with running_house(folder, page=page, mini_app=mini_app) as (telegram, _):
            visit = asyncio.create_task(
                serve_visitor(telegram, Supply(), lambda: _print_welcome(telegram.url, browser))
            )
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


def _print_welcome(url: str, browser: BaseBrowser | None) -> None:
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


def _print_summary(summary: Summary) -> int:
    print(summary.text())
    for broken in summary.broken:
        print(f"BROKEN: {broken}", file=sys.stderr)
    return 1 if summary.broken else 0


def listen_on(port: int = 0) -> socket.socket:
    """Return a socket that listens on this machine: on `port`, or on any free one where that is taken. It listens at
    once, so that nothing else can take its port before a server accepts on it."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError:
        return socket.create_server(("127.0.0.1", 0))
