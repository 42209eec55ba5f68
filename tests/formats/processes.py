"""The processes that read files, as the system shows them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path


def children(parent: int) -> set[int]:
    """Those of a process."""
    return {
        int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdecimal() and _reads(folder, parent)
    }


def _reads(process: Path, parent: int) -> bool:
    with suppress(OSError):
        words = (process / "stat").read_text().rpartition(")")[2].split()
        return int(words[1]) == parent and b"formats.tables.child" in (process / "cmdline").read_bytes()
    return False


async def begun(parent: int) -> int:
    """One that reads a file, as soon as there is one."""
    async with asyncio.timeout(60):
        while not (found := children(parent)):  # noqa: ASYNC110 - the system tells nobody
            await asyncio.sleep(0.005)
    return found.pop()


async def gone(process: int) -> None:
    """Returns when the process has ended."""
    async with asyncio.timeout(60):
        while is_there(process):  # noqa: ASYNC110 - a process that is nobody's child tells nobody
            await asyncio.sleep(0.01)


def is_there(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def environment(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()
