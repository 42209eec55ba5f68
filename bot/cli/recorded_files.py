"""Files that go with a row: laid beside their place before the commit, put there after it.

A process that ends between the two leaves the file beside its place; the next call finishes it, or removes it where
the row was never committed. The maker holds a lock on its file, so that nobody takes it away meanwhile.
"""

import fcntl
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from storage.backups.backup import check_place, in_place, keep


@contextmanager
def beside(file: Path, what: str, mark: str, source: Path) -> Iterator[Path]:
    """A copy of `source`, complete and on the disk. The row is known by `what` it is, a word, and its `mark`: letters,
    digits, hyphens."""
    check_place(file)
    waiting = file.with_name(f".{file.name}.{what}.{mark}.recorded")
    with ExitStack() as held:
        with in_place(waiting) as part:
            out = held.enter_context(part.open("wb"))
            fcntl.flock(out, fcntl.LOCK_SH)
            with source.open("rb") as read:
                shutil.copyfileobj(read, out)
            out.flush()
        yield waiting


def put(waiting: Path, file: Path) -> None:
    waiting.replace(file)
    keep(file.parent)


def finished(file: Path, what: str, is_recorded: Callable[[str], bool]) -> bool:
    """Whether a file was put in its place that an earlier call for the same had left."""
    named = re.compile(rf"{re.escape(f'.{file.name}.{what}.')}([0-9A-Za-z-]+)\.recorded")
    left = [each for each in file.parent.glob(".*.recorded") if named.fullmatch(each.name)]
    done = False
    for each in sorted(left):
        with suppress(FileNotFoundError):  # its maker has put it in its place
            done |= _settled(each, file, is_recorded)
    return done


def _settled(waiting: Path, file: Path, is_recorded: Callable[[str], bool]) -> bool:
    with waiting.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False  # its maker lives
        if not is_recorded(waiting.name.split(".")[-2]):
            waiting.unlink()
            return False
        put(waiting, file)
        return True
