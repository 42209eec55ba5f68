"""Commits of other processes: received by LISTEN/NOTIFY where the server has it, else by polling."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

import psycopg

from storage.drivers.dialects import CHANNEL, PostgreSQL, Unavailable

OFTEN = 0.05  # seconds between two polls where the server has no NOTIFY
PATIENCE = 1.0  # seconds between two looks at whether this is to end, and before a lost connection is opened again


class NotificationListener(threading.Thread):
    """Listens on its own connection until it is stopped."""

    def __init__(
        self, dialect: PostgreSQL, loop: asyncio.AbstractEventLoop, on_signals: Callable[[set[str]], None]
    ) -> None:
        super().__init__(name="notifications", daemon=True)
        self.dialect, self.loop, self.on_signals = dialect, loop, on_signals
        self.ending = threading.Event()

    def run(self) -> None:
        while not self.ending.is_set():
            try:
                self._listen()
            except psycopg.errors.FeatureNotSupported:
                self._poll()
            except (psycopg.Error, Unavailable):
                self.ending.wait(PATIENCE)

    def _poll(self) -> None:
        """Polls a server without notifications."""
        while not self.ending.wait(OFTEN):
            self._signal({"outbox", "elsewhere"})

    def _signal(self, signals: set[str]) -> None:
        with suppress(RuntimeError):  # the event loop has ended
            self.loop.call_soon_threadsafe(self.on_signals, signals)

    def end(self) -> None:
        self.ending.set()

    def _listen(self) -> None:
        connection = self.dialect.open(read_only=True)
        try:
            connection.changed(f"LISTEN {CHANNEL}")
            while not self.ending.is_set():
                for notification in connection.driver.notifies(timeout=PATIENCE, stop_after=1):
                    self._signal({notification.payload})
        finally:
            connection.close()
