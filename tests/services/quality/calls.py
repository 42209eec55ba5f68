"""What tests have computed in a process of its own, which imports this module."""

import os
import signal
from pathlib import Path

from domain.refusals import BadInput


def number_of_process() -> int:
    return os.getpid()


def divide(by: int) -> float:
    return 1 / by


def refuse() -> None:
    raise BadInput(what="number", value="x", expected=["number"])  # no pickle makes it again


def end_it() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def end_once(mark: Path) -> int:
    """The number of the process that is asked again."""
    if not mark.exists():
        mark.touch()
        end_it()
    return os.getpid()


def claims() -> tuple[int, str]:
    """Its niceness, and how soon it is ended where there is no memory left."""
    with open("/proc/self/oom_score_adj") as score:
        return os.nice(0), score.read().strip()
