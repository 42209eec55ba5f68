"""The bot as benchmarks/pipeline/whole.py runs it, with a clock in it: where the CPU time of its two threads goes.

The event loop is sampled: each time some CPU time has passed, it goes to the innermost frame of a known component. The
writer is timed at its calls of the database. SIGUSR1 begins, SIGUSR2 writes what was found, as JSON, to PROFILE_TO.
"""

import asyncio
import json
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.pipeline.whole import press_at_once
from bot import logs
from bot.running import run, settle_memory
from bot.settings import read_settings
from storage.drivers import postgresql, sqlite, writer
from storage.drivers.buffer import Buffered
from storage.drivers.sets import ByPlace

EACH = 0.002  # seconds of CPU time between two samples
# The first that the path of a frame's file contains, from the innermost frame outwards.
COMPONENTS = (
    ("/bot/transport/", "HTTP client"),
    ("/telegram/", "python-telegram-bot"),
    ("/handlers/screens/", "rendering"),
    ("/locales/", "rendering"),
    ("/handlers/payloads/", "buttons"),
    ("/handlers/", "doors and routes"),
    ("/bot/delivery/", "relay, limits, receipts"),
    ("/bot/intake/", "polling, queues of people"),
    ("/storage/", "handing transactions over"),
    ("/services/", "services in the event loop"),
    ("/jobs/", "sweeps"),
    ("/asyncio/", "event loop and sockets"),
    ("/selectors.py", "event loop and sockets"),
    ("/bot/", "the rest of the bot"),
)
CALLS = ("_all", "_one", "_changed", "_send", "_returned", "_many", "_fill", "_put", "_write", "foresee")
TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+(\w+)")


class Clock:
    """Seconds of CPU time by component."""

    def __init__(self) -> None:
        self.loop, self.calls, self.last, self.on = Counter[str](), Counter[str](), 0.0, False
        self.inside = 0.0  # calls of the database that other calls of it made
        self.writers: dict[int, float] = {}

    def begin(self, *_: object) -> None:
        self.loop.clear()
        self.calls.clear()
        self.writers = {thread: time.clock_gettime(time.pthread_getcpuclockid(thread)) for thread in self.threads()}
        self.last, self.on = time.thread_time(), True
        signal.signal(signal.SIGPROF, self.sample)
        signal.setitimer(signal.ITIMER_PROF, EACH, EACH)

    def end(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.on = False
        spent = sum(
            time.clock_gettime(time.pthread_getcpuclockid(thread)) - began for thread, began in self.writers.items()
        )
        found = {"loop": self.loop, "calls": self.calls, "writers": spent}
        Path(os.environ["PROFILE_TO"]).write_text(json.dumps(found))

    def threads(self) -> list[int]:
        return [each.ident for each in threading.enumerate() if isinstance(each, writer.WriterThread) and each.ident]

    def sample(self, number: int, frame: FrameType | None) -> None:
        now = time.thread_time()
        self.loop[_component(frame)] += now - self.last
        self.last = now

    def timed(self, kind: type[Buffered], name: str) -> None:
        """Counts the CPU time of a call of the database."""
        call: Callable[..., Any] = getattr(kind, name)

        def counted(connection: Buffered, *given: Any) -> Any:
            began, inside = time.thread_time(), self.inside
            try:
                return call(connection, *given)
            finally:
                spent = time.thread_time() - began
                if self.on:
                    self.calls[_named(name, given)] += spent - (self.inside - inside)
                self.inside = inside + spent

        setattr(kind, name, counted)


def _component(frame: FrameType | None) -> str:
    while frame is not None:
        path = frame.f_code.co_filename
        for part, name in COMPONENTS:
            if part in path:
                return name
        frame = frame.f_back
    return "other"


def _named(call: str, given: tuple[Any, ...]) -> str:
    """A statement by its verb and the first table it names."""
    told = given[0].one if given and isinstance(given[0], ByPlace) else given[0] if given else ""
    sql = told if isinstance(told, str) else ""
    table, verb = TABLE.search(sql), sql.split(None, 1)[0] if sql.strip() else call
    return f"{verb} {table[1]}" if table else verb


def main() -> None:
    clock = Clock()
    for kind in (sqlite.SQLiteConnection, postgresql.PostgreSQLConnection):
        for name in CALLS:
            if name in vars(kind):
                clock.timed(kind, name)
    signal.signal(signal.SIGUSR1, clock.begin)
    signal.signal(signal.SIGUSR2, clock.end)
    settings = read_settings(needs_token=True)
    logs.set_up_logging("ERROR", settings.bot_token, "")
    settle_memory()
    press_at_once()
    asyncio.run(run(settings, per_second=0, rest=0))


if __name__ == "__main__":
    main()
