"""Files with personal data: readable and writable by their owner only."""

from contextlib import suppress
from pathlib import Path

OWN = 0o600
ENDINGS = ("", "-wal", "-shm", "-journal")  # of a database, and of its side files with the same rights


def make(file: Path) -> None:
    """Creates an empty private file; an existing one keeps its rights."""
    file.touch(mode=OWN)


def narrow(file: Path) -> None:
    """A database of an older version, readable by others as files then were."""
    for ending in ENDINGS:
        with suppress(FileNotFoundError, PermissionError):
            Path(f"{file}{ending}").chmod(OWN)
