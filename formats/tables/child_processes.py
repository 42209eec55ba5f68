"""What our processes beside the bot have in common: where they find modules, and that answers come first."""

import os
import sys
from contextlib import suppress
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])
LOW = 5  # niceness: a third of the claim, since results of an ended project wait for a refit
FIRST = 1000  # to be ended where the system has no memory left


def module_path() -> str:
    """Where our own modules are found; a child does not look for site-packages again (`-S`), which takes as long as
    it takes Python to start."""
    return os.pathsep.join([ROOT, *filter(os.path.isdir, sys.path)])


def stand_back() -> None:
    """Where Linux shares processors among sessions first (autogroup), a niceness is one of the session's."""
    with suppress(OSError):
        os.nice(LOW)
    for name, value in (("autogroup", LOW), ("oom_score_adj", FIRST)):
        with suppress(OSError), open(f"/proc/self/{name}", "w") as file:
            file.write(str(value))
