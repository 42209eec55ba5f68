"""Files that jobs make for a message: a place on disk of their own, until they are sent."""

import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.moments import Moment
from storage.database import Database


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file on disk, to be deleted once it is sent. `kept`: Telegram may be asked to send the same bytes once more."""

    path: Path
    name: str
    mime: str
    kept: bool = False


Maker = Callable[[Database, dict[str, Any], Moment], Awaitable[MadeFile]]


def place(suffix: str) -> Path:
    """A new, empty file."""
    handle = tempfile.NamedTemporaryFile(prefix="pouce-", suffix=suffix, delete=False)  # noqa: SIM115 (outlives this)
    handle.close()
    return Path(handle.name)


@contextmanager
def making(suffix: str) -> Iterator[Path]:
    """The same, deleted where it is not made to the end."""
    path = place(suffix)
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def made_of(written: bytes, name: str, mime: str) -> MadeFile:
    with making(Path(name).suffix) as path:
        path.write_bytes(written)
    return MadeFile(path, name, mime)
