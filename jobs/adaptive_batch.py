"""Adaptive batch size: smaller where a step takes long, most of all beside others, so that answers do not wait."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

QUICK, SLOW = 0.004, 0.008  # seconds in the writer, without the commit, of one step: it may grow, it must shrink
BESIDE = 0.5  # of these seconds, while others commit, too
SINCE = 1.0  # seconds after another's commit for which they are thought to go on
LEAST = 10  # of the most that is done at a time, one part in so many is done at least


class AdaptiveBatch:
    """`size` is the number of items of the next step; `commits()` are those of all, a step's own among them; `clock()`
    are seconds. With `finest` one part in so many is enough while others commit, and at first, before it is known
    whether they do."""

    def __init__(
        self,
        most: int,
        commits: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
        finest: int | None = None,
    ) -> None:
        self.most, self.finest, self.size = most, finest, max(1, most // (finest or 4))
        self._commits, self._clock, self._seen, self._beside = commits, clock, commits(), 0.0

    @contextmanager
    def step(self) -> Iterator[None]:
        """Around one step, inside its transaction: its time decides on the next."""
        began = self._clock()
        yield
        took = self._clock() - began
        self._look(began)
        share, parts = (BESIDE, self.finest or LEAST) if began < self._beside else (1.0, LEAST)
        if took < QUICK * share:
            self.size = min(self.most, 2 * self.size)
        elif took > SLOW * share:
            self.size = max(1, self.most // parts, self.size // 2)

    def _look(self, now: float) -> None:
        """Since the last step more was committed than that step itself."""
        before, self._seen = self._seen, self._commits()
        if self._seen > before + 1:
            self._beside = now + SINCE
