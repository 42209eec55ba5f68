"""Processes that read files, as their parent sees them: forked by a server that is started with the first file."""

from __future__ import annotations

import asyncio
import atexit
import os
import socket
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, Popen

ROOT = str(Path(__file__).resolve().parents[2])
LOW = 5  # niceness: a third of the claim, since results of an ended project wait for a refit
FIRST = 1000  # to be ended where the system has no memory left


def module_path() -> str:
    """Where our own modules are found; a child does not look for site-packages again (`-S`), which takes as long as
    it takes Python to start."""
    return os.pathsep.join([ROOT, *filter(os.path.isdir, sys.path)])


def stand_back() -> None:
    """Where Linux shares processors among sessions first (autogroup), a niceness is one of the session's."""
    with suppress(OSError):
        os.nice(LOW)
    for name, value in (("autogroup", LOW), ("oom_score_adj", FIRST)):
        with suppress(OSError), open(f"/proc/self/{name}", "w") as file:
            file.write(str(value))


LINE = 1 << 20  # bytes of the longest line a process may say
TRIES = 2  # a server may end just when it is asked


class ReadingProcesses:
    """Asked in event loops of one thread."""

    def __init__(self) -> None:
        self.server: Popen[bytes] | None = None
        self._asking: socket.socket | None = None

    @asynccontextmanager
    async def begun(self, files: Sequence[int]) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
        """A new process that has these open files, and a line to it; it has ended when the block has."""
        life, talk = await self._forked(files)
        try:
            reader, writer = await asyncio.open_unix_connection(sock=talk, limit=LINE)
            try:
                yield reader, writer
            finally:
                writer.transport.abort()
        finally:
            await _end(life)

    async def _forked(self, files: Sequence[int]) -> tuple[socket.socket, socket.socket]:
        """Return LIFE and TALK of a new process. Raise OSError if none begins. A caller that is cancelled meanwhile
        goes on when the process that it asked for has ended."""
        for _ in range(TRIES):
            (life, its_life), (talk, its_talk) = socket.socketpair(), socket.socketpair()
            life.setblocking(False)
            with ExitStack() as given_up:
                given_up.enter_context(life)
                given_up.enter_context(talk)
                with its_life, its_talk:
                    asked = self._ask([its_life.fileno(), its_talk.fileno(), *files])
                server = self.server
                if asked and await _has_begun(life):
                    given_up.pop_all()
                    return life, talk
            if self.server is server:
                self.end()
        raise OSError("no process begins that reads a file")

    def _ask(self, files: Sequence[int]) -> bool:
        with suppress(BrokenPipeError, ConnectionResetError):
            return socket.send_fds(self._asking or self._start(), [b"."], files) > 0
        return False

    def _start(self) -> socket.socket:
        """It gets nothing of ours: no settings, no connection, no terminal. What a library prints of a file is lost."""
        self._asking, its = socket.socketpair()
        with its:
            self.server = Popen(  # noqa: S603 (a module of ours)
                (sys.executable, "-S", "-m", "formats.tables.fork_server", str(its.fileno())),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=DEVNULL,
                pass_fds=[its.fileno()],
                start_new_session=True,
                env={"PYTHONPATH": module_path(), "PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1"},
            )
        return self._asking

    def end(self) -> None:
        """Of the server, and with it of every process."""
        if self._asking is not None and self.server is not None:
            self._asking.close()
            self.server.kill()
            self.server.wait()
        self._asking = self.server = None


async def _has_begun(life: socket.socket) -> bool:
    """Return whether the process that was asked for begins; False where the server has ended."""
    try:
        return bool(await asyncio.get_running_loop().sock_recv(life, 1))
    except asyncio.CancelledError:  # the server forks it nevertheless, perhaps later
        await _end(life)
        raise


async def _end(life: socket.socket) -> None:
    """Kills the process, if it is still there, and waits until it is not; one that was not forked yet ends first."""
    with life:
        with suppress(OSError):  # it has ended
            life.shutdown(socket.SHUT_WR)
        while await asyncio.get_running_loop().sock_recv(life, 1):
            pass


processes = ReadingProcesses()
atexit.register(processes.end)
