"""What a long computation has freed goes back to the system."""

import ctypes
import subprocess
import sys

import pytest

from jobs.computing import MIN_ANSWERS_TRIMMED

# Freed pieces below one that stays: the C library keeps them all.
FREED = """
import asyncio, sys, psutil
from jobs.computing import return_freed_memory

pieces = [bytes(1_000 + number % 7) for number in range(40_000)]
last = bytes(1_000)
pieces.clear()
before = psutil.Process().memory_info().rss
asyncio.run(return_freed_memory(int(sys.argv[1])))
print((before - psutil.Process().memory_info().rss) >> 20)
"""


def given_back(answers: int) -> int:
    """Megabytes, of forty."""
    run = (sys.executable, "-c", FREED, str(answers))
    return int(subprocess.run(run, env={"PYTHONMALLOC": "malloc"}, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="another C library")
def test_freed_memory_goes_back_after_many_answers_and_stays_after_few():
    assert given_back(MIN_ANSWERS_TRIMMED) > 30
    assert given_back(MIN_ANSWERS_TRIMMED - 1) < 10
