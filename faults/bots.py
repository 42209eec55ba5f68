"""Runs the real program with faults built in: `python -m faults.bots NAME…`."""

import sys
from collections.abc import Sequence

from bot.__main__ import main
from faults.broken_bots import BROKEN
from faults.quick_bots import is_quick
from faults.struck_bots import STRUCK

BOTS = {bot.__name__: bot for bot in (*BROKEN, *STRUCK, is_quick)}


def run(names: Sequence[str], command: str = "run") -> int:
    for name in names:
        BOTS[name]()
    return main([command])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
