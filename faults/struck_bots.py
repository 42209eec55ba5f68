"""Bots with a fault injected at a named point. They must keep every promise.

`FAULT_PASSES` is how often the point is passed before the process dies there; `FAULT_CLOCK` the file of a clock.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from bot import running
from bot.cluster.election import Leadership
from bot.delivery.attempts import Attempts, Outcome, OutcomeKind
from faults.clock import Clock
from storage.boxes.outbox import Letter
from storage.boxes.receiving import Receiving
from storage.database import Database
from storage.drivers.rows import Handed


def _death() -> Callable[[], None]:
    passes, last = count(1), int(os.environ.get("FAULT_PASSES", "1"))

    def dies() -> None:
        if next(passes) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    return dies


def dies_before_the_offset() -> None:
    """Dies after updates are committed to the inbox and before the offset moves."""
    dies, whole = _death(), Receiving.__call__

    async def receives(self: Receiving, updates: Iterable[dict[str, Any]]) -> None:
        await whole(self, updates)
        dies()

    Receiving.__call__ = receives  # type: ignore[method-assign]


def dies_before_it_sends() -> None:
    """Dies after an effect and its letter are committed and before the letter is sent: as soon as a commit is durable
    that signalled letters, or hands some over."""
    dies, whole = _death(), Database._dispatch_signals

    def signalled(self: Database, signals: set[str], handed: Sequence[Handed] = ()) -> None:
        if "outbox" in signals or any(each.signal == "outbox" for each in handed):
            dies()
        whole(self, signals, handed)

    Database._dispatch_signals = signalled  # type: ignore[method-assign]


def dies_before_it_marks() -> None:
    """Telegram has taken a letter; its row still waits."""
    dies, whole = _death(), Attempts.__call__

    async def sends(self: Attempts, letter: Letter) -> Outcome:
        outcome = await whole(self, letter)
        if outcome.verdict is OutcomeKind.SENT:
            dies()
        return outcome

    Attempts.__call__ = sends  # type: ignore[method-assign]


def reads_another_clock() -> None:
    """Reads the clock from a file."""
    running.run = partial(running.run, clock=Clock(Path(os.environ["FAULT_CLOCK"])))


def leads_whoever_else_does() -> None:
    """Ignores leases: receivers, relays and schedulers run concurrently."""

    async def gain(self: Leadership) -> None:
        self.valid_until = float("inf")

    async def keep(self: Leadership) -> None:
        await asyncio.Event().wait()

    Leadership.gain, Leadership.keep = gain, keep  # type: ignore[method-assign]
    Leadership.fence = lambda self, unit: None  # type: ignore[method-assign]


STRUCK = (
    dies_before_the_offset,
    dies_before_it_sends,
    dies_before_it_marks,
    reads_another_clock,
    leads_whoever_else_does,
)
