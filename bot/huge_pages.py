"""What stays in memory is gathered into huge pages: an answer touches many small objects all over the heap, and each of
their pages has to be looked up. With 2 MB a page the processor remembers where all of them are."""

import asyncio
import ctypes
import logging
from collections.abc import Iterator
from contextlib import suppress
from mmap import PAGESIZE
from pathlib import Path

EARLY, EACH = 10.0, 60.0  # seconds from the start to the first time, and from one time to the next
MOSTLY = 0.9  # the share of a huge page that has to be in memory already: what was given back stays away
COLLAPSE = 25  # MADV_COLLAPSE, since Linux 6.1
SETTINGS = Path("/sys/kernel/mm/transparent_hugepage")

log = logging.getLogger(__name__)


async def keep_gathering() -> None:
    """Until cancelled. Memory is moved by the system while other threads go on, some tenths of a millisecond a page."""
    pause = EARLY
    while size := huge_page():
        await asyncio.sleep(pause)
        pause = EACH
        with suppress(OSError, AttributeError):
            log.debug("Memory is gathered", extra={"pages": await asyncio.to_thread(gather, size)})


def huge_page() -> int:
    """Its bytes; 0 where the system has none, or its operator wants none."""
    with suppress(OSError, ValueError):
        if "[never]" not in (SETTINGS / "enabled").read_text():
            return int((SETTINGS / "hpage_pmd_size").read_text())
    return 0


def gather(size: int) -> int:
    """How many huge pages there are now, of memory that is mostly there."""
    libc = ctypes.CDLL(None)
    advise, gathered = libc.madvise, 0
    advise.argtypes = (ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int)
    for begin, end in _private():
        first = -(-begin // size) * size
        there = _resident(libc, first, (end - first) // size * size)
        for at in range(0, len(there), size // PAGESIZE):
            lacking = there.count(0, at, at + size // PAGESIZE)
            if lacking * PAGESIZE <= (1 - MOSTLY) * size:
                gathered += advise(first + at * PAGESIZE, size, COLLAPSE) == 0
    return gathered


def _private() -> Iterator[tuple[int, int]]:
    """Begin and end of each part of memory that belongs to no file and is written to."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, access, _, _, _, *name = line.split(maxsplit=5)
        if access == "rw-p" and name in ([], ["[heap]"]):
            begin, end = place.split("-")
            yield int(begin, 16), int(end, 16)


def _resident(libc: ctypes.CDLL, begin: int, length: int) -> bytes:
    """A byte for each small page: 0 where it is not in memory. Empty where there is no such part of memory any more."""
    if length <= 0:
        return b""
    found = ctypes.create_string_buffer(length // PAGESIZE)
    known = libc.mincore(ctypes.c_size_t(begin), ctypes.c_size_t(length), found) == 0
    return found.raw if known else b""
