"""The only module that reads the system clock."""

import time
from collections.abc import Callable

from domain.moments import Moment

Clock = Callable[[], Moment]


def wall_clock() -> Moment:
    """The present, by the system clock. Commands read it through this module, so that tests can set it."""
    return Moment(time.time_ns() // 1_000_000)
