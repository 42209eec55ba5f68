"""What other processes commit is heard at once where the server tells it; whoever looks now and then needs no ear."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

import psycopg

from storage.dialects import CHANNEL, PostgreSQL, PostgreSQLConnection, Unavailable

PATIENCE = 1.0  # seconds between two looks at whether this is to end, and before a lost connection is opened again


class Hearing(threading.Thread):
    """Listens on a connection of its own until told to end."""

    def __init__(self, dialect: PostgreSQL, loop: asyncio.AbstractEventLoop, heard: Callable[[set[str]], None]) -> None:
        super().__init__(name="hearing", daemon=True)
        self.dialect, self.loop, self.heard = dialect, loop, heard
        self.ending = threading.Event()

    def run(self) -> None:
        while not self.ending.is_set():
            try:
                self._listen()
            except psycopg.errors.FeatureNotSupported:
                return
            except (psycopg.Error, Unavailable):
                self.ending.wait(PATIENCE)

    def end(self) -> None:
        self.ending.set()

    def _listen(self) -> None:
        connection = self.dialect.open(read_only=True)
        assert isinstance(connection, PostgreSQLConnection)  # noqa: S101 (tells the type checker)
        try:
            connection.changed(f"LISTEN {CHANNEL}")
            while not self.ending.is_set():
                for told in connection.driver.notifies(timeout=PATIENCE, stop_after=1):
                    with suppress(RuntimeError):  # the loop has ended; nobody is left to be told
                        self.loop.call_soon_threadsafe(self.heard, {told.payload})
        finally:
            connection.close()
