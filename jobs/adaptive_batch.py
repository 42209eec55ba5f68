"""Adaptive batch size: smaller where a step takes long, so that concurrent answers do not wait."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

QUICK, SLOW = 0.004, 0.008  # seconds in the writer, without the commit, of one step: it may grow, it must shrink
LEAST = 10  # of the most that is done at a time, one part in so many is done at least


class AdaptiveBatch:
    """`size` is the number of items of the next step."""

    def __init__(self, most: int) -> None:
        self.most, self.size = most, max(1, most // 4)

    @contextmanager
    def step(self) -> Iterator[None]:
        """Around one step, inside its transaction: its time decides on the next."""
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        if took < QUICK:
            self.size = min(self.most, 2 * self.size)
        elif took > SLOW:
            self.size = max(1, self.most // LEAST, self.size // 2)
