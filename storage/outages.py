"""How long transactions have been failing because of the database: some may get through between, as small ones do on a
full disk."""

import time
from collections.abc import Iterable
from math import inf

from storage.drivers.errors import Unavailable

GAP = 30.0  # seconds without a failure that end an outage; leases are asked for every few seconds, failing or not


class Outage:
    """Of a process: its writers tell it how what they did ended."""

    def __init__(self) -> None:
        self.since = self.last = -inf

    def see(self, errors: Iterable[BaseException | None]) -> None:
        if any(isinstance(error, Unavailable) for error in errors):
            self.add()

    def add(self, at: float | None = None) -> None:
        """A failure, on the monotonic clock."""
        at = time.monotonic() if at is None else at
        if at - self.last > GAP:
            self.since = at
        self.last = at

    def seconds(self, now: float | None = None) -> float:
        """0 where none goes on."""
        now = time.monotonic() if now is None else now
        return now - self.since if now - self.last <= GAP else 0.0
