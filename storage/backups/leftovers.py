"""Files and folders of backups and restores under way; those that a killed process left behind are deleted."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage import private_files

RESTORING = ".pouce-restore-"
_LEFTOVER = re.compile(r"\..+\.[0-9a-f]{8}\.part|" + re.escape(RESTORING) + r"\w+")


@contextmanager
def under_way(path: Path) -> Iterator[None]:
    """Lock the file or folder until the block ends, so that no other backup takes it for a leftover. The lock ends
    with the process. It is shared: the file's maker may hold a lock of its own on it
    (bot/cli/recorded_files.py)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def delete_leftovers(folder: Path) -> None:
    """Delete what killed backups and restores left in the folder; what another process is writing stays."""
    for path in list(folder.iterdir()):
        if _LEFTOVER.fullmatch(path.name) and not path.is_symlink():
            with suppress(OSError):
                _delete_unless_locked(path)


def _delete_unless_locked(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises BlockingIOError where it is under way
        if path.is_dir():
            shutil.rmtree(path)
        else:
            for ending in private_files.ENDINGS:
                Path(f"{path}{ending}").unlink(missing_ok=True)
    finally:
        os.close(handle)
