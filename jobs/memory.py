"""Memory that a long computation has freed goes back to the system."""

import asyncio
import ctypes
from contextlib import suppress

LARGE = 10_000  # answers; fewer leave little


async def give_back(answers: int) -> None:
    """Where the C library keeps freed memory for itself: glibc does, in pieces, 64 MB of a million answers."""
    if answers >= LARGE:
        with suppress(OSError, AttributeError):
            await asyncio.to_thread(ctypes.CDLL(None).malloc_trim, 0)
