"""Runs the real program with faults built in: `python -m faults.bots NAME…`."""

import sys

from bot.__main__ import main
from faults.broken_bots import BROKEN
from faults.quick_bots import is_quick
from faults.struck_bots import STRUCK

BOTS = {bot.__name__: bot for bot in (*BROKEN, *STRUCK, is_quick)}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        BOTS[name]()
    sys.exit(main(["run"]))
