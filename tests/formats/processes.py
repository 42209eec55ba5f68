"""The processes that read files, as the system shows them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path


def children(parent: int) -> set[int]:
    """Those that a process has the server fork that it started."""
    there, known = _there(), servers(parent)
    return {process for process, its in there.items() if its in known}


def servers(parent: int) -> set[int]:
    """One at most, once a file was read."""
    return {process for process, its in _there().items() if its == parent}


def _there() -> dict[int, int]:
    """The parent of each process that reads files or forks those that do."""
    found = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdecimal() and b"formats.tables.fork_server" in (folder / "cmdline").read_bytes():
                words = (folder / "stat").read_text().rpartition(")")[2].split()
                found[int(folder.name)] = int(words[1])
    return found


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
    return _state(process) not in ("", "Z")


def is_stopped(process: int) -> bool:
    return _state(process) == "T"


def _state(process: int) -> str:
    """The letter that proc(5) gives; empty where there is no such process."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def environment(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()
