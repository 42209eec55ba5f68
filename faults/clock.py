"""Wrong clocks: a bot reads its offset from a file, the local Telegram from here."""

import os
from pathlib import Path

from bot.clock import wall_clock
from domain.moments import Moment

ZERO = b"%20d" % 0


class Clock:
    """The bot's clock; `telegram` is the number of seconds the local Telegram is ahead."""

    def __init__(self, path: Path) -> None:
        self.path, self.telegram = path, 0.0
        if not path.exists():
            path.write_bytes(ZERO)
        self._file = os.open(path, os.O_RDONLY)

    def __call__(self) -> Moment:
        return Moment(wall_clock() + int(os.pread(self._file, len(ZERO), 0)))

    def jump(self, milliseconds: int) -> None:
        """From now on; forwards, or backwards where negative."""
        ahead = int(self.path.read_bytes()) + milliseconds
        descriptor = os.open(self.path, os.O_WRONLY)
        os.pwrite(descriptor, b"%20d" % ahead, 0)
        os.close(descriptor)
