"""A stop that signals ask for: a clean one, within three seconds."""

import asyncio
import logging
import os
import signal
from threading import Timer

STOP_SECONDS = 2.8  # docs/operations.md promises three

log = logging.getLogger(__name__)


def _end_now() -> None:
    """Ends as kill -9 does, which loses nothing: what was begun is begun again at the next start."""
    log.warning("The stop took too long; what was under way is left to the next start")
    os._exit(0)


def set_by_signals() -> asyncio.Event:
    """Return an event that the first signal sets: it asks for a clean stop. The process ends STOP_SECONDS later at the
    latest, whatever its threads and its database are at; the second signal ends it at once."""
    stop = asyncio.Event()

    def heard() -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()
        last = Timer(STOP_SECONDS, _end_now)
        last.daemon = True
        last.start()

    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, heard)
    return stop
